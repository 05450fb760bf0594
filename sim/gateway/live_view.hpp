// Live mode: when the next live sample is due, for as long as somebody watches.
#pragma once

#include <optional>

#include "common/clock.hpp"

namespace v2x::gateway {

/// Ends by itself; a new order replaces the running one.
class LiveView {
 public:
  /// The first sample is due at once. `lasts` of zero ends it.
  void start(Time now, Duration period, Duration lasts) {
    period_ = period;
    ends_ = now + lasts;
    next_ = lasts > Duration::zero() ? std::optional(now) : std::nullopt;
  }
  std::optional<Time> next_wake() const { return next_; }
  bool due(Time now) const { return next_ && now >= *next_; }
  /// The due sample was made.
  void shown(Time now) {
    while (next_ && *next_ <= now) *next_ += period_;
    if (next_ && *next_ >= ends_) next_.reset();
  }
  bool on() const { return next_.has_value(); }
  Duration period() const { return period_; }

 private:
  Duration period_ = std::chrono::seconds(1);
  Time ends_{};
  std::optional<Time> next_;
};

}  // namespace v2x::gateway
