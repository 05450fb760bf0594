// Ambient temperature: a constant, or the curve of region, month and hour.
#pragma once

#include <optional>

#include "common/clock.hpp"

namespace v2x::plant {

class Climate {
 public:
  /// `prefecture` by JIS X 0401; `constant_c` overrides the curve.
  Climate(int prefecture, std::optional<double> constant_c);
  double ambient_c(Time t) const;

 private:
  const double* month_mean_c_;  ///< of twelve months
  std::optional<double> constant_c_;
};

}  // namespace v2x::plant
