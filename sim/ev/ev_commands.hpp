// What the bus may tell the EV unit beside model 123: the V2X points and the storage control of model 124.
#pragma once

#include <vector>

#include "sim/core/quantity_table.hpp"
#include "sim/ev/ev_control.hpp"
#include "sim/power/hold_timer.hpp"
#include "sim/power/ramp.hpp"

namespace v2x::ev {

/// Words of cmd.vehicle, in its order.
enum class VehicleCommand { none, start, stop, unlock, black_start };

/// The values live in the unit's quantity table; this class knows what they mean and when they end. Of the V2X methods
/// and the storage control the one written later counts, and clears the other.
class EvCommands {
 public:
  /// `table` outlives this object; its defaults are set here.
  EvCommands(core::QuantityTable& table, double rated_w);

  /// False for a point that isn't its own.
  bool knows(core::Slot slot) const;
  void write(core::Slot slot, double value, Time now);
  /// True when something has ended by itself.
  bool update(Time now);
  Time next_change(Time now) const;

  /// Methods and limits in force, without what the unit and the car can do.
  EvRequest request(Time now) const;
  double soc_floor() const { return table_->number(soc_floor_) / 100; }
  double soc_ceiling() const { return table_->number(soc_ceiling_) / 100; }
  /// 124.WChaMax: of every way of charging, also in island.
  double charge_bound_w() const { return table_->number(charge_max_); }
  /// Bounds of the slopes, W/s.
  double charge_slope_w() const;
  double discharge_slope_w() const;

  bool self_sustains() const { return table_->text(outage_mode_) == "self_sustain"; }
  double outage_floor() const { return table_->number(outage_floor_) / 100; }

  VehicleCommand vehicle() const { return static_cast<VehicleCommand>(table_->number(vehicle_)); }
  /// The point reads `none` again.
  void vehicle_done() { table_->set(vehicle_, 0); }
  /// A session was stopped by command; a new method or `start` ends this.
  bool held() const { return held_; }

 private:
  void find_slots();
  void set_defaults(double rated_w);
  void end_methods();
  void end_storage();
  void aim_rates(Time now);

  core::QuantityTable* table_;
  double rated_w_;
  core::Slot charge_method_, discharge_method_, charge_limit_, discharge_limit_, soc_floor_, soc_ceiling_, revert_,
      vehicle_, outage_mode_, outage_floor_;
  core::Slot charge_max_, charge_slope_, discharge_slope_, control_, charge_rate_, discharge_rate_, storage_revert_,
      storage_ramp_, source_;
  std::vector<core::Slot> v2x_, storage_, settings_;
  power::Ramp in_rate_, out_rate_;  ///< shares, 0…1
  Time methods_expire_ = power::kNever, storage_expires_ = power::kNever;
  bool held_ = false;
};

}  // namespace v2x::ev
