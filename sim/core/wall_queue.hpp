// Scheduler on the steady clock, for one thread that waits in poll().
#pragma once

#include <functional>
#include <utility>

#include "sim/core/act_heap.hpp"
#include "sim/core/scheduler.hpp"

namespace v2x::core {

/// Its time is the steady clock's, not service time: masters outside of this process wait by the wall. Belongs to one
/// thread.
class WallQueue final : public Scheduler {
 public:
  Time now() const override { return Time(std::chrono::duration_cast<Duration>(steady_now().time_since_epoch())); }
  void at(Time t, std::function<void()> act) override { acts_.push(t, std::move(act)); }

  void run_due() {
    while (!acts_.empty() && acts_.next() <= now()) acts_.take()();
  }
  /// Time::max() when nothing waits.
  Time next() const { return acts_.empty() ? Time::max() : acts_.next(); }

 private:
  ActHeap acts_;
};

}  // namespace v2x::core
