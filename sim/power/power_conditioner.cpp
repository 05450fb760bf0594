#include "sim/power/power_conditioner.hpp"

#include <algorithm>
#include <cmath>

#include "common/units.hpp"

namespace v2x::power {
namespace {

constexpr double kYear2000 = 946'684'800;  // 2000-01-01 UTC, the origin of 122.Tms
constexpr double kInsulationOhm = 2e6;     // default
constexpr const char* kManufacturer = "OMRON-SIM";
constexpr const char* kVersion = "1.00";  // default

Detail detail_of(State state, bool waiting) {
  switch (state) {
    case State::off:
      return Detail::off;
    case State::sleeping:
      return Detail::sleeping;
    case State::starting:
      return waiting ? Detail::reconnect_wait : Detail::start_check;
    case State::running:
      return Detail::running;
    case State::throttled:
      return Detail::throttled;
    case State::shutting_down:
      return Detail::shutting_down;
    case State::fault:
      return Detail::fault;
    case State::standby:
    case State::island:
      break;
  }
  return Detail::standby;
}

}  // namespace

PowerConditioner::PowerConditioner(core::QuantityTable table, const contracts::FaultCatalogue& faults,
                                   const Identity& identity, const Rating& rating, Time start)
    : table_(std::move(table)),
      rating_(rating),
      commands_(table_, rating),
      connection_(commands_.protection(), commands_.reconnect_wait()),
      faults_(faults, table_),
      heat_sink_(ambient_c_),
      now_(start) {
  const auto at = [this](std::string_view name) { return table_.slot(name); };
  run_switch_ = at("op.run_switch"), local_ = at("local"), alarm_reset_ = at("cmd.alarm_reset"), silent_ = at("bus.silent");
  state_slot_ = at("state"), detail_slot_ = at("state_detail"), wait_slot_ = at("connect_wait"),
  relay_slot_ = at("ac.relay");
  power_ = at("ac.power"), power_u_ = at("ac.power_u"), power_v_ = at("ac.power_v");
  apparent_ = at("ac.apparent"), reactive_ = at("ac.reactive"), factor_ = at("ac.power_factor");
  current_ = at("ac.current"), current_u_ = at("ac.current_u"), current_v_ = at("ac.current_v");
  voltage_ = at("ac.voltage"), voltage_u_ = at("ac.voltage_u"), voltage_v_ = at("ac.voltage_v");
  voltage_leg_ = at("ac.voltage_leg"), frequency_ = at("ac.frequency"), dc_power_ = at("dc.power");
  injected_ = at("ac.energy_injected"), absorbed_ = at("ac.energy_absorbed");
  varh_injected_ = at("ac.varh_injected"), varh_absorbed_ = at("ac.varh_absorbed");
  ambient_slot_ = at("temp.ambient"), cabinet_slot_ = at("temp.cabinet"), heatsink_slot_ = at("temp.heatsink");
  hours_slot_ = at("hours"), clock_slot_ = at("clock");
  table_.set(run_switch_, 1);
  table_.set(local_, 0);
  table_.set(silent_, 0);
  table_.set(alarm_reset_, 0);
  publish_identity(identity);
}

void PowerConditioner::publish_identity(const Identity& identity) {
  const auto text = [this](std::string_view name, std::string_view value) {
    table_.set_text(table_.slot(name), value);
  };
  const auto number = [this](std::string_view name, double value) { table_.set(table_.slot(name), value); };
  text("id.manufacturer", kManufacturer);
  text("id.model", identity.model);
  text("id.serial", identity.serial);
  text("id.version", kVersion);
  number("id.unit_no", identity.unit_no);
  number("id.unit_id", identity.unit_id);
  number("rated.power", rating_.power_w);
  number("rated.apparent", rating_.apparent_va);
  number("rated.current", rating_.current_a);
  number("rated.island_apparent", rating_.island_apparent_va);
  number("ac.nominal_frequency", rating_.nominal_hz);
  number("dc.insulation", kInsulationOhm);
  number("forming", 0);
  number("ride_through", 0);
  number("boots", 1);
}

bool PowerConditioner::knows(core::Slot slot) const {
  return slot == alarm_reset_ || commands_.knows(slot);
}

void PowerConditioner::apply(core::Slot slot, double value, Time now) {
  if (slot != alarm_reset_) return commands_.write(slot, value, now);
  if (value != 0) faults_.acknowledge(now);  // the point itself keeps reading 0
}

core::ModbusException PowerConditioner::write(std::span<const core::QuantityWrite> writes) {
  if (table_.number(local_) != 0) return core::ModbusException::device_failure;
  for (const core::QuantityWrite& one : writes)
    if (!knows(one.slot)) return core::ModbusException::device_failure;
  for (const core::QuantityWrite& one : writes) apply(one.slot, one.value, now_);
  commands_.update(now_);
  connection_.configure(commands_.protection(), commands_.reconnect_wait());
  connection_.observe(grid_, now_);
  if (on_written_) on_written_();
  return core::ModbusException::none;
}

bool PowerConditioner::pin(std::string_view quantity, std::optional<double> value, Time now) {
  if (quantity == "local") {
    table_.set(local_, value.value_or(0));
    return true;
  }
  if (quantity == "bus.silent") {  // heeded by what answers on the bus
    table_.set(silent_, value.value_or(0));
    return true;
  }
  if (quantity != "op.run_switch") return false;
  const bool was_on = run_switch();
  table_.set(run_switch_, value.value_or(1));
  if (!was_on && run_switch()) {  // a hand at the panel
    faults_.acknowledge(now);
    if (commands_.reconnect_wait() == kManualReconnect) connection_.release();
  }
  return true;
}

void PowerConditioner::integrate(Duration dt) {
  now_ += dt;
  const double hours = std::chrono::duration<double, std::ratio<3600>>(dt).count();
  (flow_.ac_w >= 0 ? counters_.injected_wh : counters_.absorbed_wh) += std::abs(flow_.ac_w) * hours;
  (flow_.var >= 0 ? counters_.injected_varh : counters_.absorbed_varh) += std::abs(flow_.var) * hours;
  if (relay_closed_) hours_ += hours;
  heat_sink_.integrate(flow_.loss_w(), ambient_c_, dt);
  integrate_dc(dt);
}

bool PowerConditioner::see_grid(const GridView& grid, Time now) {
  const GridView before = grid_;
  const bool was_good = connection_.grid_good();
  grid_ = grid;
  connection_.observe(grid, now);
  return before.leg_dead() != grid.leg_dead() || before.dead() != grid.dead() || was_good != connection_.grid_good();
}

void PowerConditioner::update(Time now) {
  now_ = now;
  commands_.update(now);
  const bool on_duty = state_ != State::off && state_ != State::sleeping;
  if (const std::string_view code = connection_.take_trip(now); !code.empty() && on_duty) {
    relay_closed_ = false;
    state_ = State::fault;
    faults_.raise(code, now);
    on_trip(now);
  }
  faults_.see_cause(contracts::FaultClass::grid, !connection_.grid_good(), now);
  faults_.update(now);
  step_state(now);
  flow_ = solve(now);
  own_supply_w_ = grid_.dead() ? 0 : own_supply_of(state_);
}

Time PowerConditioner::next_change(Time now) const {
  return std::min(
      {commands_.next_change(now), connection_.next_change(now), faults_.next_change(now), next_own_change(now)});
}

void PowerConditioner::publish(Time now) {
  publish_state(now);
  publish_ac();
  table_.set(dc_power_, flow_.dc_w);
  table_.set(ambient_slot_, ambient_c_);
  table_.set(cabinet_slot_, heat_sink_.cabinet_c(ambient_c_));
  table_.set(heatsink_slot_, heat_sink_.heatsink_c());
  publish_own(now);
}

void PowerConditioner::publish_state(Time now) {
  const Duration wait = connection_.remaining_wait(now);
  table_.set(state_slot_, static_cast<double>(state_));
  table_.set(detail_slot_, static_cast<double>(detail_of(state_, wait > Duration::zero())));
  if (wait == kManualReconnect)
    table_.set_absent(wait_slot_);
  else
    table_.set(wait_slot_, to_seconds(wait));
  table_.set(relay_slot_, relay_closed_);
  table_.set(hours_slot_, hours_);
  table_.set(clock_slot_, to_seconds(now.time_since_epoch()) - kYear2000);
}

void PowerConditioner::publish_ac() {
  const double apparent = std::hypot(flow_.ac_w, flow_.var);
  const double line_v = grid_.voltage_u + grid_.voltage_v;
  const double current = line_v > 0 ? apparent / line_v : 0;  // two-wire output: the same in both legs
  table_.set(power_, flow_.ac_w);
  table_.set(power_u_, flow_.ac_w / 2);
  table_.set(power_v_, flow_.ac_w / 2);
  table_.set(apparent_, apparent);
  table_.set(reactive_, flow_.var);
  table_.set(factor_, apparent > 0 ? flow_.ac_w / apparent : 0);
  for (const core::Slot slot : {current_, current_u_, current_v_}) table_.set(slot, current);
  table_.set(voltage_, line_v);
  table_.set(voltage_u_, grid_.voltage_u);
  table_.set(voltage_v_, grid_.voltage_v);
  table_.set(voltage_leg_, line_v / 2);
  table_.set(frequency_, grid_.frequency_hz);
  table_.set(injected_, counters_.injected_wh);
  table_.set(absorbed_, counters_.absorbed_wh);
  table_.set(varh_injected_, counters_.injected_varh);
  table_.set(varh_absorbed_, counters_.absorbed_varh);
}

}  // namespace v2x::power
