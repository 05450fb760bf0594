// One measured run of a fleet against one service.
#pragma once

#include <atomic>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "harness/bench/bench_backend.hpp"
#include "harness/bench/fleet_file.hpp"
#include "harness/bench/load_plan.hpp"

namespace v2x::bench {

/// What all turns of one command share; outlives them.
struct Load {
  LoadPlan plan;
  const FleetFile& file;
  const std::vector<FleetGateway>& fleet;
  const std::atomic<bool>& interrupted;
};

struct TurnOptions {
  std::filesystem::path programs;
  std::filesystem::path world;
  StoreKind store = StoreKind::sqlite;
  bool looks = true;  ///< somebody looks at pages meanwhile (Onlooker)
  bool audits = true;
  int wrong_logins = 0;  ///< clients that try wrong passwords all the time
  std::string crash_at;  ///< shape restart: the service dies at this point of contracts/fail_points.yaml, not at random
};

/// The measured facts, as docs/how-to/bench.md names them. "verdict" is one of ok, nothing_sent, generator_bottleneck,
/// not_drained, lost, doubled.
using Facts = nlohmann::json;

/// A fresh v2x-backend. Error "bench": something of the bench broke.
Result<Facts> run_turn(const Load& load, const TurnOptions& options);

/// The same fleet and load against `program` (tests/bench/curve_echo.cpp), which acknowledges and stores nothing.
Result<Facts> run_echo_turn(const Load& load, const std::filesystem::path& program);

}  // namespace v2x::bench
