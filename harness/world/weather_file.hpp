// The weather that the backend will read: forecasts and warnings as a scenario says them.
#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "common/clock.hpp"
#include "common/result.hpp"

namespace v2x::world {

/// Belongs to the scenario's thread. Until the first write() there is no file, and so no weather.
class WeatherFile {
 public:
  explicit WeatherFile(std::filesystem::path file) : file_(std::move(file)) {}

  /// The weather of the day that begins at `day`; "unknown" takes its forecast away.
  void set_forecast(const std::string& area, Time day, const std::string& weather);
  void set_warning(const std::string& area, bool on);
  /// As a whole or not at all: the backend may be reading. Error "bench".
  Status write() const;

 private:
  const std::filesystem::path file_;
  std::map<std::pair<std::string, std::string>, std::string> forecasts_;  ///< by area and day
  std::set<std::string> warnings_;
};

}  // namespace v2x::world
