// A line of the log that would be written over and over is written once a minute.
#pragma once

#include <optional>

#include "common/clock.hpp"

namespace v2x::gateway::program {

class Seldom {
 public:
  /// Whether it may be said now.
  bool due(SteadyTime now) {
    if (said_ && now < *said_ + kPause) return false;
    said_ = now;
    return true;
  }
  /// Whether it was said since the last forget().
  bool said() const { return said_.has_value(); }
  /// What it was about is over.
  void forget() { said_.reset(); }

  static constexpr std::chrono::minutes kPause{1};

 private:
  std::optional<SteadyTime> said_;
};

}  // namespace v2x::gateway::program
