// A line of the log that would be written over and over is written once a minute.
#pragma once

#include <optional>

#include "common/clock.hpp"

namespace v2x::gateway::program {

class Seldom {
 public:
  /// Whether it may be said now.
  bool due(SteadyTime now) {
    if (said_at_ && now < *said_at_ + kPause) return false;
    said_at_ = now;
    said_ = true;
    return true;
  }
  /// Whether it was said since the last over().
  bool said() const { return said_; }
  /// What it was about is over. Should it come back within the pause, that waits for the pause's end.
  void over() { said_ = false; }

  static constexpr std::chrono::minutes kPause{1};

 private:
  std::optional<SteadyTime> said_at_;
  bool said_ = false;
};

}  // namespace v2x::gateway::program
