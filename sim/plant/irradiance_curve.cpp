#include "sim/plant/irradiance_curve.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <string>

#include "common/bad_input.hpp"
#include "sim/plant/calendar.hpp"

namespace v2x::plant {
namespace {

constexpr std::string_view kHeader = "time,irradiance_w_m2";
constexpr double kMost = 1500;  // W/m², more than the sun gives outside the atmosphere

/// Takes a number off the front of `text`; false when none is there.
template <typename T>
bool take(std::string_view& text, T& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc()) return false;
  text.remove_prefix(static_cast<size_t>(end - text.data()));
  return true;
}

bool take(std::string_view& text, char wanted) {
  if (text.empty() || text.front() != wanted) return false;
  text.remove_prefix(1);
  return true;
}

}  // namespace

IrradianceCurve IrradianceCurve::load(const std::filesystem::path& file) {
  std::ifstream in(file);
  if (!in) throw BadInput(fmt::format("{}: cannot be read, expected a CSV file of irradiance", file.string()));
  IrradianceCurve curve;
  std::string line;
  for (int number = 1; std::getline(in, line); ++number) {
    std::string_view rest = line;
    if (!rest.empty() && rest.back() == '\r') rest.remove_suffix(1);
    const auto refuse = [&](const std::string& expected) {
      throw BadInput(
          fmt::format("{}:{}:{}: expected {}", file.string(), number, rest.data() - line.data() + 1, expected));
    };
    if (number == 1) {
      if (rest != kHeader) refuse(fmt::format("the line '{}'", kHeader));
      continue;
    }
    int hour = 0, minute = 0, second = 0;
    Point point;
    if (!take(rest, hour) || !take(rest, ':') || !take(rest, minute) || (take(rest, ':') && !take(rest, second)) ||
        hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59)
      refuse("a time of day such as 12:30 or 12:30:15");
    if (!take(rest, ',')) refuse("a comma");
    if (!take(rest, point.w_m2) || point.w_m2 < 0 || point.w_m2 > kMost) refuse(fmt::format("0 to {} W/m2", kMost));
    if (!rest.empty()) refuse("the end of the line");
    point.second = hour * 3600 + minute * 60 + second;
    if (!curve.points_.empty() && point.second <= curve.points_.back().second) refuse("a later time than before");
    curve.points_.push_back(point);
  }
  if (curve.points_.empty())
    throw BadInput(fmt::format("{}: no points, expected lines below the first", file.string()));
  return curve;
}

double IrradianceCurve::at(Time t) const {
  const double second = seconds_of_day(t);
  const auto after = std::upper_bound(points_.begin(), points_.end(), second,
                                      [](double s, const Point& point) { return s < point.second; });
  if (after == points_.begin()) return 0;
  const Point& before = *(after - 1);
  if (after == points_.end()) return second == before.second ? before.w_m2 : 0;
  return before.w_m2 + (after->w_m2 - before.w_m2) * (second - before.second) / (after->second - before.second);
}

}  // namespace v2x::plant
