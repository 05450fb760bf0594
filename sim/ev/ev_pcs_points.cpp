// What the EV power conditioner publishes.
#include <algorithm>
#include <cmath>

#include "sim/ev/ev_pcs.hpp"

namespace v2x::ev {
namespace {

enum Plug { plug_unplugged, plug_plugged, plug_locked };
enum StorageState { storage_off, storage_empty, storage_discharging, storage_charging, storage_full, storage_holding };
enum Suppression { suppression_none, suppression_output_control };
constexpr double kHealthPercent = 100;

}  // namespace

void EvPcs::find_slots() {
  const auto at = [this](std::string_view name) { return table_.slot(name); };
  charge_method_ = at("cmd.charge_method"), discharge_method_ = at("cmd.discharge_method");
  charge_limit_ = at("cmd.charge_limit"), discharge_limit_ = at("cmd.discharge_limit");
  floor_ = at("cmd.soc_floor"), ceiling_ = at("cmd.soc_ceiling"), revert_ = at("cmd.ev_revert");
  soc_ = at("storage.soc"), soh_ = at("storage.soh"), energy_rated_ = at("storage.energy_rated");
  energy_available_ = at("storage.energy_available"), storage_voltage_ = at("storage.voltage");
  storage_state_ = at("storage.state"), storage_status_ = at("storage.status");
  charge_max_ = at("storage.charge_max"), discharge_max_ = at("storage.discharge_max");
  plug_ = at("vehicle.plug"), stage_ = at("vehicle.stage"), reason_ = at("vehicle.stop_reason");
  protocol_ = at("vehicle.protocol"), vehicle_soc_ = at("vehicle.soc"), capacity_ = at("vehicle.capacity");
  min_soc_ = at("vehicle.min_soc"), max_soc_ = at("vehicle.max_soc");
  dc_voltage_ = at("dc[1].voltage"), dc_current_ = at("dc[1].current"), dc_power_ = at("dc[1].power");
  dc_energy_ = at("dc[1].energy"), dc_absorbed_ = at("dc[1].energy_absorbed"), dc_state_ = at("dc[1].state");
  sequence_in_ = at("sequence.energy_in"), sequence_out_ = at("sequence.energy_out");
  sequence_seconds_slot_ = at("sequence.seconds");
  available_ = at("ac.available_power"), throttle_ = at("throttle_percent"), reasons_ = at("throttle_reasons");
  suppression_ = at("suppression"), mode_ = at("der_mode"), connection_slot_ = at("connection"),
  clipped_ = at("clipped");
}

int EvPcs::storage_state() const {
  if (!sequence_.plugged()) return storage_off;
  if (flow().ac_w != 0) return flow().ac_w > 0 ? storage_discharging : storage_charging;
  if (full_) return storage_full;
  return empty_ ? storage_empty : storage_holding;
}

void EvPcs::publish_own(Time now) {
  const bool power_flow = sequence_.stage() == Stage::power_flow;
  const bool throttled = state() == power::State::throttled;
  const double port_v = sequence_.contactor_closed() ? car_->port_v() : 0;
  table_.set(available_, power_flow ? discharge_max_w_ : 0);
  table_.set(throttle_, 100 * commands_.limit_share(now));
  table_.set(reasons_, throttled ? 1 : 0);  // MAX_W
  table_.set(suppression_, throttled ? suppression_output_control : suppression_none);
  table_.set(mode_, 1);  // following
  table_.set(clipped_, 0);
  table_.set(connection_slot_, !sequence_.plugged() ? 0 : 1 + (power_flow ? 2 : 0) + (flow().ac_w != 0 ? 4 : 0));
  table_.set(dc_voltage_, port_v);
  table_.set(dc_current_, port_v > 0 ? flow().dc_w / port_v : 0);
  table_.set(dc_power_, flow().dc_w);
  table_.set(dc_energy_, dc_in_wh_);
  table_.set(dc_absorbed_, dc_out_wh_);
  table_.set(dc_state_, power_flow);
  publish_storage();
  publish_vehicle();
}

void EvPcs::publish_storage() {
  table_.set(storage_state_, storage_state());
  if (!sequence_.plugged()) {
    for (const core::Slot slot : {soc_, soh_, energy_rated_, energy_available_, storage_voltage_, storage_status_,
                                  charge_max_, discharge_max_, vehicle_soc_, capacity_, min_soc_, max_soc_, protocol_})
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
  table_.set(protocol_, car_->preset().protocol);
  table_.set(vehicle_soc_, std::floor(battery.soc() * 100));
  table_.set(capacity_, car_->preset().battery.usable_wh);
  table_.set(min_soc_, car_->preset().v2h_min);
  table_.set(max_soc_, car_->preset().v2h_max);
}

void EvPcs::publish_vehicle() {
  table_.set(plug_, !sequence_.plugged() ? plug_unplugged : sequence_.locked() ? plug_locked : plug_plugged);
  table_.set(stage_, static_cast<double>(sequence_.stage()));
  table_.set(reason_, static_cast<double>(sequence_.stop_reason()));
  table_.set(sequence_in_, sequence_in_wh_);
  table_.set(sequence_out_, sequence_out_wh_);
  table_.set(sequence_seconds_slot_, sequence_seconds_);
}

}  // namespace v2x::ev
