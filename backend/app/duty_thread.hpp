// Runs a roster of duties on the wall clock.
#pragma once

#include <atomic>
#include <chrono>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "backend/app/duty_roster.hpp"
#include "backend/app/paced_clock.hpp"

namespace v2x::app {

/// Owns its thread, joined when it is destroyed. A store that fails is tried again a second later.
class DutyThread {
 public:
  /// `look_again`: other processes write, too, so due times are asked for again that often.
  DutyThread(std::string name, std::vector<service::Duty*> duties, const PacedClock& clock,
             std::optional<std::chrono::milliseconds> look_again = {});
  ~DutyThread();
  DutyThread(const DutyThread&) = delete;
  DutyThread& operator=(const DutyThread&) = delete;

  void start();
  /// Something changed: due times are asked for again. Thread-safe.
  void wake();

 private:
  void run();
  std::optional<SteadyTime> work();

  const std::string name_;
  DutyRoster roster_;
  const PacedClock& clock_;
  const std::optional<std::chrono::milliseconds> look_again_;
  Alarm alarm_;
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

}  // namespace v2x::app
