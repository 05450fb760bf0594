// The duties of one thread: when the next of them falls due, and running what is due.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <vector>

#include "backend/service/duty.hpp"

namespace v2x::app {

/// Belongs to one thread, but for changed().
class DutyRoster {
 public:
  explicit DutyRoster(std::vector<service::Duty*> duties) : duties_(std::move(duties)) {}

  /// The earliest next_due of all; asked anew only after changed().
  std::optional<Time> next_due();
  /// Runs duties until none is due at `now`. Aborts when one never gets done: it would hang every scenario.
  void run_due(Time now);
  /// The registry has changed, so the next due time may have, too. Thread-safe.
  void changed() { ++generation_; }

 private:
  std::vector<service::Duty*> duties_;
  std::atomic<std::uint64_t> generation_{1};
  std::uint64_t known_generation_ = 0;
  std::optional<Time> known_;
};

}  // namespace v2x::app
