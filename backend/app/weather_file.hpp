// The weather out of a file: forecasts and warnings that a scenario, or a program that knows them, writes.
#pragma once

#include <filesystem>

#include "backend/service/weather.hpp"

namespace v2x::app {

/// Reads the file anew each time; it may come and go. Thread-safe.
///
///     forecasts:
///       - {area: 26, day: 2026-04-02, weather: cloudy}   # sunny, partly, cloudy, rain, snow
///     warnings: [26]
class WeatherFile final : public service::WeatherSource {
 public:
  explicit WeatherFile(std::filesystem::path file) : file_(std::move(file)) {}
  Result<service::Weather> forecast(const std::string& area, std::chrono::year_month_day day) override;
  Result<bool> has_warning(const std::string& area) override;

 private:
  const std::filesystem::path file_;
};

}  // namespace v2x::app
