// What the EV power conditioner publishes.
#include <algorithm>
#include <cmath>

#include "sim/ev/ev_pcs.hpp"

namespace v2x::ev {
namespace {

enum Plug { plug_unplugged, plug_plugged, plug_locked };
enum StorageState {
  storage_off,
  storage_empty,
  storage_discharging,
  storage_charging,
  storage_full,
  storage_holding,
  storage_testing
};
enum Suppression { suppression_none, suppression_output_control, suppression_other };
enum DerMode { mode_following = 1, mode_forming = 2 };  // bits
enum DcState { dc_off, dc_on, dc_warning, dc_error };
constexpr double kHealthPercent = 100;

}  // namespace

void EvPcs::find_slots() {
  const auto at = [this](std::string_view name) { return table_.slot(name); };
  detail_ = at("state_detail"), island_switch_ = at("op.island_switch"), forming_ = at("forming");
  power_u_ = at("ac.power_u"), power_v_ = at("ac.power_v");
  current_ = at("ac.current"), current_u_ = at("ac.current_u"), current_v_ = at("ac.current_v");
  voltage_ = at("ac.voltage"), voltage_u_ = at("ac.voltage_u"), voltage_v_ = at("ac.voltage_v");
  voltage_leg_ = at("ac.voltage_leg"), frequency_ = at("ac.frequency");
  soc_ = at("storage.soc"), soh_ = at("storage.soh"), energy_rated_ = at("storage.energy_rated");
  energy_available_ = at("storage.energy_available"), storage_voltage_ = at("storage.voltage");
  storage_state_ = at("storage.state"), storage_status_ = at("storage.status");
  charge_max_ = at("storage.charge_max"), discharge_max_ = at("storage.discharge_max");
  plug_ = at("vehicle.plug"), stage_ = at("vehicle.stage"), reason_ = at("vehicle.stop_reason");
  protocol_ = at("vehicle.protocol"), vehicle_soc_ = at("vehicle.soc"), capacity_ = at("vehicle.capacity");
  min_soc_ = at("vehicle.min_soc"), max_soc_ = at("vehicle.max_soc");
  dc_voltage_ = at("dc[1].voltage"), dc_current_ = at("dc[1].current"), dc_power_ = at("dc[1].power");
  dc_energy_ = at("dc[1].energy"), dc_absorbed_ = at("dc[1].energy_absorbed"), dc_state_ = at("dc[1].state"),
  dc_alarms_ = at("dc[1].alarms");
  vehicle_max_v_ = at("vehicle.max_voltage"), vehicle_min_v_ = at("vehicle.min_voltage");
  vehicle_target_v_ = at("vehicle.target_voltage"), request_ = at("vehicle.request");
  vehicle_discharge_ = at("vehicle.discharge_limit"), vehicle_faults_ = at("vehicle.faults");
  vehicle_status_ = at("vehicle.status"), sequence_status_ = at("sequence.status"), retries_ = at("sequence.retries");
  sequence_in_ = at("sequence.energy_in"), sequence_out_ = at("sequence.energy_out");
  sequence_seconds_slot_ = at("sequence.seconds");
  available_ = at("ac.available_power"), throttle_ = at("throttle_percent"), reasons_ = at("throttle_reasons");
  suppression_ = at("suppression"), mode_ = at("der_mode"), connection_slot_ = at("connection"),
  clipped_ = at("clipped");
}

/// What the grid side reads while the unit forms it: the base knows the grid behind the switch only.
void EvPcs::publish_island() {
  const bool island = state() == power::State::island;
  table_.set(forming_, island);
  table_.set(mode_, island ? mode_forming : mode_following);
  if (self_sustained_.wanted() && !island && grid().dead()) table_.set_word(detail_, "black_start");
  if (!island) return;
  const power::GridView& view = *formed_;
  table_.set(power_u_, net_u_w_);
  table_.set(power_v_, net_v_w_);
  table_.set(current_u_, std::abs(net_u_w_) / view.voltage_u);
  table_.set(current_v_, std::abs(net_v_w_) / view.voltage_v);
  table_.set(current_, std::abs(net_w_) / (view.voltage_u + view.voltage_v));
  table_.set(voltage_u_, view.voltage_u);
  table_.set(voltage_v_, view.voltage_v);
  table_.set(voltage_, view.voltage_u + view.voltage_v);
  table_.set(voltage_leg_, (view.voltage_u + view.voltage_v) / 2);
  table_.set(frequency_, view.frequency_hz);
}

int EvPcs::storage_state() const {
  if (!charger_.plugged()) return storage_off;
  if (charger_.stage() == Stage::insulation) return storage_testing;
  if (flow().ac_w != 0) return flow().ac_w > 0 ? storage_discharging : storage_charging;
  if (full_) return storage_full;
  return empty_ ? storage_empty : storage_holding;
}

void EvPcs::publish_own(Time now) {
  const bool power_flow = charger_.stage() == Stage::power_flow;
  const bool throttled = state() == power::State::throttled;
  const double port_v = std::round(connector_.output_v * 10) / 10;  // as measured: a bled output reads 0
  table_.set(available_, power_flow ? discharge_max_w_ : 0);
  const Bound most = bound(now);
  table_.set(throttle_, 100 * most.watt / rating_.power_w);
  table_.set(reasons_, throttled ? most.reason_bits : 0);
  table_.set(suppression_, !throttled     ? suppression_none
                           : most.ordered ? suppression_output_control
                                          : suppression_other);
  publish_island();
  table_.set(clipped_, 0);
  table_.set(connection_slot_, !charger_.plugged() ? 0 : 1 + (power_flow ? 2 : 0) + (flow().ac_w != 0 ? 4 : 0));
  table_.set(dc_voltage_, port_v);
  table_.set(dc_current_, flow().dc_w == 0 ? 0 : flow().dc_w / connector_.output_v);
  table_.set(dc_power_, flow().dc_w);
  table_.set(dc_energy_, counted_.from_car_wh);
  table_.set(dc_absorbed_, counted_.to_car_wh);
  table_.set(dc_state_, charger_.stage() == Stage::fault ? dc_error : power_flow ? dc_on : dc_off);
  table_.set(dc_alarms_, static_cast<double>(faults_.dc_alarm_bits()));
  publish_storage();
  publish_vehicle();
}

void EvPcs::publish_storage() {
  table_.set(storage_state_, storage_state());
  if (!charger_.plugged()) {
    for (const core::Slot slot :
         {soc_, soh_, energy_rated_, energy_available_, storage_voltage_, storage_status_, charge_max_, discharge_max_})
      table_.set_absent(slot);
    return;
  }
  const Battery& battery = car_->battery();
  table_.set(soc_, battery.soc() * 100);
  table_.set(soh_, kHealthPercent);
  table_.set(energy_rated_, car_->preset().battery.usable_wh);
  table_.set(energy_available_, battery.stored_wh());
  table_.set(storage_voltage_, car_->port_v());
  table_.set(storage_status_, 0);
  table_.set(charge_max_, charge_max_w_);
  table_.set(discharge_max_, discharge_max_w_);
}

void EvPcs::publish_vehicle() {
  table_.set(plug_, !charger_.plugged() ? plug_unplugged : charger_.locked() ? plug_locked : plug_plugged);
  table_.set(stage_, static_cast<double>(charger_.stage()));
  table_.set(reason_, static_cast<double>(charger_.stop_reason()));
  table_.set(sequence_status_, charger_.status());
  table_.set(retries_, charger_.retries());
  table_.set(sequence_in_, sequence_in_wh_);
  table_.set(sequence_out_, sequence_out_wh_);
  table_.set(sequence_seconds_slot_, sequence_seconds_);
  publish_heard();
}

void EvPcs::publish_heard() {
  const VehicleData* vehicle = charger_.plugged() ? charger_.vehicle() : nullptr;
  if (!vehicle) {
    for (const core::Slot slot :
         {protocol_, vehicle_max_v_, vehicle_min_v_, vehicle_target_v_, request_, vehicle_discharge_, vehicle_soc_,
          capacity_, min_soc_, max_soc_, vehicle_faults_, vehicle_status_})
      table_.set_absent(slot);
    return;
  }
  table_.set(protocol_, vehicle->protocol);
  table_.set(vehicle_max_v_, vehicle->max_battery_v);
  table_.set(vehicle_min_v_, vehicle->min_battery_v);
  table_.set(vehicle_target_v_, vehicle->target_v);
  table_.set(request_, vehicle->request_a);
  table_.set(vehicle_discharge_, vehicle->discharge_a);
  table_.set(vehicle_soc_, 100.0 * vehicle->soc / vehicle->soc_constant);
  table_.set(capacity_, 100.0 * vehicle->capacity_kwh01);
  table_.set(min_soc_, min_soc_percent(*vehicle));
  table_.set(max_soc_, max_soc_percent(*vehicle));
  table_.set(vehicle_faults_, vehicle->faults);
  table_.set(vehicle_status_, vehicle->status);
}

}  // namespace v2x::ev
