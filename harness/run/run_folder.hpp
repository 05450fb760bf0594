// A run's directory: made at the start, run.json at both ends, reports and exit code at the end.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "common/clock.hpp"
#include "harness/run/run.hpp"
#include "harness/run/scenario_run.hpp"

namespace v2x::run {

/// What run.json says of the run as a whole (contracts/record.md).
struct RunFacts {
  std::uint64_t seed = 1;
  std::vector<std::string> command;
  std::string clock = "lockstep";
  double speed = 1;
  std::string via = "http";
  Json selection = Json::object();
  std::vector<std::string> scenarios;  ///< names, in the order in which they were selected
};

/// Belongs to one thread.
class RunFolder {
 public:
  /// Makes <results>/<time>-<seed>/ and writes run.json without an end.
  RunFolder(const std::filesystem::path& results, RunFacts facts);

  const std::filesystem::path& path() const { return path_; }
  /// Writes run.json with its end, makes the reports, prints counts and the report's place (with `json` the summary on
  /// stdout and all else on stderr). The exit code of scenarios.md §3 but for an interruption.
  ExitCode finish(const std::vector<ScenarioResult>& results, bool json);

 private:
  void write(const std::vector<ScenarioResult>* results) const;

  std::filesystem::path path_;
  RunFacts facts_;
  SteadyTime began_;
  Time started_;
};

}  // namespace v2x::run
