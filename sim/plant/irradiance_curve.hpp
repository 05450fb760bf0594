// A day's irradiance from a CSV file, in place of sun and clouds.
#pragma once

#include <filesystem>
#include <vector>

#include "common/clock.hpp"

namespace v2x::plant {

/// The same curve every day, linear between its points, 0 before the first and after the last.
class IrradianceCurve {
 public:
  /// First line "time,irradiance_w_m2", then "HH:MM:SS,number" (or "HH:MM") in ascending order. Throws BadInput with
  /// file, line and column.
  static IrradianceCurve load(const std::filesystem::path& file);

  double at(Time t) const;  ///< W/m²

 private:
  struct Point {
    double second = 0;  ///< of the JST day
    double w_m2 = 0;
  };
  std::vector<Point> points_;
};

}  // namespace v2x::plant
