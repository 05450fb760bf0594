// Temperatures of a power conditioner from its losses and the air around it.
#pragma once

#include "common/clock.hpp"

namespace v2x::power {

class HeatSink {
 public:
  explicit HeatSink(double ambient_c) : heatsink_c_(ambient_c) {}

  /// `loss_w` and `ambient_c` hold over the whole of `dt`: an exact exponential.
  void integrate(double loss_w, double ambient_c, bool fan_turns, Duration dt);
  double heatsink_c() const { return heatsink_c_; }
  double cabinet_c(double ambient_c) const;

 private:
  double heatsink_c_;
};

/// Share of the rating that the heat sink allows.
double temperature_share(double heatsink_c);

}  // namespace v2x::power
