#include "backend/app/duty_roster.hpp"

#include <cstdlib>

#include "common/jst.hpp"
#include "common/log.hpp"

namespace v2x::app {
namespace {

constexpr int kMostRounds = 10'000;

bool is_due(service::Duty& duty, Time now) {
  const auto due = duty.next_due();
  return due && *due <= now;
}

}  // namespace

std::optional<Time> DutyRoster::next_due() {
  const std::uint64_t generation = generation_;
  if (generation == known_generation_) return known_;
  known_.reset();
  for (auto* duty : duties_)
    if (const auto due = duty->next_due(); due && (!known_ || *due < *known_)) known_ = due;
  known_generation_ = generation;
  return known_;
}

void DutyRoster::run_due(Time now) {
  for (int round = 0; round < kMostRounds; ++round) {
    const auto due = next_due();
    if (!due || *due > now) return;
    for (auto* duty : duties_)
      if (is_due(*duty, now)) duty->run(now);
    changed();
  }
  log::error("a duty is due at {} after {} runs: it never gets done", format_time(now), kMostRounds);
  std::abort();
}

}  // namespace v2x::app
