// Voltage-rise suppression (電圧上昇抑制): first more reactive power, then less active power, while feeding in lifts a
// leg.
#pragma once

#include "common/clock.hpp"
#include "sim/power/hold_timer.hpp"

namespace v2x::power {

/// Acts once a second while the higher leg is above the level, and back while it is well below.
class VoltageRise {
 public:
  VoltageRise(double level_v, double rated_va) : level_v_(level_v), rated_va_(rated_va) {}

  void configure(double level_v) { level_v_ = level_v; }
  /// A unit that isn't on the grid lifts nothing: it starts anew.
  void observe(double higher_leg_v, bool on_grid, Time now);
  /// At next_change(); `var_left`: the power factor allows to absorb more.
  void act(bool var_left, Time now);
  Time next_change(Time now) const { return if_ahead(next_act_, now); }

  /// Absorbed in addition to what the power factor asks for.
  double extra_var() const { return extra_var_; }
  /// Of the rated power, 1 = no limit.
  double power_share() const { return power_share_; }

 private:
  double level_v_;
  double rated_va_;
  int direction_ = 0;  ///< 1 suppresses, -1 releases
  Time next_act_ = kNever;
  double extra_var_ = 0;
  double power_share_ = 1;
};

}  // namespace v2x::power
