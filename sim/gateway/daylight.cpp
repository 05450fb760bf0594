#include "sim/gateway/daylight.hpp"

#include <cmath>
#include <numbers>

#include "common/jst.hpp"

namespace v2x::gateway {
namespace {

constexpr double kDegree = std::numbers::pi / 180;
constexpr Duration kAfterSunrise = std::chrono::minutes(30);  // E6-2

/// By declination and equation of time (Cooper, Spencer): sunrise within a few minutes.
bool sun_is_down(Time t, const Place& place) {
  const JstTime jst = to_jst(t);
  const auto new_year = std::chrono::sys_days(jst.date.year() / std::chrono::January / 1);
  const double day = 1 + static_cast<double>((std::chrono::sys_days(jst.date) - new_year).count());
  const double b = 2 * std::numbers::pi * (day - 81) / 364;
  const double equation_min = 9.87 * std::sin(2 * b) - 7.53 * std::cos(b) - 1.5 * std::sin(b);
  constexpr double kJstMeridian_deg = 135;
  const double solar_h =
      jst.hour + jst.minute / 60.0 + (4 * (place.longitude_deg - kJstMeridian_deg) + equation_min) / 60;
  const double declination = 23.45 * kDegree * std::sin(2 * std::numbers::pi * (284 + day) / 365);
  const double hour_angle = 15 * kDegree * (solar_h - 12);
  const double latitude = place.latitude_deg * kDegree;
  return std::sin(latitude) * std::sin(declination) +
             std::cos(latitude) * std::cos(declination) * std::cos(hour_angle) <=
         0;
}

}  // namespace

bool is_night(Time t, const Place& place) {
  return sun_is_down(t, place) || sun_is_down(t - kAfterSunrise, place);
}

}  // namespace v2x::gateway
