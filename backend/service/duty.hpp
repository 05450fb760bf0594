// Something that falls due: outbox mails, alarm holds, offline detection, closings, expiries.
#pragma once

#include <optional>

#include "common/clock.hpp"

namespace v2x::service {

/// Derived from the database alone: a restart forgets nothing. One thread runs all duties.
class Duty {
 public:
  virtual ~Duty() = default;
  /// The earliest instant at which run() has something to do; nullopt when nothing is scheduled.
  virtual std::optional<Time> next_due() = 0;
  /// Does everything that is due at `now`. Afterwards next_due() is later than `now`, or nothing.
  virtual void run(Time now) = 0;
};

}  // namespace v2x::service
