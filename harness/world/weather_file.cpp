#include "harness/world/weather_file.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <fstream>

#include "common/jst.hpp"

namespace v2x::world {

void WeatherFile::set_forecast(const std::string& area, Time day, const std::string& weather) {
  const auto key = std::pair(area, format_jst(day, "%Y-%m-%d"));
  if (weather == "unknown")
    forecasts_.erase(key);
  else
    forecasts_[key] = weather;
}

void WeatherFile::set_warning(const std::string& area, bool on) {
  if (on)
    warnings_.insert(area);
  else
    warnings_.erase(area);
}

Status WeatherFile::write() const {
  std::filesystem::path unfinished = file_;
  unfinished += ".new";
  {
    std::ofstream out(unfinished);
    out << "forecasts:" << (forecasts_.empty() ? " []" : "") << "\n";
    for (const auto& [key, weather] : forecasts_)
      out << fmt::format("  - {{area: {}, day: {}, weather: {}}}\n", key.first, key.second, weather);
    out << fmt::format("warnings: [{}]\n", fmt::join(warnings_, ", "));
    if (!out) return fail("bench", unfinished.string() + " cannot be written");
  }
  std::error_code failure;
  std::filesystem::rename(unfinished, file_, failure);
  return failure ? Status(fail("bench", file_.string() + ": " + failure.message())) : done();
}

}  // namespace v2x::world
