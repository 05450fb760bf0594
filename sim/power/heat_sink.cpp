#include "sim/power/heat_sink.hpp"

#include <algorithm>
#include <cmath>

namespace v2x::power {
namespace {

constexpr double kTimeConstantS = 900;       // default
constexpr double kRisePerWatt = 0.12;        // K/W, default
constexpr double kStuckFanFactor = 3;        // default
constexpr double kCabinetAboveAmbientC = 5;  // default

// Derating, defaults.
constexpr double kFullUpToC = 75, kLeastFromC = 85, kLeastShare = 0.5;

}  // namespace

void HeatSink::integrate(double loss_w, double ambient_c, bool fan_turns, Duration dt) {
  const double settles_c = ambient_c + kRisePerWatt * (fan_turns ? 1 : kStuckFanFactor) * loss_w;
  const double left = std::exp(-std::chrono::duration<double>(dt).count() / kTimeConstantS);
  heatsink_c_ = settles_c + (heatsink_c_ - settles_c) * left;
}

double HeatSink::cabinet_c(double ambient_c) const {
  return ambient_c + kCabinetAboveAmbientC + (heatsink_c_ - ambient_c) / 2;
}

double temperature_share(double heatsink_c) {
  return 1 - (1 - kLeastShare) * std::clamp((heatsink_c - kFullUpToC) / (kLeastFromC - kFullUpToC), 0.0, 1.0);
}

}  // namespace v2x::power
