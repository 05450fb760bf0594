// A condition that counts only after it has held without a break.
#pragma once

#include "common/clock.hpp"

namespace v2x::power {

/// "No such instant" in next_change() functions.
inline constexpr Time kNever = Time::max();

class HoldTimer {
 public:
  explicit HoldTimer(Duration needed) : needed_(needed) {}

  void need(Duration needed) { needed_ = needed; }
  void see(bool holds, Time now) {
    if (!holds)
      since_ = kNever;
    else if (since_ == kNever)
      since_ = now;
  }
  void reset() { since_ = kNever; }
  /// The instant at which it has held long enough; kNever while the condition doesn't hold.
  Time due() const { return since_ == kNever ? kNever : since_ + needed_; }
  bool met(Time now) const { return due() <= now; }

 private:
  Duration needed_;
  Time since_ = kNever;
};

/// For next_change(): `t` while it lies ahead.
inline Time if_ahead(Time t, Time now) {
  return t > now ? t : kNever;
}

}  // namespace v2x::power
