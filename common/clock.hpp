// The one clock: every program reads time from here, and nowhere else.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>

namespace v2x {

using Duration = std::chrono::microseconds;
/// An instant of service time (UTC, microseconds since 1970). Service time is virtual in lockstep.
using Time = std::chrono::sys_time<Duration>;

/// Steady wall-clock time, for deadlines on I/O and for measurement only. Never shown, never stored.
using SteadyTime = std::chrono::steady_clock::time_point;
SteadyTime steady_now();

/// Source of service time. now() is thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Time now() const = 0;
};

/// Lockstep: stands still until it is told to move. Never goes back.
class SteppedClock final : public Clock {
 public:
  explicit SteppedClock(Time start) : now_us_(start.time_since_epoch().count()) {}
  Time now() const override { return Time(Duration(now_us_.load(std::memory_order_acquire))); }
  /// Moves to `t`; an earlier `t` is ignored. One thread moves the clock.
  void advance_to(Time t);

 private:
  std::atomic<Duration::rep> now_us_;
};

/// Realtime: `epoch` was at the monotonic instant `anchor`; service time runs `speed` times as fast as the wall.
/// Several processes that are given the same three values share one time (CLOCK_MONOTONIC is machine-wide).
class RealtimeClock final : public Clock {
 public:
  RealtimeClock(Time epoch, SteadyTime anchor, double speed);
  /// Service time = the machine's UTC time, speed 1.
  static RealtimeClock system();
  Time now() const override;
  /// The steady instant at which service time reaches `t`: an absolute deadline, so that pacing does not drift.
  SteadyTime deadline(Time t) const;
  double speed() const { return speed_; }

 private:
  Time epoch_;
  SteadyTime anchor_;
  double speed_;
};

/// A place to wait for an instant of a RealtimeClock or for a wake-up, whichever comes first. Thread-safe.
class Alarm {
 public:
  /// Returns true when woken, false when `until` was reached. Without `until` waits for a wake-up only.
  bool wait(std::optional<SteadyTime> until);
  void wake();

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool woken_ = false;
};

}  // namespace v2x
