// Runs many scenarios in parallel and leaves a run directory: records, run.json, reports.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "harness/run/session.hpp"
#include "harness/scenario/steps.hpp"

namespace v2x::run {

/// Exit codes of every command: scenarios.md §3.
enum class ExitCode { passed = 0, failed = 1, bad_input = 2, bench_error = 3, nothing_ran = 5, interrupted = 130 };

struct Selection {
  std::vector<std::string> paths;
  std::vector<std::string> tags;  ///< only scenarios with one of these; empty: all
  std::vector<std::string> skip;  ///< none with one of these
};

struct RunOptions {
  Selection selection;
  int jobs = 2;
  std::uint64_t seed = 1;
  int repeat = 1;
  bool check_determinism = false;
  bool fail_fast = false;
  bool keep = false;
  bool json = false;
  bool pictures = false;  ///< through Chromium, of each page that a scenario has not shown before
  std::vector<Via> via{Via::http};
  std::filesystem::path results;
  std::filesystem::path programs;
  std::vector<std::string> command;
  const std::atomic<bool>* interrupted = nullptr;
};

/// Loads and checks everything that is selected; throws BadInput. A path may name one row of cases: "file.yaml@E1-1".
std::vector<scenario::Scenario> select(const Selection& selection);

/// Prints progress, the verdict and where the report is.
ExitCode run(const RunOptions& options);

}  // namespace v2x::run
