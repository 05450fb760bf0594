// The wall clock of a running backend: a realtime clock whose speed the control verb `run` may change.
#pragma once

#include <algorithm>
#include <mutex>

#include "common/clock.hpp"

namespace v2x::app {

/// Thread-safe. Never shows a time before `floor`: the stores hold nothing from the future.
class PacedClock final : public Clock {
 public:
  PacedClock(RealtimeClock clock, Time floor) : clock_(clock), floor_(floor) {}

  Time now() const override {
    const std::lock_guard lock(mutex_);
    return std::max(floor_, clock_.now());
  }
  SteadyTime deadline(Time t) const {
    const std::lock_guard lock(mutex_);
    return clock_.deadline(t);
  }
  void run(double speed) {
    const std::lock_guard lock(mutex_);
    clock_ = RealtimeClock(clock_.now(), steady_now(), speed);
  }

 private:
  mutable std::mutex mutex_;  // guards clock_
  RealtimeClock clock_;
  const Time floor_;
};

}  // namespace v2x::app
