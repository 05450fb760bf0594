#include "sim/pcs/pv_watts.hpp"

#include <algorithm>
#include <cmath>

namespace v2x::pcs {
namespace {

// PVWatts version 5.
constexpr double kNominalEfficiency = 0.96;
constexpr double kReferenceEfficiency = 0.9637;
constexpr double kSquare = -0.0162, kLinear = 0.9858, kConstant = -0.0059;

}  // namespace

PvWatts::PvWatts(double rated_w) {
  const double scale = kNominalEfficiency / kReferenceEfficiency;
  const double rated_dc_w = rated_w / kNominalEfficiency;
  square_ = scale * kSquare / rated_dc_w;
  linear_ = scale * kLinear;
  constant_ = scale * kConstant * rated_dc_w;
}

double PvWatts::ac_w(double dc_w) const {
  return std::max(0.0, (square_ * dc_w + linear_) * dc_w + constant_);
}

double PvWatts::dc_w(double ac_w) const {
  const double rest = constant_ - ac_w;
  return -2 * rest / (linear_ + std::sqrt(linear_ * linear_ - 4 * square_ * rest));
}

}  // namespace v2x::pcs
