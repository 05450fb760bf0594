#include "sim/plant/climate.hpp"

#include <array>
#include <cmath>
#include <numbers>

#include "sim/plant/calendar.hpp"

namespace v2x::plant {
namespace {

constexpr std::array<double, 12> kMonthMeanC{5, 6, 9, 15, 20, 23, 27, 29, 25, 19, 13, 7};  // default: Kansai, rounded
constexpr double kDailySwingC = 4;                                                         // default
constexpr double kWarmestHour = 14;                                                        // default

}  // namespace

double ambient_c(std::optional<double> constant_c, Time t) {
  if (constant_c) return *constant_c;
  const double hour = seconds_of_day(t) / 3600;
  return kMonthMeanC[static_cast<size_t>(civil_day(t).month - 1)] +
         kDailySwingC * std::cos(2 * std::numbers::pi * (hour - kWarmestHour) / 24);
}

}  // namespace v2x::plant
