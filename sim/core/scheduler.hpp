// The seam between what happens "in 12 ms of virtual time" and the SystemC kernel that makes it so.
#pragma once

#include <functional>

#include "common/clock.hpp"

namespace v2x::core {

/// Belongs to the kernel's thread.
class Scheduler {
 public:
  virtual ~Scheduler() = default;
  virtual Time now() const = 0;
  /// Runs `act` once at `t` (an earlier `t` means now, after the current act). Acts of one instant run in the order
  /// in which they were asked for.
  virtual void at(Time t, std::function<void()> act) = 0;
};

}  // namespace v2x::core
