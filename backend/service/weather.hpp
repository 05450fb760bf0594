// What the weather will be and which warnings stand, by prefecture. A port: where it comes from is the program's
// choice.
#pragma once

#include <chrono>
#include <string>

#include "common/result.hpp"

namespace v2x::service {

enum class Weather { sunny, partly, cloudy, rain, snow };

/// Thread-safe. Areas are codes of prefectures. An Error says why nothing could be had.
class WeatherSource {
 public:
  virtual ~WeatherSource() = default;
  virtual Result<Weather> forecast(const std::string& area, std::chrono::year_month_day day) = 0;
  /// Whether a warning stands now.
  virtual Result<bool> has_warning(const std::string& area) = 0;
};

}  // namespace v2x::service
