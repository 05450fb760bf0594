#include "sim/ev/conversion.hpp"

#include <algorithm>
#include <cmath>

namespace v2x::ev {
namespace {

// Default: 90 % at 600 W, 95.4 % at 3 kW, 95.5 % at 6 kW.
constexpr double kFixedW = 45, kPerWatt = 0.025, kPerSquareWatt = 2e-6;

}  // namespace

double conversion_loss_w(double dc_w) {
  if (dc_w == 0) return 0;
  return kFixedW + (kPerWatt + kPerSquareWatt * std::abs(dc_w)) * std::abs(dc_w);
}

double ac_of_dc(double dc_w) {
  const double ac_w = dc_w - conversion_loss_w(dc_w);
  return dc_w > 0 ? std::max(0.0, ac_w) : ac_w;
}

double dc_of_ac(double ac_w) {
  if (ac_w == 0) return 0;
  // Discharging: ac = dc − loss; charging, in magnitudes: ac = dc + loss. Both are a·dc² + b·dc + c = 0.
  const double a = ac_w > 0 ? -kPerSquareWatt : kPerSquareWatt;
  const double b = ac_w > 0 ? 1 - kPerWatt : 1 + kPerWatt;
  const double c = ac_w > 0 ? -(ac_w + kFixedW) : kFixedW + ac_w;
  if (c >= 0) return 0;  // charging: not even the loss is covered
  const double magnitude = -2 * c / (b + std::sqrt(b * b - 4 * a * c));
  return std::copysign(magnitude, ac_w);
}

}  // namespace v2x::ev
