// What a PV power conditioner publishes.
#include <fmt/format.h>

#include "sim/pcs/pv_pcs.hpp"

namespace v2x::pcs {
namespace {

using power::State;

enum Suppression { suppression_none, suppression_output_control, suppression_other };

}  // namespace

void PvPcs::find_slots() {
  for (size_t n = 1; n <= slots_.size(); ++n) {
    const auto at = [&](const char* name) { return table_.slot(fmt::format("dc[{}].{}", n, name)); };
    slots_[n - 1] = {at("voltage"), at("current"), at("power"), at("energy"), at("state"), at("alarms")};
  }
  available_slot_ = table_.slot("ac.available_power"), throttle_slot_ = table_.slot("throttle_percent");
  reasons_slot_ = table_.slot("throttle_reasons"), suppression_slot_ = table_.slot("suppression");
  clipped_slot_ = table_.slot("clipped"), mode_slot_ = table_.slot("der_mode"),
  connection_slot_ = table_.slot("connection");
  forming_slot_ = table_.slot("forming");
}

void PvPcs::publish_own(Time) {
  for (size_t i = 0; i < slots_.size(); ++i) {
    table_.set(slots_[i].voltage, points_[i].voltage_v);
    table_.set(slots_[i].current, string_watch_.current_a(i, points_[i]));
    table_.set(slots_[i].power, points_[i].power_w);
    table_.set(slots_[i].energy, string_wh_[i]);
    table_.set(slots_[i].state, static_cast<double>(state() == State::island ? State::running : state()));
    table_.set(slots_[i].alarms, static_cast<double>(string_watch_.alarms(i)));
  }
  const bool throttled = state() == State::throttled, island = state() == State::island;
  const int suppressed = on_grid() ? suppression_bits() : 0;
  table_.set(available_slot_, available_w_);
  table_.set(throttle_slot_, 100 * bound_.watt / rating_.power_w);
  table_.set(reasons_slot_, (throttled ? bound_.reason_bit : 0) | suppressed);
  table_.set(suppression_slot_, throttled && bound_.ordered    ? suppression_output_control
                                : throttled || suppressed != 0 ? suppression_other
                                                               : suppression_none);
  table_.set(clipped_slot_, clipped_);
  table_.set(forming_slot_, island);
  table_.set(mode_slot_, (island ? 2 : 1) + (clipped_ ? 4 : 0));  // following or forming, clipped
  const bool awake = state() != State::off && state() != State::sleeping;
  table_.set(connection_slot_, 1 + (awake ? 2 : 0) + (flow().ac_w > 0 ? 4 : 0));  // connected, available, operating
}

}  // namespace v2x::pcs
