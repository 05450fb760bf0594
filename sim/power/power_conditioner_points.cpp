// What every power conditioner publishes.
#include <algorithm>
#include <cmath>

#include "common/units.hpp"
#include "sim/power/power_conditioner.hpp"

namespace v2x::power {
namespace {

constexpr double kYear2000 = 946'684'800;  // 2000-01-01 UTC, the origin of 122.Tms
constexpr double kOpenSensorC = -40;       // what an open sensor reads
constexpr const char* kManufacturer = "OMRON-SIM";
constexpr const char* kVersion = "1.00";                         // default
enum RideThroughBit { lvrt_bit, hvrt_bit, lfrt_bit, hfrt_bit };  // of 122.RtSt

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
    case State::island:
      return Detail::island;
    case State::standby:
      break;
  }
  return Detail::standby;
}

}  // namespace

void PowerConditioner::find_slots() {
  const auto at = [this](std::string_view name) { return table_.slot(name); };
  run_switch_ = at("op.run_switch"), supply_slot_ = at("op.supply"), local_ = at("local"),
  alarm_reset_ = at("cmd.alarm_reset"), silent_slot_ = at("bus.silent");
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
  insulation_slot_ = at("dc.insulation"), boots_slot_ = at("boots"), heartbeat_slot_ = at("heartbeat");
  ride_through_slot_ = at("ride_through");
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
  number("forming", 0);
}

void PowerConditioner::publish(Time now) {
  publish_state(now);
  publish_ac();
  table_.set(dc_power_, flow_.dc_w);
  table_.set(ambient_slot_, ambient_c_);
  table_.set(cabinet_slot_, heat_sink_.cabinet_c(ambient_c_));
  table_.set(heatsink_slot_, sensed_heatsink_c());
  table_.set(insulation_slot_, diagnosis_.insulation_ohm());
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
  table_.set(silent_slot_, silent_ || !powered_ || (state_ == State::off && !answers_when_off()));
  table_.set(hours_slot_, counters_.hours);
  table_.set(boots_slot_, boots_);
  table_.set(heartbeat_slot_, std::floor(to_seconds(now - started_)));
  table_.set(ride_through_slot_, ride_through());
  // A clock that was lost counts from its origin.
  const auto lost = diagnosis_.clock_lost_since();
  table_.set(clock_slot_, lost ? to_seconds(now - *lost) : to_seconds(now.time_since_epoch()) - kYear2000);
}

double PowerConditioner::sensed_heatsink_c() const {
  return diagnosis_.temperature_sensor_open() ? kOpenSensorC : heat_sink_.heatsink_c();
}

int PowerConditioner::ride_through() const {
  if (!relay_ordered_) return 0;
  const ProtectionSettings& level = connection_.settings();
  const auto [low, high] = std::minmax(grid_.voltage_u, grid_.voltage_v);
  return (low < level.uvr_v ? 1 << lvrt_bit : 0) | (high > level.ovr_v ? 1 << hvrt_bit : 0) |
         (grid_.frequency_hz < level.ufr_hz ? 1 << lfrt_bit : 0) |
         (grid_.frequency_hz > level.ofr_hz ? 1 << hfrt_bit : 0);
}

void PowerConditioner::publish_ac() {
  const double apparent = std::sqrt(flow_.ac_w * flow_.ac_w + flow_.var * flow_.var);
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
