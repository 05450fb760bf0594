// The backend's verbs on the control socket: contracts/control.md.
#pragma once

#include <functional>

#include "backend/app/paced_clock.hpp"
#include "backend/app/stepper.hpp"
#include "backend/ingest/counters.hpp"
#include "backend/service/registry.hpp"
#include "backend/service/telemetry.hpp"
#include "common/control.hpp"

namespace v2x::app {

struct ClockVerbs {
  const Clock& clock;
  Json hello;                     ///< its answer but for `now`
  Stepper* stepper = nullptr;     ///< with a stepped clock
  PacedClock* paced = nullptr;    ///< on the wall clock
  std::function<void()> repaced;  ///< after `run` has changed the speed
};
/// hello, follow, advance_to, run.
void add_clock_verbs(ControlServer& control, const ClockVerbs& verbs);

/// fail_at, counters, mails, ledger. `counters`: null where nothing is taken in; all of it outlives `control`.
void add_inspection_verbs(ControlServer& control, service::Registry& registry, service::TelemetryStore& telemetry,
                          const ingest::Counters* counters);

}  // namespace v2x::app
