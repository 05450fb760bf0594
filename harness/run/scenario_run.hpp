// Runs one scenario from its first process to its verdict.
#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <map>
#include <string>

#include "harness/run/outcome.hpp"
#include "harness/run/session.hpp"
#include "harness/scenario/steps.hpp"
#include "harness/world/box.hpp"

namespace v2x::run {

struct ScenarioOptions {
  std::filesystem::path directory;  ///< gets record.jsonl, pages/, logs/
  std::filesystem::path programs;
  std::filesystem::path cache;
  std::string name;  ///< with ~2 for a second pass
  std::uint64_t seed = 1;
  bool keep = false;
  world::BrowserHost* browsers = nullptr;  ///< what people act through; null: over HTTP
  bool pictures = false;                   ///< of each page, not only where a step or a failure asks for one
  world::Patience patience;
  std::filesystem::path same_as;  ///< a record of an earlier pass that this one must equal; empty: none
  const std::atomic<bool>* interrupted = nullptr;
  std::function<void(Time)> progress;  ///< told the virtual time after each step
};

struct ScenarioResult {
  std::string name;
  Outcome outcome = Outcome::error;
  std::string sentence;
  double span_s = 0;     ///< simulated
  double elapsed_s = 0;  ///< wall
  std::string scratch;   ///< kept for inspection; empty otherwise
  std::map<std::string, std::string> versions;
  std::vector<std::string> last_events;  ///< before the step that decided, when it did not pass
  std::string reproduce;                 ///< the command that runs exactly this again
};

/// Never throws: what breaks the bench is an outcome, too.
ScenarioResult run_scenario(const scenario::Scenario& scenario, const ScenarioOptions& options);

}  // namespace v2x::run
