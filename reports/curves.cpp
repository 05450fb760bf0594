#include "reports/curves.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <set>

namespace v2x::reports {
namespace {

constexpr int kColumns = 400;  // of a plot about 800 units wide
const std::set<std::string> kUnitsFromZero = {"W", "kW", "Wh", "kWh", "VA", "var", "A", "%"};

struct RoleRule {
  const char* part;  ///< of the quantity's path
  const char* role;
};
// The first match counts: ".ev." before "pcs", because the EV's power conditioner is the EV's curve.
constexpr std::array kRoles = {
    RoleRule{".ev.", "ev"},        RoleRule{"v2h", "ev"},        RoleRule{"soc", "ev"},
    RoleRule{"load", "use"},       RoleRule{"grid", "buy"},      RoleRule{"meter", "buy"},
    RoleRule{"pcs", "generation"}, RoleRule{"pv", "generation"}, RoleRule{"irradiance", "generation"}};

std::string role_of(const std::string& path) {
  for (const RoleRule& rule : kRoles)
    if (path.find(rule.part) != std::string::npos) return rule.role;
  return "other";
}

std::pair<double, double> range_of(const std::vector<const Series*>& group) {
  double low = std::numeric_limits<double>::infinity();
  double high = -low;
  for (const Series* series : group)
    for (const auto& [at, value] : series->points)
      if (value) {
        low = std::min(low, *value);
        high = std::max(high, *value);
      }
  return low <= high ? std::pair(low, high) : std::pair(0.0, 1.0);
}

std::vector<std::string> polylines(const Series& series, const ValueAxis& axis, double length_s) {
  std::vector<std::string> pieces(1);
  for (const auto& [at_s, value] : series.points) {
    if (!value) {
      if (!pieces.back().empty()) pieces.emplace_back();
      continue;
    }
    const double x = Timeline::kLeft + std::clamp(at_s / length_s, 0.0, 1.0) * (Timeline::kRight - Timeline::kLeft);
    const double y = Timeline::kPlotHeight * (axis.high - *value) / (axis.high - axis.low);
    pieces.back() += fmt::format("{}{:.1f},{:.1f}", pieces.back().empty() ? "" : " ", x, y);
  }
  if (pieces.back().empty()) pieces.pop_back();
  return pieces;
}

}  // namespace

Series thinned(const Series& series, double length_s, int columns) {
  Series out{series.path, series.title, series.unit, {}};
  const auto column = [&](size_t i) { return static_cast<int>(series.points[i].first / length_s * columns); };
  const auto value = [&](size_t i) { return *series.points[i].second; };
  for (size_t first = 0; first < series.points.size();) {
    if (!series.points[first].second) {
      out.points.push_back(series.points[first++]);
      continue;
    }
    std::set<size_t> kept{first};
    size_t lowest = first, highest = first, last = first;
    for (size_t i = first; i < series.points.size() && series.points[i].second && column(i) == column(first); ++i) {
      if (value(i) < value(lowest)) lowest = i;
      if (value(i) > value(highest)) highest = i;
      last = i;
    }
    kept.insert({lowest, highest, last});
    for (const size_t i : kept) out.points.push_back(series.points[i]);
    first = last + 1;
  }
  return out;
}

std::vector<Plot> make_plots(const std::vector<Series>& series, double length_s) {
  length_s = std::max(length_s, 1e-3);
  std::vector<std::string> units;
  std::map<std::string, std::vector<const Series*>> groups;
  for (const Series& one : series) {
    if (!groups.contains(one.unit)) units.push_back(one.unit);
    groups[one.unit].push_back(&one);
  }
  std::vector<Plot> plots;
  for (const auto& unit : units) {
    const auto [low, high] = range_of(groups[unit]);
    Plot plot{unit, 0, value_axis(low, high, kUnitsFromZero.contains(unit)), {}};
    std::map<std::string, int> seen;
    for (const Series* one : groups[unit]) {
      const std::string role = role_of(one->path);
      plot.curves.push_back({one->title.empty() ? one->path : one->title, role, seen[role]++ % 3,
                             polylines(thinned(*one, length_s, kColumns), plot.axis, length_s)});
    }
    plots.push_back(std::move(plot));
  }
  return plots;
}

}  // namespace v2x::reports
