#include "backend/model/figures.hpp"

#include <algorithm>

namespace v2x::model {

std::string in_kilo(std::optional<std::int64_t> value) {
  if (!value) return "-";
  const std::int64_t tenths = (std::max<std::int64_t>(*value, 0) + 50) / 100;
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10);
}

std::string in_kilo_hundredths(std::int64_t value) {
  const std::int64_t hundredths = (std::max<std::int64_t>(value, 0) + 5) / 10;
  const std::string decimals = std::to_string(hundredths % 100);
  return std::to_string(hundredths / 100) + "." + (decimals.size() < 2 ? "0" : "") + decimals;
}

}  // namespace v2x::model
