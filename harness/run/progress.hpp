// What a person sees while scenarios run: a line per scenario, and on a terminal a live line beneath.
#pragma once

#include <cstdio>
#include <map>
#include <mutex>
#include <string>

#include "common/clock.hpp"
#include "harness/run/scenario_run.hpp"

namespace v2x::run {

/// Thread-safe. Colours and the live line need a terminal; NO_COLOR takes the first away, CI the second.
class Progress {
 public:
  Progress(std::FILE* out, size_t total);
  void moved(const std::string& name, Time start, Time now, SteadyTime began);
  void finished(const ScenarioResult& result);

 private:
  void explain(const ScenarioResult& result);
  void draw_live();
  void clear_live();

  std::FILE* out_;
  size_t total_;
  bool live_;
  bool colour_;
  std::mutex mutex_;
  size_t done_ = 0;                         // guarded by mutex_, and what follows
  std::map<std::string, std::string> now_;  ///< by scenario: "12:10:01 ×340"
};

}  // namespace v2x::run
