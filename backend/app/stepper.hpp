// The backend's side of the barrier: moves a stepped clock, takes in announced frames, runs what is due.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "backend/app/duty_roster.hpp"
#include "backend/app/happenings.hpp"
#include "backend/ingest/server.hpp"
#include "common/clock.hpp"
#include "common/control.hpp"

namespace v2x::app {

/// Belongs to the control thread. contracts/control.md, "The barrier", is its specification.
class Stepper {
 public:
  /// `came_up` is told the time of the first advance_to: until then nothing could be heard.
  Stepper(SteppedClock& clock, DutyRoster& duties, ingest::Server& ingest, Happenings& happenings,
          std::function<void(Time)> came_up);

  /// Counts frames from zero; frames that nobody announced are forgotten.
  std::optional<Time> follow();

  struct Step {
    std::optional<Time> next_due;
    std::uint64_t frames_down = 0;
    Json happened;
  };
  /// `frames_sent` since follow. An error is one of the bench: frames that don't come, or fewer than before.
  Result<Step> advance_to(Time t, std::uint64_t frames_sent);

 private:
  void run_before(Time t);

  SteppedClock& clock_;
  DutyRoster& duties_;
  ingest::Server& ingest_;
  Happenings& happenings_;
  std::function<void(Time)> came_up_;  ///< empty once it was called
  std::uint64_t frames_taken_ = 0;
};

}  // namespace v2x::app
