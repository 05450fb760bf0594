// history.jsonl: one line per run and scenario, over all runs of a results folder. What changed is read from it.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "common/result.hpp"
#include "reports/record.hpp"

namespace v2x::reports {

/// How this run differs from the newest earlier outcome of each of its scenarios.
struct Changes {
  std::string compared_with;  ///< the newest earlier run; empty when there is none
  std::vector<std::string> new_failures;
  std::vector<std::string> fixed;
  std::vector<std::string> added;  ///< good and never seen before; empty without an earlier run
};

/// Compares with what the history has of runs that started before this one. A missing file is an empty history, a
/// damaged line is passed over.
Changes changes_since(const std::filesystem::path& history, const Run& run);

/// Puts this run's lines into the history; lines of an earlier report of the same run are replaced.
Status append_history(const std::filesystem::path& history, const Run& run);

}  // namespace v2x::reports
