#include "common/clock.hpp"

#include <cmath>

namespace v2x {

SteadyTime steady_now() {
  return std::chrono::steady_clock::now();
}

void SteppedClock::advance_to(Time t) {
  const auto us = t.time_since_epoch().count();
  if (us > now_us_.load(std::memory_order_relaxed)) now_us_.store(us, std::memory_order_release);
}

RealtimeClock::RealtimeClock(Time epoch, SteadyTime anchor, double speed)
    : epoch_(epoch), anchor_(anchor), speed_(speed) {}

RealtimeClock RealtimeClock::system() {
  const auto utc = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
  return {utc, steady_now(), 1.0};
}

Time RealtimeClock::now() const {
  const std::chrono::duration<double, std::micro> wall = steady_now() - anchor_;
  return epoch_ + Duration(std::llround(wall.count() * speed_));
}

SteadyTime RealtimeClock::deadline(Time t) const {
  const double wall_us = static_cast<double>((t - epoch_).count()) / speed_;
  return anchor_ + std::chrono::nanoseconds(std::llround(wall_us * 1000.0));
}

bool Alarm::wait(std::optional<SteadyTime> until) {
  std::unique_lock lock(mutex_);
  const auto woken = [this] { return woken_; };
  const bool result = until ? changed_.wait_until(lock, *until, woken) : (changed_.wait(lock, woken), true);
  woken_ = false;
  return result;
}

void Alarm::wake() {
  {
    const std::lock_guard lock(mutex_);
    woken_ = true;
  }
  changed_.notify_one();
}

}  // namespace v2x
