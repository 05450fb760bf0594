// Figures as pages show them (MON-02): one decimal, half away from zero, never a minus sign.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace v2x::model {

/// 「0.7」 for 650 W or Wh; 「-」 when unknown. A value below zero is shown as zero: all shown figures are amounts.
std::string in_kilo(std::optional<std::int64_t> value);
/// 「0.65」 for 650 Wh: what a half-hour's row shows.
std::string in_kilo_hundredths(std::int64_t value);

}  // namespace v2x::model
