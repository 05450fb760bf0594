// RunningGateway and the car: decisions, settings that go through to the EV unit, live samples.
#include <fmt/format.h>

#include <algorithm>

#include "sim/gateway/ev_registers.hpp"
#include "sim/gateway/running_gateway.hpp"

namespace v2x::gateway {
namespace {

constexpr size_t kDetailBytes = 120;  // telemetry.proto, Event.detail

}  // namespace

/// Once in a round of polls, when the meter's and the EV unit's answers are of the same moment: what the car takes must
/// not be counted as the house's. Without the other's answer the decision is made all the same.
void RunningGateway::manage_energy_after(const Unit& polled, Time now) {
  const auto awaited = [&](const Unit& other) {
    const bool is_fresh = other.last_good && now - *other.last_good < kSameMoment;
    return !is_fresh && other.reader.answers_by(now + kSameMoment);
  };
  const UnitKind kind = polled.reader.unit().kind;
  for (Unit& ev : units_) {
    if (ev.reader.unit().kind != UnitKind::ev_pcs || (kind == UnitKind::ev_pcs && &ev != &polled)) continue;
    if (kind == UnitKind::pv_pcs || (kind == UnitKind::meter && awaited(ev))) continue;
    const bool meter_awaited = std::any_of(units_.begin(), units_.end(), [&](const Unit& unit) {
      return unit.reader.unit().kind == UnitKind::meter && awaited(unit);
    });
    if (kind == UnitKind::meter || !meter_awaited) manage_energy(ev, now);
  }
}

EnergyInputs RunningGateway::energy_inputs(const Unit& ev, Time now) const {
  const Readings& readings = ev.known;
  EnergyInputs inputs;
  inputs.now = now;
  inputs.clock = clock(now);
  if (ev.last_good) inputs.ev_age = now - *ev.last_good;
  inputs.plugged = readings.word<Plug>(Reading::plug).value_or(Plug::unplugged) != Plug::unplugged;
  inputs.fault = faults_.stopped(ev.reader.unit().unit_no);
  inputs.grid_lost = grid_lost();
  inputs.contact_closed = contact_closed_;
  inputs.soc_pct = readings[Reading::soc_pct];
  inputs.v2h_min_pct = readings[Reading::min_soc_pct].value_or(inputs.v2h_min_pct);
  inputs.v2h_max_pct = readings[Reading::max_soc_pct].value_or(inputs.v2h_max_pct);
  inputs.ev_w = -readings[Reading::ac_w].value_or(0);
  for (const Unit& unit : units_) {
    if (unit.reader.unit().kind != UnitKind::meter || !unit.last_good) continue;
    inputs.meter_age = now - *unit.last_good;
    inputs.grid_w = unit.known[Reading::ac_w].value_or(0);
  }
  return inputs;
}

/// Whether the poll was good or not: the decision and its repetition rest on what was known last (G1: 30 s).
void RunningGateway::manage_energy(Unit& ev, Time now) {
  if (mode_is_over(energy_inputs(ev, now), settings_.values)) end_mode(now);
  command_ = decide(energy_inputs(ev, now), settings_.values, ev.memory);
  reason_ = command_ ? command_->reason : "comms";
  const core::RegisterMap& map = *ev.reader.unit().map;
  if (command_ && !has_methods(map)) command_ = as_fixed_power(*command_, energy_inputs(ev, now));
  if (command_) bound_charge(ev);
  if (!command_ || !ev.schedule.due(now, *command_)) return;
  auto writes = grid_lost() ? encode_both(map, *command_, settings_.values) : encode_command(map, *command_);  // G3
  if (writes.empty()) return;
  ev.reader.write(WritePurpose::command, std::move(writes));
  ev.schedule.written(now, *command_);
}

/// In island the unit charges the car with what PV has left over, without a command: only this bound holds it.
void RunningGateway::bound_charge(Unit& ev) {
  const double bound_w = charge_bound_w(settings_.values, grid_lost());
  if (ev.charge_bound_w == bound_w) return;
  ev.charge_bound_w = bound_w;
  auto writes = encode_charge_bound(*ev.reader.unit().map, bound_w);
  if (!writes.empty()) ev.reader.write(WritePurpose::charge_bound, std::move(writes));
}

void RunningGateway::set_contact_input(Time now, bool closed) {
  contact_closed_ = closed;
  if (ev_ != nullptr) manage_energy(*ev_, now);
}

/// What somebody changed at the unit itself is the setting from now on.
void RunningGateway::adopt_settings(Unit& ev, Time now, std::vector<telemetry::Event>& events) {
  const Readings& readings = ev.reader.readings();
  EnergySettings found = settings_.values;
  found.outage_mode = readings.word<OutageMode>(Reading::outage_mode).value_or(found.outage_mode);
  found.outage_floor_pct = readings[Reading::outage_floor_pct].value_or(found.outage_floor_pct);
  change_settings(now, found, fmt::format("at {}", ev.reader.unit().name), events);
}

void RunningGateway::change_settings(Time now, const EnergySettings& wanted, std::string_view by,
                                     std::vector<telemetry::Event>& events) {
  std::string detail(by);
  for (const auto& [name, value] : changed_settings(settings_.values, wanted))
    detail += fmt::format(" {}={}", name, value);
  if (wanted == settings_.values) return;
  settings_ = {wanted, settings_.revision + 1};
  detail.resize(std::min(detail.size(), kDetailBytes));
  add_event(events, now, telemetry::EVENT_KIND_SETTINGS_CHANGED, 0).set_detail(detail);
}

void RunningGateway::end_mode(Time now) {
  EnergySettings wanted = settings_.values;
  wanted.mode = wanted.mode_before;
  std::vector<telemetry::Event> events;
  change_settings(now, wanted, "over:", events);
  record(now, events);
}

bool RunningGateway::keep_settings(Time now, const EnergySettings& wanted, std::uint64_t command_id) {
  const KeptSettings before = settings_;
  std::vector<telemetry::Event> events;
  change_settings(now, wanted, fmt::format("by command {}", command_id), events);
  if (record(now, events)) return true;
  settings_ = before;
  return false;
}

/// Through to the unit: what it keeps for an outage, and what the energy manager decides with these settings.
std::optional<std::uint64_t> RunningGateway::write_settings(Time now, const EnergySettings& wanted) {
  EnergyMemory memory = ev_->memory;
  const core::RegisterMap& map = *ev_->reader.unit().map;
  auto command = decide(energy_inputs(*ev_, now), wanted, memory);
  if (command && !has_methods(map)) command = as_fixed_power(*command, energy_inputs(*ev_, now));
  auto writes = command ? encode_both(map, *command, wanted) : encode_outage(map, wanted);
  if (writes.empty()) return std::nullopt;
  return ev_->reader.write(WritePurpose::settings, std::move(writes));
}

/// While somebody watches, the units are asked as often as live samples are wanted.
void RunningGateway::set_poll_periods(Time now) {
  for (Unit& unit : units_) {
    const Duration usual = poll_period_of(unit.reader.unit().kind);
    unit.reader.set_period(live_.on() ? std::min(usual, live_.period()) : usual, now);
  }
}

/// Made as a minute's sample is, of the newest answers; one that is too old is none.
void RunningGateway::show_live(Time now) {
  Aggregator view(config_.units);
  view.restore_counters(aggregator_.counters_text());
  for (size_t i = 0; i < units_.size(); ++i) {
    const Unit& unit = units_[i];
    const bool fresh = is_fresh(unit, now);
    view.on_poll(i, now, fresh ? PollQuality::good : PollQuality::no_answer, fresh ? unit.known : Readings());
  }
  telemetry::Sample sample;
  view.close_period(clock(now) - live_.period(), live_.period(), sample);
  session_.show(sample);
  live_.shown(now);
  if (!live_.on()) set_poll_periods(now);
}

}  // namespace v2x::gateway
