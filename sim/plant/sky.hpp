// Clouds over one place: the weather of each day, and the share of the clear sky's light that they let through.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "common/clock.hpp"

namespace v2x::plant {

enum class Weather { clear, partly, cloudy, rain, snow };
/// The words of YAML, in the enumeration's order.
const std::vector<std::string>& weather_words();

struct SkyConfig {
  std::string site;           ///< owner of the random stream
  std::vector<Weather> days;  ///< from the first day on, repeated; empty: drawn by the month
  std::uint64_t seed = 1;
};

/// A plain model without a clock; a day is a pure function of seed, site and date.
class Sky {
 public:
  Sky(SkyConfig config, Time start);

  /// Of the clear sky's global irradiance, 0.05…1.2. `t` never goes back.
  double clearness(Time t);
  Weather weather() const { return weather_; }

 private:
  struct Knot {
    double second = 0;  ///< of the day
    double clearness = 1;
  };
  class Day;

  Weather weather_of(std::int64_t day, int month) const;

  SkyConfig config_;
  std::int64_t first_day_;
  std::int64_t day_ = -1;
  Weather weather_ = Weather::clear;
  std::vector<Knot> knots_;  ///< of the day; linear in between
  size_t next_ = 1;          ///< first knot after the last instant asked for
};

}  // namespace v2x::plant
