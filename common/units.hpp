// Text with units: "116 V", "10 min", "0.1 kWh". Every number in YAML that is not a count carries its unit.
#pragma once

#include <string>
#include <string_view>

#include "common/clock.hpp"
#include "common/result.hpp"

namespace v2x {

/// A number in the base unit of its dimension (V, W, Wh, A, Hz, %, s, °C, Ω …).
struct Measure {
  double value = 0;
  std::string unit;  ///< the base unit; empty for a bare number
};

/// "1.5 kW" → {1500, "W"}, "10 min" → {600, "s"}, "30 %" → {30, "%"}, "12" → {12, ""}.
Result<Measure> parse_measure(std::string_view text);
/// A span of time with its unit: "300 s", "10 min", "1.1 s", "30 d", "250 ms".
Result<Duration> parse_duration(std::string_view text);
/// "10 min", "1.1 s", "250 ms": the largest unit that keeps the number short.
std::string format_duration(Duration d);
double to_seconds(Duration d);
Duration from_seconds(double seconds);

}  // namespace v2x
