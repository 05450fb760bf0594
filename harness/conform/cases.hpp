// The cases of the gateway suite: one table, from which the run, the help and the reference page are made.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/conform/bench.hpp"

namespace v2x::conform {

struct Case {
  std::string name;   ///< "exception_is_never_zero": says what must be so
  std::string shows;  ///< one sentence
  std::vector<std::string> covers;
  std::optional<Hook> needs;
  /// Returns one sentence about what was seen; throws a Finding.
  std::string (*run)(Bench& bench) = nullptr;
};

/// In the order in which they run.
const std::vector<Case>& cases();
/// Throws BadInput with the nearest word.
const Case& find_case(const std::string& name);
/// docs/reference/gateway-conformance.md.
std::string reference_page();

// The groups that the table is made of.
std::vector<Case> greeting_cases();
std::vector<Case> polling_cases();
std::vector<Case> delivery_cases();
std::vector<Case> line_cases();
std::vector<Case> command_cases();
std::vector<Case> owner_cases();

}  // namespace v2x::conform
