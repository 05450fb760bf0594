// Realtime: runs the kernel so that its time keeps up with the wall clock, and measures how late it was.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>

#include "common/clock.hpp"
#include "sim/core/kernel.hpp"

namespace v2x::core {

/// How late the kernel was at its instants, in wall time.
struct Lag {
  std::uint64_t samples = 0;
  double p50_us = 0;
  double p99_us = 0;
  double max_us = 0;
};

/// Deadlines are absolute instants of the clock, so an instant that came late doesn't make the next one late.
/// Everything but wake() and present() belongs to the kernel's thread; other threads come in through the Door.
class Pacer {
 public:
  Pacer(Kernel& kernel, RealtimeClock clock);
  ~Pacer();

  /// Paces until `stop` is requested, on the calling thread, which is the kernel's from then on. `after` runs on it
  /// after every instant.
  void run(const std::stop_token& stop, const std::function<void()>& after);
  /// From any thread: something waits at the Door, or stop was requested.
  void wake() { alarm_.wake(); }
  /// From any thread: service time now; where it stands while paused.
  Time present() const;

  void pause();               ///< service time stands still until resume()
  void resume(double speed);  ///< goes on from where it stands
  Lag lag_since_last_call();

 private:
  struct Histogram;

  Kernel& kernel_;
  Alarm alarm_;
  mutable std::mutex mutex_;  // guards what present() reads
  RealtimeClock clock_;
  std::optional<Time> paused_at_;
  std::unique_ptr<Histogram> histogram_;
};

}  // namespace v2x::core
