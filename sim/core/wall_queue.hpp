// Scheduler on the steady clock, for one thread that waits in poll().
#pragma once

#include <cstdint>
#include <functional>
#include <queue>
#include <vector>

#include "sim/core/scheduler.hpp"

namespace v2x::core {

/// Its time is the steady clock's, not service time: masters outside of this process wait by the wall. Belongs to one
/// thread.
class WallQueue final : public Scheduler {
 public:
  Time now() const override { return Time(std::chrono::duration_cast<Duration>(steady_now().time_since_epoch())); }
  void at(Time t, std::function<void()> act) override { acts_.push({t, made_++, std::move(act)}); }

  void run_due() {
    while (!acts_.empty() && acts_.top().t <= now()) {
      const auto run = acts_.top().run;
      acts_.pop();
      run();
    }
  }
  /// Time::max() when nothing waits.
  Time next() const { return acts_.empty() ? Time::max() : acts_.top().t; }

 private:
  struct Act {
    Time t;
    std::uint64_t order;
    std::function<void()> run;
    bool operator>(const Act& other) const { return t != other.t ? t > other.t : order > other.order; }
  };
  std::priority_queue<Act, std::vector<Act>, std::greater<>> acts_;
  std::uint64_t made_ = 0;
};

}  // namespace v2x::core
