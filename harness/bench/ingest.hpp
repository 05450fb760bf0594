// `v2x bench ingest` and `v2x bench compare`: a fleet loads the service; what it held, and against what.
#pragma once

#include <atomic>
#include <filesystem>
#include <string>
#include <vector>

#include "harness/bench/bench_backend.hpp"
#include "harness/bench/load_plan.hpp"
#include "harness/bench/turn.hpp"

namespace v2x::bench {

/// Exit codes of scenarios.md §3 that a bench has.
enum class BenchExit { ok = 0, failed = 1, bench_error = 3, threshold_missed = 4, interrupted = 130 };

struct IngestOptions {
  LoadPlan plan;
  StoreKind store = StoreKind::sqlite;
  std::vector<std::string> against;       ///< reference_names()
  std::vector<std::string> requirements;  ///< parse_requirement()
  int pairs = 5;                          ///< with `against`, `wrong_logins` or `compare`
  double of_saturation = 0;               ///< rate as a share of what a saturating turn before it held; 0: plan.rate
  int wrong_logins = 0;                   ///< clients; then `pairs` of runs without and with them
  std::string crash_at;                   ///< shape restart
  bool looks = true;
  bool audits = true;
  bool json = false;
  std::filesystem::path fleet;  ///< sample file; empty: made once by v2x-sim and kept
  std::filesystem::path world = "scenarios/worlds/home_registered.yaml";
  std::filesystem::path results;
  std::filesystem::path programs;
  const std::atomic<bool>* interrupted = nullptr;
};

/// Prints a table (or JSON) and leaves bench.json and a page below `results`. Throws BadInput for bad options.
BenchExit bench_ingest(const IngestOptions& options);

/// The programs in `head` against those in `base` (directories with v2x-backend), in pairs of one run, beside a null
/// run of base against itself, whose interval is the noise floor. Exit code 4: head is slower by more than that.
BenchExit bench_compare(const IngestOptions& options, const std::filesystem::path& base,
                        const std::filesystem::path& head);

}  // namespace v2x::bench
