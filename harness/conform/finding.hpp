// How a case ends early.
#pragma once

#include <string>

#include "harness/run/outcome.hpp"

namespace v2x::conform {

/// Thrown by whoever finds it, caught by the suite alone: a case ends at its first finding and reads like a manual
/// until then. `sentence` says what was expected and what was seen.
struct Finding {
  run::Outcome outcome = run::Outcome::failed;
  std::string sentence;
};

}  // namespace v2x::conform
