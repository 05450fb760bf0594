#include "sim/plant/sun.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "sim/plant/calendar.hpp"

namespace v2x::plant {
namespace {

using std::numbers::pi;
constexpr double kRadians = pi / 180;
constexpr double kJapanMeridianDeg = 135;  // of Japanese standard time
constexpr double kObliquityDeg = 23.45;
constexpr double kSolarConstant = 1366.1;  // W/m²
constexpr double kMostDirect = 1366;       // W/m²; near the horizon the quotient below has no meaning
constexpr double kAlbedo = 0.2;            // default

double equation_of_time_min(int day_of_year) {
  const double b = 2 * pi * (day_of_year - 81) / 364;
  return 9.87 * std::sin(2 * b) - 7.53 * std::cos(b) - 1.5 * std::sin(b);
}

/// Erbs: share of diffuse in global irradiance at clearness index `kt`.
double diffuse_share(double kt) {
  if (kt <= 0.22) return 1 - 0.09 * kt;
  if (kt <= 0.8) return 0.9511 + kt * (-0.1604 + kt * (4.388 + kt * (-16.638 + kt * 12.336)));
  return 0.165;
}

}  // namespace

double SunPosition::elevation_deg() const {
  return std::asin(std::clamp(cos_zenith, -1.0, 1.0)) / kRadians;
}

Sun::Sun(const Place& place)
    : longitude_min_(4 * (place.longitude_deg - kJapanMeridianDeg)),
      sin_latitude_(std::sin(place.latitude_deg * kRadians)),
      cos_latitude_(std::cos(place.latitude_deg * kRadians)) {}

void Sun::begin_day(Time t) {
  const CivilDay day = civil_day(t);
  day_ = day.number;
  ahead_min_ = longitude_min_ + equation_of_time_min(day.day_of_year);
  const double declination = kObliquityDeg * kRadians * std::sin(2 * pi * (284 + day.day_of_year) / 365);
  noon_.sin_declination = std::sin(declination);
  noon_.cos_declination = std::cos(declination);
  noon_.outside_w_m2 = kSolarConstant * (1 + 0.033 * std::cos(2 * pi * day.day_of_year / 365));
}

SunPosition Sun::at(Time t) {
  if (day_number(t) != day_) begin_day(t);
  SunPosition sun = noon_;
  const double solar_h = seconds_of_day(t) / 3600 + ahead_min_ / 60;
  const double hour_angle = 15 * kRadians * (solar_h - 12);
  sun.sin_hour = std::sin(hour_angle);
  sun.cos_hour = std::cos(hour_angle);
  sun.cos_zenith = sin_latitude_ * sun.sin_declination + cos_latitude_ * sun.cos_declination * sun.cos_hour;
  return sun;
}

SunPosition sun_position(const Place& place, Time t) {
  return Sun(place).at(t);
}

double clear_sky(double cos_zenith) {
  if (cos_zenith <= 0) return 0;
  return 1098 * cos_zenith * std::exp(-0.059 / cos_zenith);  // Haurwitz 1945
}

Irradiance split(double global, const SunPosition& sun) {
  if (!sun.up() || global <= 0) return {global, global, 0};
  const double diffuse = global * diffuse_share(global / (sun.outside_w_m2 * sun.cos_zenith));
  return {global, diffuse, std::min(kMostDirect, (global - diffuse) / sun.cos_zenith)};
}

TiltedPlane::TiltedPlane(const Place& place, double tilt_deg, double azimuth_deg) {
  const double latitude = place.latitude_deg * kRadians, tilt = tilt_deg * kRadians, azimuth = azimuth_deg * kRadians;
  cos_tilt_ = std::cos(tilt);
  a_ = std::sin(latitude) * cos_tilt_ - std::cos(latitude) * std::sin(tilt) * std::cos(azimuth);
  b_ = std::cos(latitude) * cos_tilt_ + std::sin(latitude) * std::sin(tilt) * std::cos(azimuth);
  c_ = std::sin(tilt) * std::sin(azimuth);
}

double TiltedPlane::irradiance(const SunPosition& sun, const Irradiance& light) const {
  const double incidence = a_ * sun.sin_declination + sun.cos_declination * (b_ * sun.cos_hour + c_ * sun.sin_hour);
  return light.direct * std::max(0.0, incidence) + light.diffuse * (1 + cos_tilt_) / 2 +
         kAlbedo * light.global * (1 - cos_tilt_) / 2;
}

}  // namespace v2x::plant
