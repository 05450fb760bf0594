// What a run says as a whole: its verdict, its counts, and which requirements it covers.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "reports/record.hpp"

namespace v2x::reports {

std::map<Outcome, int> count_outcomes(const Run& run);

/// failed, else error, else passed, else skipped (nothing ran). A run that was cut off is at best an error.
Outcome verdict_of(const Run& run);

/// A requirement id with the scenarios that name it in `covers`.
struct Requirement {
  std::string id;
  std::vector<const Scenario*> scenarios;  ///< of the run, which must outlive this
  Outcome outcome = Outcome::skipped;      ///< the worst of them; skipped only when all are
};
std::vector<Requirement> requirements_of(const Run& run);

/// The step that decided a failed scenario; null when none did.
const Step* deciding_step(const Scenario& scenario);

}  // namespace v2x::reports
