#include "sim/power/heat_sink.hpp"

#include <cmath>

namespace v2x::power {
namespace {

constexpr double kTimeConstantS = 900;       // default
constexpr double kRisePerWatt = 0.12;        // K/W, default
constexpr double kCabinetAboveAmbientC = 5;  // default

}  // namespace

void HeatSink::integrate(double loss_w, double ambient_c, Duration dt) {
  const double settles_c = ambient_c + kRisePerWatt * loss_w;
  const double left = std::exp(-std::chrono::duration<double>(dt).count() / kTimeConstantS);
  heatsink_c_ = settles_c + (heatsink_c_ - settles_c) * left;
}

double HeatSink::cabinet_c(double ambient_c) const {
  return ambient_c + kCabinetAboveAmbientC + (heatsink_c_ - ambient_c) / 2;
}

}  // namespace v2x::power
