#include "reports/axis.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "common/jst.hpp"
#include "common/units.hpp"
#include "reports/words.hpp"

namespace v2x::reports {
namespace {

constexpr int kMostTimeTicks = 9;
constexpr int kMostValueSteps = 4;

/// Steps that people count time in, in seconds.
constexpr std::array kTimeSteps = {1,      2,      5,      10,      15,      30,      60,      120,   300,
                                   600,    900,    1800,   3600,    7200,    10800,   21600,   43200, 86400,
                                   172800, 432000, 604800, 1209600, 2592000, 7776000, 31536000};
constexpr int kDaySeconds = 86400;

std::string time_label(Time t, int step_s) {
  if (step_s >= kDaySeconds) return format_jst(t, "%-m/%-d");
  const bool midnight = t == jst_midnight(t);
  if (midnight) return format_jst(t, "%-m/%-d");
  return format_jst(t, step_s < 60 ? "%H:%M:%S" : "%H:%M");
}

/// 1, 2 or 5 times a power of ten, at least `least`.
double round_step(double least) {
  const double power = std::pow(10.0, std::floor(std::log10(least)));
  for (const double factor : {1.0, 2.0, 5.0})
    if (factor * power >= least * (1 - 1e-9)) return factor * power;
  return 10 * power;
}

}  // namespace

std::vector<Tick> time_ticks(Time start, Time end) {
  const double length_s = std::max(to_seconds(end - start), 1e-3);
  const auto fits = [&](int step_s) { return length_s / step_s <= kMostTimeTicks; };
  const auto found = std::find_if(kTimeSteps.begin(), kTimeSteps.end(), fits);
  const int step_s = found == kTimeSteps.end() ? kTimeSteps.back() : *found;
  const Duration step = std::chrono::seconds(step_s);
  const Time midnight = jst_midnight(start);
  std::vector<Tick> ticks;
  for (Time t = midnight + (start - midnight) / step * step; t <= end; t += step)
    if (t >= start) ticks.push_back({to_seconds(t - start) / length_s, time_label(t, step_s)});
  return ticks;
}

ValueAxis value_axis(double low, double high, bool with_zero) {
  if (with_zero) {
    low = std::min(low, 0.0);
    high = std::max(high, 0.0);
  }
  if (high - low < 1e-9) {
    low -= 1;
    high += 1;
  }
  const double step = round_step((high - low) / kMostValueSteps);
  ValueAxis axis{std::floor(low / step + 1e-9) * step, std::ceil(high / step - 1e-9) * step, {}};
  const long steps = std::lround((axis.high - axis.low) / step);
  for (long i = 0; i <= steps; ++i)
    axis.ticks.push_back(
        {static_cast<double>(i) / static_cast<double>(steps), figure(axis.low + static_cast<double>(i) * step)});
  return axis;
}

}  // namespace v2x::reports
