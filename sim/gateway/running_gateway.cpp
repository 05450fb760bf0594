#include "sim/gateway/running_gateway.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "common/log.hpp"
#include "common/random.hpp"
#include "sim/gateway/ev_registers.hpp"

namespace v2x::gateway {
namespace {

using Progress = UnitReader::Progress;

std::int64_t to_ms(Time t) {
  return std::chrono::floor<std::chrono::milliseconds>(t).time_since_epoch().count();
}

telemetry::Event& add_event(std::vector<telemetry::Event>& events, Time now, telemetry::EventKind kind,
                            std::uint32_t unit_no) {
  telemetry::Event& event = events.emplace_back();
  event.set_time_ms(to_ms(now));
  event.set_kind(kind);
  event.set_unit_no(unit_no);
  return event;
}

constexpr size_t kDetailBytes = 120;  // telemetry.proto, Event.detail

/// "" when there is none.
std::string name_of_ev(const GatewayConfig& config) {
  for (const GatewayUnit& unit : config.units)
    if (unit.kind == UnitKind::ev_pcs) return unit.name;
  return {};
}

std::string_view word(telemetry::BootReason reason) {
  return reason == telemetry::BOOT_REASON_POWER_ON ? "power on" : "reboot";
}

}  // namespace

RunningGateway::RunningGateway(const GatewayConfig& config, const GatewayPorts& ports,
                               const contracts::FaultCatalogue& catalogue, std::uint64_t seed)
    : config_(config),
      spool_(ports.spool),
      aggregator_(config.units),
      faults_(catalogue),
      inventory_(config.units),
      session_({config.report_period, config.reply_timeout}, ports.spool, ports.uplink, uplink_handlers()),
      settings_{config.energy},
      desk_(settings_, name_of_ev(config), command_acts()) {
  for (size_t i = 0; i < config.units.size(); ++i)
    units_.emplace_back(config.units[i], *ports.buses[i], timing_of(config.units[i], i, seed));
  for (Unit& unit : units_)
    if (ev_ == nullptr && unit.reader.unit().kind == UnitKind::ev_pcs) ev_ = &unit;
  restore();
}

UplinkSession::Handlers RunningGateway::uplink_handlers() {
  UplinkSession::Handlers handlers;
  handlers.fill_hello = [this](Time now, telemetry::Hello& hello) {
    hello.set_model(config_.model);
    hello.set_serial(config_.serial);
    hello.set_firmware(config_.firmware);
    hello.set_clock_ms(to_ms(now));
    hello.set_settings_revision(settings_.revision);
    inventory_.fill(*hello.mutable_units());
  };
  handlers.on_command = [this](Time now, const telemetry::Command& command) {
    desk_.take(now, session_.service_time(now), command);
  };
  return handlers;
}

CommandDesk::Acts RunningGateway::command_acts() {
  CommandDesk::Acts acts;
  acts.read_unit = [this](Time now) { ev_->reader.poll_now(now); };
  acts.write_unit = [this](Time now, const EnergySettings& wanted) { write_settings(now, wanted); };
  acts.keep = [this](Time now, const EnergySettings& wanted, std::uint64_t id) {
    return keep_settings(now, wanted, id);
  };
  acts.go_live = [this](Time now, Duration period, Duration lasts) {
    live_.start(now, period, lasts);
    set_poll_periods(now);
  };
  acts.report = [this](Time now, const telemetry::CommandResult& result) { session_.report(now, result); };
  return acts;
}

Duration RunningGateway::poll_period_of(UnitKind kind) const {
  const PollSettings& poll = config_.poll;
  return kind == UnitKind::meter ? poll.meter_period : kind == UnitKind::ev_pcs ? poll.ev_period : poll.pv_period;
}

UnitReader::Timing RunningGateway::timing_of(const GatewayUnit& unit, size_t index, std::uint64_t seed) const {
  const double share = random_uniform({seed, config_.id, "poll offset"}, index);
  const auto offset =
      std::chrono::milliseconds(static_cast<std::int64_t>(share * (kStagger / std::chrono::milliseconds(1))));
  return {poll_period_of(unit.kind), offset, unit.longest_wait + config_.poll.request_timeout, config_.poll.retries};
}

void RunningGateway::restore() {
  aggregator_.restore_counters(spool_.state("counters"));
  faults_.restore(spool_.state("faults"));
  vehicles_.restore(spool_.state("vehicles"));
  inventory_.restore(spool_.state("inventory"));
  restore_settings(spool_.state("settings"), settings_.values);
  if (const std::string revision = spool_.state("settings_revision"); !revision.empty())
    settings_.revision = std::stoull(revision);
  desk_.log().restore(spool_.state("commands"));
  dropped_known_ = spool_.dropped();
  for (Unit& unit : units_) {
    const GatewayUnit& known = unit.reader.unit();
    unit.link = LinkWatch(faults_.active(known.unit_no, link_fault_code(known.kind)));
  }
}

void RunningGateway::boot(Time now, telemetry::BootReason reason) {
  boot_reason_ = reason;
  begin_period(now);
  std::vector<telemetry::Event> events;
  add_event(events, now, telemetry::EVENT_KIND_BOOT, 0).set_detail(std::string(word(reason)));
  record(now, events);
  for (Unit& unit : units_) unit.reader.start(now);
  wake(now);
}

void RunningGateway::on_connected(Time now) {
  session_.connected(now, boot_reason_);
  boot_reason_ = telemetry::BOOT_REASON_RECONNECT;
}

Time RunningGateway::next_wake() const {
  Time next = period_end_ + kSettle;
  for (const Unit& unit : units_)
    if (const auto wake = unit.reader.next_wake()) next = std::min(next, *wake);
  for (const auto& wake : {session_.next_wake(), desk_.next_wake(), live_.next_wake()})
    if (wake) next = std::min(next, *wake);
  return next;
}

void RunningGateway::wake(Time now) {
  for (size_t i = 0; i < units_.size(); ++i) {
    UnitReader& reader = units_[i].reader;
    for (auto due = reader.next_wake(); due && *due <= now; due = reader.next_wake())
      on_progress(i, reader.wake(now), now);
  }
  if (period_is_over(now)) close_period(now);
  desk_.wake(now);
  if (live_.due(now)) show_live(now);
  session_.wake(now);
}

void RunningGateway::on_reply(size_t index, Time now) {
  on_progress(index, units_[index].reader.on_reply(now), now);
  UnitReader& reader = units_[index].reader;
  for (auto due = reader.next_wake(); due && *due <= now; due = reader.next_wake())
    on_progress(index, reader.wake(now), now);
  if (period_is_over(now)) close_period(now);
}

void RunningGateway::on_progress(size_t index, Progress progress, Time now) {
  switch (progress) {
    case Progress::nothing:
      return;
    case Progress::identified:
      return on_identified(index, now);
    case Progress::polled:
      return on_polled(index, now);
    case Progress::written:
      return on_written(index, now);
  }
}

void RunningGateway::on_identified(size_t index, Time now) {
  if (inventory_.identified(index, units_[index].reader.identity())) aggregator_.unit_replaced(index);
  if (!inventory_.take_change()) return;
  std::vector<telemetry::Event> events;
  inventory_.fill(*add_event(events, now, telemetry::EVENT_KIND_UNITS_CHANGED, 0).mutable_units());
  record(now, events);
}

void RunningGateway::on_polled(size_t index, Time now) {
  Unit& unit = units_[index];
  const UnitReader& reader = unit.reader;
  const std::uint32_t unit_no = reader.unit().unit_no;
  aggregator_.on_poll(index, now, reader.quality(), reader.readings());
  if (reader.quality() == PollQuality::good) {
    unit.last_good = now;
    unit.known = reader.readings();
    if (!reader.identity()) unit.reader.identify_again();
  }
  std::vector<telemetry::Event> events;
  const bool was_lost = grid_lost();
  watch_link(unit, now, events);
  faults_.on_poll(to_ms(now), unit_no, reader.readings(), events);
  watch_grid(was_lost, now, events);
  vehicles_.on_poll(to_ms(now), unit_no, reader.readings(), events);
  if (&unit == ev_) adopt_settings(unit, now, events);
  if (!events.empty()) record(now, events);
  if (&unit == ev_) desk_.on_polled(now, reader.poll_answer());
  manage_energy_after(unit, now);
}

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

void RunningGateway::on_written(size_t index, Time now) {
  Unit& unit = units_[index];
  const UnitAnswer answer = unit.reader.write_answer();
  const bool settings = unit.reader.written() == WritePurpose::settings;
  if (settings || !answer.accepted()) unit.schedule.failed();  // what the unit holds is not what was decided
  if (settings) desk_.on_written(now, answer);
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
void RunningGateway::write_settings(Time now, const EnergySettings& wanted) {
  EnergyMemory memory = ev_->memory;
  const core::RegisterMap& map = *ev_->reader.unit().map;
  const auto command = decide(energy_inputs(*ev_, now), wanted, memory);
  auto writes = command ? encode_both(map, *command, wanted) : encode_outage(map, wanted);
  if (writes.empty()) return desk_.on_written(now, {true, 0});  // a map without such points has nothing to refuse
  ev_->reader.write(WritePurpose::settings, std::move(writes));
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
    const bool fresh = unit.last_good && now - *unit.last_good <= 2 * poll_period_of(unit.reader.unit().kind);
    view.on_poll(i, now, fresh ? PollQuality::good : PollQuality::no_answer, fresh ? unit.known : Readings());
  }
  telemetry::Sample sample;
  view.close_period(now - live_.period(), live_.period(), sample);
  session_.show(sample);
  live_.shown(now);
  if (!live_.on()) set_poll_periods(now);
}

void RunningGateway::watch_link(Unit& unit, Time now, std::vector<telemetry::Event>& events) {
  const LinkWatch::Change change = unit.link.on_poll(now, unit.reader.quality());
  if (change == LinkWatch::Change::none) return;
  const bool down = change == LinkWatch::Change::down;
  const GatewayUnit& known = unit.reader.unit();
  faults_.set(to_ms(now), known.unit_no, link_fault_code(known.kind), down, "", events);
  add_event(events, now, down ? telemetry::EVENT_KIND_UNIT_LINK_DOWN : telemetry::EVENT_KIND_UNIT_LINK_UP,
            known.unit_no);
  if (!down) unit.reader.identify_again();  // it may be another device now
}

void RunningGateway::watch_grid(bool was_lost, Time now, std::vector<telemetry::Event>& events) {
  if (grid_lost() == was_lost) return;
  add_event(events, now, was_lost ? telemetry::EVENT_KIND_GRID_RESTORED : telemetry::EVENT_KIND_GRID_LOST, 0);
}

EnergyInputs RunningGateway::energy_inputs(const Unit& ev, Time now) const {
  const Readings& readings = ev.known;
  EnergyInputs inputs;
  inputs.now = now;
  if (ev.last_good) inputs.ev_age = now - *ev.last_good;
  inputs.plugged = readings.word<Plug>(Reading::plug).value_or(Plug::unplugged) != Plug::unplugged;
  inputs.fault = faults_.stopped(ev.reader.unit().unit_no);
  inputs.grid_lost = grid_lost();
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
  if (!command_ || !ev.schedule.due(now, *command_)) return;
  const core::RegisterMap& map = *ev.reader.unit().map;
  auto writes = grid_lost() ? encode_both(map, *command_, settings_.values) : encode_command(map, *command_);  // G3
  if (writes.empty()) return;
  ev.reader.write(WritePurpose::command, std::move(writes));
  ev.schedule.written(now, *command_);
}

int RunningGateway::units_answering() const {
  return static_cast<int>(std::count_if(units_.begin(), units_.end(), [](const Unit& unit) {
    return unit.last_good && unit.reader.quality() == PollQuality::good;
  }));
}

bool RunningGateway::period_is_over(Time now) const {
  if (now < period_end_) return false;
  if (now >= period_end_ + kSettle) return true;
  return std::all_of(units_.begin(), units_.end(),
                     [&](const Unit& unit) { return unit.reader.polled_for() >= period_end_; });
}

void RunningGateway::begin_period(Time start) {
  const Duration period = session_.report_period();
  period_start_ = start;
  period_end_ = Time((start.time_since_epoch() / period + 1) * period);
}

void RunningGateway::close_period(Time now) {
  record_.set_seq(spool_.next_seq());
  aggregator_.close_period(period_start_, period_end_ - period_start_, *record_.mutable_sample());
  const std::array records = {Spool::NewRecord{Priority::sample, record_.SerializeAsString()}};
  const std::array state = {Spool::StateEntry{"counters", aggregator_.counters_text()}};
  const Time ended = period_end_;
  begin_period(period_end_);
  if (const Status status = spool_.append(records, state); !status) {
    log::error("{}: a sample is lost: {}", config_.id, status.error().message);
    return;
  }
  session_.sample_spooled(now, ended);
  tell_of_drops(now);
}

bool RunningGateway::record(Time now, std::vector<telemetry::Event>& events) {
  std::vector<Spool::NewRecord> records;
  std::uint64_t seq = spool_.next_seq();
  for (telemetry::Event& event : events) {
    record_.set_seq(seq++);
    record_.mutable_event()->Swap(&event);
    records.push_back({Priority::event, record_.SerializeAsString()});
  }
  const std::array state = {Spool::StateEntry{"faults", faults_.text()},
                            Spool::StateEntry{"vehicles", vehicles_.text()},
                            Spool::StateEntry{"inventory", inventory_.text()},
                            Spool::StateEntry{"settings", settings_text(settings_.values)},
                            Spool::StateEntry{"settings_revision", std::to_string(settings_.revision)},
                            Spool::StateEntry{"commands", desk_.log().text()}};
  if (const Status status = spool_.append(records, state); !status) {
    log::error("{}: {} events are lost: {}", config_.id, events.size(), status.error().message);
    return false;
  }
  if (!events.empty()) session_.event_spooled(now);
  return true;
}

/// Once for each mark at which the service stands still, not once a minute.
void RunningGateway::tell_of_drops(Time now) {
  if (spool_.dropped() == dropped_known_) return;
  dropped_known_ = spool_.dropped();
  if (mark_when_told_ == spool_.acknowledged_seq()) return;
  mark_when_told_ = spool_.acknowledged_seq();
  std::vector<telemetry::Event> events;
  add_event(events, now, telemetry::EVENT_KIND_RECORDS_DROPPED, 0).set_detail("the spool is full");
  record(now, events);
}

}  // namespace v2x::gateway
