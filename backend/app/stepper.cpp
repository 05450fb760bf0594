#include "backend/app/stepper.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace v2x::app {

Stepper::Stepper(SteppedClock& clock, DutyRoster& duties, ingest::Server& ingest, Happenings& happenings,
                 std::function<void(Time)> came_up)
    : clock_(clock), duties_(duties), ingest_(ingest), happenings_(happenings), came_up_(std::move(came_up)) {}

std::optional<Time> Stepper::follow() {
  ingest_.drop_waiting();
  frames_taken_ = 0;
  return duties_.next_due();
}

Result<Stepper::Step> Stepper::advance_to(Time t, std::uint64_t frames_sent) {
  if (frames_sent < frames_taken_)
    return fail("bad_argument", fmt::format("frames_sent is {}, expected {} or more", frames_sent, frames_taken_));
  if (const auto came_up = std::exchange(came_up_, nullptr)) {
    came_up(t);
    duties_.changed();
  }
  run_before(t);
  clock_.advance_to(t);
  const auto sent = ingest_.take_exactly(frames_sent - frames_taken_);
  if (!sent) return fail(sent.error());
  frames_taken_ = frames_sent;
  duties_.run_due(clock_.now());
  const std::uint64_t commands = ingest_.send_commands();
  return Step{duties_.next_due(), *sent + commands, happenings_.take()};
}

void Stepper::run_before(Time t) {
  for (auto due = duties_.next_due(); due && *due < t; due = duties_.next_due()) {
    clock_.advance_to(*due);
    duties_.run_due(clock_.now());
  }
}

}  // namespace v2x::app
