// A span of the day that may pass midnight: charging and discharging hours.
#pragma once

#include <chrono>

namespace v2x::model {

/// Minutes from JST midnight; half-open on the right; start ≠ end.
struct DayWindow {
  std::chrono::minutes start{};
  std::chrono::minutes end{};

  bool contains(std::chrono::minutes of_day) const {
    return start < end ? start <= of_day && of_day < end : of_day >= start || of_day < end;
  }
  bool overlaps(const DayWindow& other) const { return contains(other.start) || other.contains(start); }
};

}  // namespace v2x::model
