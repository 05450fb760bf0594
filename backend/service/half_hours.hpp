// Energy of half-hours from counter readings (MON-20 … MON-24): pure, whatever order the readings came in.
#pragma once

#include <cstdint>
#include <vector>

#include "backend/service/telemetry.hpp"

namespace v2x::service {

inline constexpr Duration kHalfHour = std::chrono::minutes(30);

/// The half-hour in which `t` lies begins then. JST is a whole number of half-hours from UTC.
Time half_hour_of(Time t);
/// The half-hour in which a period that ends at `end` has its last instant.
Time half_hour_of_end(Time end);

/// Sums up flow by flow; what is absent in both stays absent.
void add(Flows<std::int64_t>& sum, const Flows<std::int64_t>& more);

/// What a counter gained between two readings; a fall is a restart, or a roll-over at 2³² Wh when it was close to it
/// (MON-22).
std::int64_t counter_gain(std::int64_t before, std::int64_t after);

/// Whole half-hours of which energy is asked, and from when on it counts.
struct HalfHourRange {
  Time from{};   ///< start of a half-hour
  Time until{};  ///< end of one
  /// What was used before belongs to an earlier owner (GW-11): a half-hour in which this lies is cut, and a gap that
  /// began before it is left out.
  Time visible_from = Time::min();
};

/// The half-hours of the range that have energy, by start. Beside the readings of the range itself, `readings` must
/// hold the newest at or before it and the oldest after it, if there are such. A flow that was not read is absent.
std::vector<HalfHour> half_hours_of(std::vector<CounterReading> readings, const HalfHourRange& range);

}  // namespace v2x::service
