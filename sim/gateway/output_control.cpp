#include "sim/gateway/output_control.hpp"

#include <algorithm>
#include <cmath>

#include "common/jst.hpp"

namespace v2x::gateway {

int limit_pct(const OutputControl& control, Time clock, std::optional<double> load_w) {
  const auto slot = static_cast<size_t>((clock - jst_midnight(clock)) / OutputControl::kSlot);
  const double slot_pct = control.limit_pct[slot];
  if (!control.export_only) return static_cast<int>(slot_pct);
  const double load_pct = std::max(load_w.value_or(0), 0.0) / control.rated_w * 100;
  return static_cast<int>(std::min(std::floor(slot_pct + load_pct), 100.0));
}

}  // namespace v2x::gateway
