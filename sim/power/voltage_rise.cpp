#include "sim/power/voltage_rise.hpp"

#include <algorithm>

namespace v2x::power {
namespace {

constexpr Duration kPeriod = std::chrono::seconds(1);  // default
constexpr double kHysteresisV = 1.0;                   // default
constexpr double kVarStep = 0.05;                      // of the rated apparent power, default
constexpr double kPowerDown = 0.02, kPowerUp = 0.01;   // of the rated power, default

}  // namespace

void VoltageRise::observe(double higher_leg_v, bool on_grid, Time now) {
  if (!on_grid) {
    extra_var_ = 0;
    power_share_ = 1;
  }
  const bool acted = extra_var_ > 0 || power_share_ < 1;
  const int direction = !on_grid                                          ? 0
                        : higher_leg_v > level_v_                         ? 1
                        : acted && higher_leg_v < level_v_ - kHysteresisV ? -1
                                                                          : 0;
  if (direction == direction_) return;
  direction_ = direction;
  next_act_ = direction == 0 ? kNever : now + kPeriod;
}

void VoltageRise::act(bool var_left, Time now) {
  if (next_act_ > now) return;
  next_act_ = now + kPeriod;
  const double var_step = kVarStep * rated_va_;
  if (direction_ > 0 && var_left)
    extra_var_ += var_step;
  else if (direction_ > 0)
    power_share_ = std::max(0.0, power_share_ - kPowerDown);
  else if (power_share_ < 1)
    power_share_ = std::min(1.0, power_share_ + kPowerUp);
  else
    extra_var_ = std::max(0.0, extra_var_ - var_step);
}

}  // namespace v2x::power
