#include "common/units.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>

namespace v2x {
namespace {

struct Unit {
  std::string_view name;
  std::string_view base;
  double factor;
};
constexpr std::array kUnits{
    Unit{"", "", 1},          Unit{"V", "V", 1},       Unit{"kV", "V", 1e3},     Unit{"W", "W", 1},
    Unit{"kW", "W", 1e3},     Unit{"VA", "VA", 1},     Unit{"kVA", "VA", 1e3},   Unit{"var", "var", 1},
    Unit{"Wh", "Wh", 1},      Unit{"kWh", "Wh", 1e3},  Unit{"varh", "varh", 1},  Unit{"A", "A", 1},
    Unit{"mA", "A", 1e-3},    Unit{"Hz", "Hz", 1},     Unit{"%", "%", 1},        Unit{"°C", "°C", 1},
    Unit{"ohm", "ohm", 1},    Unit{"Ω", "ohm", 1},     Unit{"kohm", "ohm", 1e3}, Unit{"kΩ", "ohm", 1e3},
    Unit{"Mohm", "ohm", 1e6}, Unit{"MΩ", "ohm", 1e6},  Unit{"W/m2", "W/m2", 1},  Unit{"W/m²", "W/m2", 1},
    Unit{"deg", "deg", 1},    Unit{"°", "deg", 1},     Unit{"kWp", "Wp", 1e3},   Unit{"us", "s", 1e-6},
    Unit{"ms", "s", 1e-3},    Unit{"s", "s", 1},       Unit{"min", "s", 60},     Unit{"h", "s", 3600},
    Unit{"d", "s", 86400},    Unit{"Hz/s", "Hz/s", 1}, Unit{"/K", "/K", 1},
};

}  // namespace

Result<Measure> parse_measure(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  const std::string_view digits = !text.empty() && text.front() == '+' ? text.substr(1) : text;
  double value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc() || !std::isfinite(value))
    return fail("bad_measure", fmt::format("'{}' is no number with a unit, expected like 116 V or 10 min", text));
  std::string_view name(end, static_cast<size_t>(digits.data() + digits.size() - end));
  while (!name.empty() && name.front() == ' ') name.remove_prefix(1);
  for (const Unit& unit : kUnits)
    if (unit.name == name) return Measure{value * unit.factor, std::string(unit.base)};
  return fail("bad_unit", fmt::format("'{}' is no known unit in '{}'", name, text));
}

Result<Duration> parse_duration(std::string_view text) {
  const auto measure = parse_measure(text);
  if (!measure) return fail(measure.error());
  if (measure->unit != "s")
    return fail("bad_unit", fmt::format("'{}' is no duration, expected like 300 s, 10 min, 2 h", text));
  return from_seconds(measure->value);
}

std::string format_duration(Duration d) {
  struct Step {
    std::int64_t us;
    const char* name;
  };
  constexpr std::array<Step, 4> kSteps{
      {{86'400'000'000, "d"}, {3'600'000'000, "h"}, {60'000'000, "min"}, {1'000'000, "s"}}};
  for (const Step& step : kSteps)
    if (d.count() != 0 && d.count() % step.us == 0) return fmt::format("{} {}", d.count() / step.us, step.name);
  if (std::abs(d.count()) >= 1'000'000) return fmt::format("{} s", to_seconds(d));
  return fmt::format("{} ms", static_cast<double>(d.count()) / 1000.0);
}

double to_seconds(Duration d) {
  return std::chrono::duration<double>(d).count();
}

Duration from_seconds(double seconds) {
  return Duration(std::llround(seconds * 1e6));
}

}  // namespace v2x
