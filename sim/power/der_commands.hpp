// What the bus may tell a power conditioner: model 123 with its revert clocks and ramps, and the settings.
#pragma once

#include <array>
#include <vector>

#include "sim/core/quantity_table.hpp"
#include "sim/power/protection.hpp"
#include "sim/power/ramp.hpp"

namespace v2x::power {

struct Rating {
  double power_w = 0;
  double apparent_va = 0;
  double current_a = 0;
  double island_apparent_va = 0;
  double power_factor = 1;  ///< factory setting of the constant cos φ
  double nominal_hz = 60;
};

/// The values live in the unit's quantity table; this class knows what they mean and when they end.
class DerCommands {
 public:
  /// `table` outlives this object; its defaults are set here.
  DerCommands(core::QuantityTable& table, const Rating& rating);

  /// False for a point that no model stands behind.
  bool knows(core::Slot slot) const;
  void write(core::Slot slot, double value, Time now);
  /// After the writes of one request, and at next_change(): reverts what has run out, aims the ramps.
  void update(Time now);
  Time next_change(Time now) const;

  /// False while the bus wants the unit off the grid.
  bool wants_grid() const;
  /// The ramped power limit as a share of the rating, 1 = none.
  double limit_share(Time now) const { return limit_.at(now); }
  double max_power_w() const { return table_->number(max_power_); }
  /// var absorbed per watt: the tangent of φ, negative when delivering.
  double absorbed_per_watt(Time now) const { return tangent_.at(now); }
  ProtectionSettings protection() const;
  Duration reconnect_wait() const;

 private:
  /// Points that share one revert clock; it runs from the last write to any of them.
  struct Group {
    std::vector<core::Slot> members;
    core::Slot revert;
    Time expires = kNever;
  };

  void set_defaults(const Rating& rating);
  void revert(size_t group);
  void aim_limit(Time now);
  void aim_power_factor(Time now);
  double commanded_tangent() const;
  Duration seconds(core::Slot slot) const;

  core::QuantityTable* table_;
  core::Slot connect_, limit_percent_, limit_enabled_, limit_ramp_, factor_, factor_enabled_, factor_ramp_, operation_,
      max_power_, set_factor_, ramp_min_, reconnect_wait_, ovr_v_, ovr_s_, uvr_v_, uvr_s_, ofr_hz_, ofr_s_, ufr_hz_,
      ufr_s_;
  std::array<Group, 3> groups_;
  std::vector<core::Slot> settings_;
  Ramp limit_;
  Ramp tangent_;
};

}  // namespace v2x::power
