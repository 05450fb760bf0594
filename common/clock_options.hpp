// `--clock lockstep|realtime --start T --epoch T@ns --speed f`: the same words in every program.
#pragma once

#include <string>

#include "common/clock.hpp"

namespace v2x {

/// As given on a command line. Errors are BadInput that name the option.
struct ClockOptions {
  std::string start;  ///< of a stepped clock, RFC 3339; JST where no zone is given
  std::string epoch;  ///< of a realtime clock: "<service time>@<CLOCK_MONOTONIC ns>"; empty = the machine's time
  double speed = 1.0;

  Time start_time() const;
  RealtimeClock realtime() const;
};

/// The `--epoch` text that gives another process the same time as now: "2026-04-01T12:00:00+09:00@123456789".
std::string format_epoch(Time service_time, SteadyTime at);

}  // namespace v2x
