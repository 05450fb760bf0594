#include "backend/model/figures.hpp"

#include <algorithm>
#include <cmath>

namespace v2x::model {
namespace {

const std::string kUnknown = "-";

std::string tenths_text(std::int64_t tenths) {
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10);
}

}  // namespace

std::string in_kilo(std::optional<std::int64_t> value) {
  if (!value) return kUnknown;
  return tenths_text((std::max<std::int64_t>(*value, 0) + 50) / 100);
}

std::string in_kilo(std::optional<double> value) {
  if (!value || !std::isfinite(*value)) return kUnknown;
  return tenths_text(std::llround(std::max(*value, 0.0) / 100));
}

std::string whole_percent(std::optional<double> value) {
  if (!value || !std::isfinite(*value)) return kUnknown;
  return std::to_string(std::llround(std::clamp(*value, 0.0, 100.0)));
}

}  // namespace v2x::model
