// Axes of the timeline: where ticks stand and what they say.
#pragma once

#include <string>
#include <vector>

#include "common/clock.hpp"

namespace v2x::reports {

struct Tick {
  double position = 0;  ///< 0 at the axis's begin, 1 at its end
  std::string label;
};

/// Ticks at round JST times between `start` and `end`, about eight.
std::vector<Tick> time_ticks(Time start, Time end);

/// A range of values whose ends are round numbers.
struct ValueAxis {
  double low = 0;
  double high = 1;
  std::vector<Tick> ticks;
};
/// Covers low … high, and zero when `with_zero`; two to five ticks.
ValueAxis value_axis(double low, double high, bool with_zero);

}  // namespace v2x::reports
