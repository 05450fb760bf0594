// What the bus may tell a power conditioner: models 123 and 715 with revert clocks, ramps and heartbeat, and the
// settings.
#pragma once

#include <array>
#include <optional>
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
  /// Settings whose range depends on the region; the register map knows all other ranges.
  bool accepts(core::Slot slot, double value) const;
  bool is_heartbeat(core::Slot slot) const { return slot == heartbeat_; }
  void write(core::Slot slot, double value, Time now);
  /// After the writes of one request, and at next_change(): reverts what has run out, aims the ramps.
  void update(Time now);
  Time next_change(Time now) const;
  /// After a loss of supply: commands are forgotten; settings and the operation command stay.
  void restart(Time now);

  /// The controller that once sent heartbeats has been silent for too long.
  bool heartbeat_lost(Time now) const { return heartbeat_due() <= now; }
  /// The limit begins at zero and returns along its ramp.
  void limit_from_zero(Time now);

  /// False while the bus wants the unit off the grid.
  bool wants_grid() const;
  /// The ramped power limit as a share of the rating, 1 = none.
  double limit_share(Time now) const { return limit_.at(now); }
  double max_power_w() const { return table_->number(max_power_); }
  /// var absorbed per watt: the tangent of φ, negative when delivering.
  double absorbed_per_watt(Time now) const { return tangent_.at(now); }
  /// Commanded var, + delivering; it goes before the power factor.
  std::optional<double> fixed_var(Time now) const;
  double avr_level_v() const { return table_->number(avr_level_); }
  double phase_jump_deg() const { return table_->number(phase_jump_); }
  /// 自立スイッチ.
  bool island_switch() const { return table_->number(island_switch_) != 0; }
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
  void forget_commands();
  void revert(size_t group);
  void aim_limit(Time now);
  void aim_power_factor(Time now);
  void aim_reactive(Time now);
  Time heartbeat_due() const;
  double commanded_tangent() const;
  Duration seconds(core::Slot slot) const;

  core::QuantityTable* table_;
  double nominal_hz_;
  core::Slot connect_, limit_percent_, limit_enabled_, limit_ramp_, factor_, factor_enabled_, factor_ramp_, operation_,
      max_power_, set_factor_, ramp_min_, reconnect_wait_, ovr_v_, ovr_s_, uvr_v_, uvr_s_, ofr_hz_, ofr_s_, ufr_hz_,
      ufr_s_, reactive_, reactive_mode_, reactive_enabled_, reactive_ramp_, heartbeat_, heartbeat_timeout_, avr_level_,
      phase_jump_, island_switch_;
  std::array<Group, 4> groups_;
  std::vector<core::Slot> settings_;
  Ramp limit_;
  Ramp tangent_;
  Ramp var_share_;                 ///< of WMax, + delivering
  std::optional<Time> last_beat_;  ///< of the controller, since the start
};

}  // namespace v2x::power
