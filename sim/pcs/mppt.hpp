// The DC inputs of a PV power conditioner: what each tracker may take from its string.
#pragma once

#include <span>

#include "sim/power/dc_source.hpp"

namespace v2x::pcs {

struct DcPoint {
  double power_w = 0;
  double voltage_v = 0;
  double current_a() const { return voltage_v > 0 ? power_w / voltage_v : 0; }
};

/// Published limits: 12 A per input, 10 A when all four are used.
double string_current_limit_a(size_t strings);

/// Watts at the best point that respects the working voltage and the current limit.
double trackable_w(const power::DcSource& source, double limit_a);

/// Where the tracker stands when it takes `power_w` ≤ trackable_w: towards open circuit the less it takes.
DcPoint operating_point(const power::DcSource& source, double power_w);

}  // namespace v2x::pcs
