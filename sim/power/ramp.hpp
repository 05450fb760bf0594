// A value that moves linearly to its target, in steps small enough for what it drives.
#pragma once

#include "common/clock.hpp"

namespace v2x::power {

class Ramp {
 public:
  /// Between two steps the value is taken as constant by who integrates.
  Ramp(double value, Duration step) : step_(step), from_(value), target_(value) {}

  void jump(double value);
  /// From the present value to `target` at `per_second` > 0.
  void go(double target, double per_second, Time now);
  double at(Time now) const;
  double target() const { return target_; }
  bool moving(Time now) const { return now < end_; }
  /// kNever once the target is reached.
  Time next_step(Time now) const;

 private:
  Duration step_;
  double from_, target_;
  Time start_{}, end_{};
};

}  // namespace v2x::power
