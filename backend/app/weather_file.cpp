#include "backend/app/weather_file.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "backend/model/prefectures.hpp"
#include "common/jst.hpp"
#include "common/yaml.hpp"

namespace v2x::app {
namespace {

using service::Weather;

const std::vector<std::string> kWords{"sunny", "partly", "cloudy", "rain", "snow"};  // in the order of Weather

std::string area_in(const yaml::Node& node) {
  const std::string code = node.text().size() == 1 ? "0" + node.text() : node.text();
  if (model::prefecture_name(code).empty())
    node.refuse("'" + node.text() + "', expected a prefecture's code, 01 to 47");
  return code;
}

std::string text_of(std::chrono::year_month_day day) {
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(day.year()), static_cast<unsigned>(day.month()),
                     static_cast<unsigned>(day.day()));
}

/// Runs `look(document)`; a file that is absent or wrong is an Error.
template <class Look>
auto in_file(const std::filesystem::path& file, Look look) -> decltype(look(std::declval<yaml::Node>())) {
  if (!std::filesystem::exists(file)) return fail("no_weather", file.string() + " is not there");
  try {
    const yaml::Node document = yaml::load_file(file);
    document.allow_only({"forecasts", "warnings"});
    return look(document);
  } catch (const BadInput& error) {
    return fail("no_weather", error.what());
  }
}

}  // namespace

Result<Weather> WeatherFile::forecast(const std::string& area, std::chrono::year_month_day day) {
  return in_file(file_, [&](const yaml::Node& document) -> Result<Weather> {
    for (const yaml::Node& entry :
         document.has("forecasts") ? document.at("forecasts").items() : std::vector<yaml::Node>{}) {
      entry.allow_only({"area", "day", "weather"});
      const std::string word = entry.at("weather").word(kWords, "weather");
      if (area_in(entry.at("area")) != area || entry.at("day").text() != text_of(day)) continue;
      return static_cast<Weather>(std::find(kWords.begin(), kWords.end(), word) - kWords.begin());
    }
    return fail("no_weather", fmt::format("{} has no forecast of {} for {}", file_.string(), area, text_of(day)));
  });
}

Result<bool> WeatherFile::has_warning(const std::string& area) {
  return in_file(file_, [&](const yaml::Node& document) -> Result<bool> {
    const auto warned = document.has("warnings") ? document.at("warnings").items() : std::vector<yaml::Node>{};
    return std::any_of(warned.begin(), warned.end(), [&](const yaml::Node& node) { return area_in(node) == area; });
  });
}

}  // namespace v2x::app
