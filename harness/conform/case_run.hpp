// One case from its beginning in daily life to its verdict, with its record.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "harness/conform/cases.hpp"
#include "harness/run/scenario_run.hpp"

namespace v2x::conform {

/// Belongs to the suite's thread. The one place that catches Findings.
class CaseRun {
 public:
  struct Options {
    std::string name;                 ///< in the record: "conform/hello_is_repeated"
    std::filesystem::path directory;  ///< gets record.jsonl
    std::string world;
    std::string reproduce;
    std::string skip;                                  ///< why it can't run; empty: it can
    std::function<std::optional<std::string>()> died;  ///< a process that ended although nobody wanted it to
  };
  CaseRun(const Case& one, Bench& bench, Options options);

  run::ScenarioResult run();

 private:
  void write_head();
  run::StepResult perform();
  void write_end(const run::StepResult& result, Time began);

  const Case& case_;
  Bench& bench_;
  Options options_;
  run::Record record_;
};

}  // namespace v2x::conform
