// The sun over one place: its position, the clear sky, and what falls on a tilted plane.
#pragma once

#include <cstdint>

#include "common/clock.hpp"

namespace v2x::plant {

struct Place {
  double latitude_deg = 35.0;
  double longitude_deg = 135.0;
};

struct SunPosition {
  double outside_w_m2 = 0;  ///< outside the atmosphere, on a plane facing the sun
  double cos_zenith = 0;
  double sin_declination = 0, cos_declination = 1;
  double sin_hour = 0, cos_hour = 1;  ///< of the hour angle, 0 at solar noon, afternoon positive

  bool up() const { return cos_zenith > 0; }
  double elevation_deg() const;
};

/// The sun over one place. Remembers the day, whose terms are the larger part of the work.
class Sun {
 public:
  explicit Sun(const Place& place);
  SunPosition at(Time t);

 private:
  void begin_day(Time t);

  double longitude_min_;  ///< solar time ahead of Japanese time by longitude alone
  double sin_latitude_, cos_latitude_;
  std::int64_t day_ = -1;
  double ahead_min_ = 0;  ///< solar time ahead of Japanese time, of the day
  SunPosition noon_;      ///< what doesn't change during the day
};

SunPosition sun_position(const Place& place, Time t);

/// Haurwitz: global horizontal irradiance of a cloudless sky in W/m², 0 below the horizon.
double clear_sky(double cos_zenith);

/// All in W/m².
struct Irradiance {
  double global = 0;   ///< on the horizontal plane
  double diffuse = 0;  ///< on the horizontal plane
  double direct = 0;   ///< on a plane facing the sun
};

/// Erbs: how much of `global` is diffuse. With the sun below the horizon everything is.
Irradiance split(double global, const SunPosition& sun);

/// A plane that panels lie in. Azimuth: south 0, west positive.
class TiltedPlane {
 public:
  TiltedPlane(const Place& place, double tilt_deg, double azimuth_deg);
  /// W/m² on the plane: direct, isotropic diffuse, and what the ground reflects.
  double irradiance(const SunPosition& sun, const Irradiance& light) const;

 private:
  double cos_tilt_;
  /// cos θ = a·sin δ + b·cos δ·cos ω + c·cos δ·sin ω
  double a_, b_, c_;
};

}  // namespace v2x::plant
