// What a step and a scenario can come to, with the explanation that a person needs.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace v2x::run {

enum class Outcome { passed, failed, error, skipped };
const char* to_string(Outcome outcome);
/// The worst of both, in the order error, failed, passed, skipped.
Outcome worse(Outcome a, Outcome b);

/// Texts for people: contracts/record.md.
struct Explanation {
  std::string waited_for;
  std::string nearest_miss;
  std::vector<std::string> last_events;
  std::string would_release;
};

struct StepResult {
  Outcome outcome = Outcome::passed;
  std::string detail;
  std::optional<Explanation> explanation;
};

inline StepResult passed(std::string detail = {}) {
  return {Outcome::passed, std::move(detail), std::nullopt};
}
inline StepResult failed(std::string detail) {
  return {Outcome::failed, std::move(detail), std::nullopt};
}
inline StepResult error(std::string detail) {
  return {Outcome::error, std::move(detail), std::nullopt};
}
inline StepResult skipped(std::string detail) {
  return {Outcome::skipped, std::move(detail), std::nullopt};
}

}  // namespace v2x::run
