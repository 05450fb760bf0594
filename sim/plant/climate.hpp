// Ambient temperature: a constant, or the curve of the month and the hour.
#pragma once

#include <optional>

#include "common/clock.hpp"

namespace v2x::plant {

/// °C at `t`; `constant_c` overrides the curve.
double ambient_c(std::optional<double> constant_c, Time t);

}  // namespace v2x::plant
