#include "sim/plant/sky.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "common/random.hpp"
#include "sim/plant/calendar.hpp"

namespace v2x::plant {

const std::vector<std::string>& weather_words() {
  static const std::vector<std::string> words{"clear", "partly", "cloudy", "rain", "snow"};
  return words;
}

namespace {

struct Range {
  double low = 0, high = 0;
  double at(double u) const { return low + (high - low) * u; }
};

/// Two states that follow each other: cloud and clear.
struct Kind {
  double cloud_share;
  double cloud_min, clear_min;  ///< mean stay
  Range clear, cloud;           ///< clearness
};

// All defaults. Rain and snow never clear up; half an hour is how long one density of cloud lasts.
constexpr std::array<Kind, 5> kKinds{{{0.02, 1, 49, {0.97, 1.00}, {0.7, 0.9}},
                                      {0.40, 4, 6, {0.95, 1.05}, {0.25, 0.6}},
                                      {0.90, 9, 1, {0.7, 0.9}, {0.2, 0.45}},
                                      {1.00, 30, 0, {}, {0.05, 0.2}},
                                      {1.00, 30, 0, {}, {0.05, 0.2}}}};
// Probability of clear, partly, cloudy and rain by month, the rest is snow: default, Pacific side.
constexpr std::array<std::array<double, 4>, 12> kMonths{{{.40, .30, .20, .07},
                                                         {.35, .30, .20, .12},
                                                         {.30, .30, .22, .18},
                                                         {.30, .30, .20, .20},
                                                         {.30, .30, .20, .20},
                                                         {.12, .23, .30, .35},
                                                         {.22, .30, .23, .25},
                                                         {.35, .32, .15, .18},
                                                         {.22, .28, .22, .28},
                                                         {.32, .28, .20, .20},
                                                         {.38, .30, .18, .14},
                                                         {.40, .30, .20, .08}}};
constexpr double kDayS = 86400;
constexpr double kEdgeS = 60;               // default: of a cloud passing before the sun
constexpr double kSteepestPerS = 0.8 / 60;  // default: 80 % a minute
constexpr double kBrightS = 30;             // default: cloud-edge enhancement after a cloud
constexpr double kBrighter = 0.15;          // by up to so much
constexpr double kBrightest = 1.2;          // but never above

}  // namespace

/// Draws one day knot by knot.
class Sky::Day {
 public:
  Day(const SkyConfig& config, std::int64_t day, Weather weather)
      : stream_{config.seed, config.site, "clouds"},
        k_(static_cast<std::uint64_t>(day) * kDrawsPerDay),
        kind_(kKinds[static_cast<size_t>(weather)]) {}

  std::vector<Knot> draw() {
    bool cloud = uniform() < kind_.cloud_share;
    knots_.push_back({0, level(cloud)});
    for (stay(cloud); knots_.back().second < kDayS; stay(cloud)) {
      const bool clears_up = cloud && kind_.cloud_share < 1;
      cloud = kind_.cloud_share >= 1 || !cloud;
      pass(level(cloud), clears_up);
    }
    return std::move(knots_);
  }

 private:
  static constexpr std::uint64_t kDrawsPerDay = 1 << 14;  // more than any day needs: an edge takes a minute

  double uniform() { return random_uniform(stream_, k_++); }
  double level(bool cloud) { return (cloud ? kind_.cloud : kind_.clear).at(uniform()); }
  void stay(bool cloud) {
    const double mean_s = 60 * (cloud ? kind_.cloud_min : kind_.clear_min);
    knots_.push_back({knots_.back().second - mean_s * std::log1p(-uniform()), knots_.back().clearness});
  }
  /// An edge to `level`; the rim of a cloud that has gone by throws light beside it.
  void pass(double level, bool clears_up) {
    const double peak = clears_up ? std::min(kBrightest, level + kBrighter * uniform()) : level;
    const double edge_s = std::max(kEdgeS, std::abs(peak - knots_.back().clearness) / kSteepestPerS);
    knots_.push_back({knots_.back().second + edge_s, peak});
    if (clears_up) knots_.push_back({knots_.back().second + kBrightS, level});
  }

  RandomStream stream_;
  std::uint64_t k_;
  const Kind& kind_;
  std::vector<Knot> knots_;
};

Sky::Sky(SkyConfig config, Time start) : config_(std::move(config)), first_day_(civil_day(start).number) {}

Weather Sky::weather_of(std::int64_t day, int month) const {
  if (!config_.days.empty()) return config_.days[static_cast<size_t>(day - first_day_) % config_.days.size()];
  double u = random_uniform({config_.seed, config_.site, "weather"}, static_cast<std::uint64_t>(day));
  const auto& shares = kMonths[static_cast<size_t>(month - 1)];
  for (size_t i = 0; i < shares.size(); ++i)
    if ((u -= shares[i]) < 0) return static_cast<Weather>(i);
  return month <= 3 || month == 12 ? Weather::snow : Weather::rain;
}

double Sky::clearness(Time t) {
  if (day_number(t) != day_) {
    const CivilDay day = civil_day(t);
    day_ = day.number;
    weather_ = weather_of(day.number, day.month);
    knots_ = Day(config_, day.number, weather_).draw();
    next_ = 1;
  }
  const double second = seconds_of_day(t);
  while (knots_[next_].second <= second) ++next_;
  const Knot &before = knots_[next_ - 1], &after = knots_[next_];
  return before.clearness +
         (after.clearness - before.clearness) * (second - before.second) / (after.second - before.second);
}

}  // namespace v2x::plant
