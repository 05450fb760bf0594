// What carries a unit's bytes on the wall clock, as the program's loop serves it.
#pragma once

#include <poll.h>

#include <optional>
#include <span>
#include <vector>

#include "common/clock.hpp"

namespace v2x::gateway::program {

/// Never blocks. Belongs to the program's thread.
class BusLink {
 public:
  virtual ~BusLink() = default;
  /// Adds what is waited for; serve() gets as many back.
  virtual void add_waits(std::vector<pollfd>& waits) = 0;
  /// After each wait, also when nothing of its own is ready.
  virtual void serve(std::span<const pollfd> ready, SteadyTime now) = 0;
  /// When serve() is to be called at the latest.
  virtual std::optional<SteadyTime> next_deadline() const = 0;
  /// It can carry a request now.
  virtual bool is_up() const = 0;
};

}  // namespace v2x::gateway::program
