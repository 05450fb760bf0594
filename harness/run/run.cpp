#include "harness/run/run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <mutex>
#include <thread>

#include "common/bad_input.hpp"
#include "common/jst.hpp"
#include "harness/actors/mail.hpp"
#include "harness/run/progress.hpp"
#include "harness/run/record.hpp"
#include "harness/run/scenario_run.hpp"
#include "harness/scenario/loader.hpp"
#include "harness/world/state_cache.hpp"
#include "reports/reports.hpp"

namespace v2x::run {
namespace {

namespace fs = std::filesystem;
using scenario::Scenario;

/// A scenario's turn: passes of one scenario follow each other in one worker, so that they can be compared.
struct Job {
  const Scenario* scenario;
  int passes;
};

Time wall_now() {
  return RealtimeClock::system().now();
}
double tenth(double seconds) {
  return std::round(seconds * 10) / 10;
}

fs::path make_directory(const fs::path& results, std::uint64_t seed) {
  const std::string name = fmt::format("{}-{}", format_jst(wall_now(), "%Y%m%dT%H%M%S"), seed);
  fs::create_directories(results);
  fs::path directory = results / name;
  for (int i = 2; !fs::create_directory(directory); ++i) directory = results / fmt::format("{}-{}", name, i);
  return directory;
}

bool has_any(const std::vector<std::string>& words, const std::vector<std::string>& wanted) {
  return std::any_of(words.begin(), words.end(), [&](const std::string& word) {
    return std::find(wanted.begin(), wanted.end(), word) != wanted.end();
  });
}

class Runner {
 public:
  Runner(const RunOptions& options, const std::vector<Scenario>& scenarios)
      : options_(options),
        directory_(make_directory(options.results, options.seed)),
        began_(steady_now()),
        started_(wall_now()),
        progress_(options.json ? stderr : stdout, scenarios.size() * static_cast<size_t>(passes())) {
    for (const Scenario& scenario : scenarios) jobs_.push_back({&scenario, passes()});
  }

  ExitCode run() {
    write_run_json(false);
    std::vector<std::thread> workers;
    for (int i = 0; i < std::max(1, options_.jobs); ++i) workers.emplace_back([this] { work(); });
    for (std::thread& worker : workers) worker.join();
    write_run_json(true);
    return report();
  }

 private:
  int passes() const { return std::max(options_.repeat, options_.check_determinism ? 2 : 1); }

  bool shall_stop() const { return stop_ || (options_.interrupted && *options_.interrupted); }

  void work() {
    for (size_t i = next_++; i < jobs_.size() && !shall_stop(); i = next_++)
      for (int pass = 1; pass <= jobs_[i].passes && !shall_stop(); ++pass) run_pass(*jobs_[i].scenario, pass);
  }

  void run_pass(const Scenario& scenario, int pass) {
    ScenarioOptions options;
    options.name = pass == 1 ? scenario.name : fmt::format("{}~{}", scenario.name, pass);
    options.directory = directory_ / options.name;
    options.programs = options_.programs;
    options.cache = world::StateCache::default_root();
    options.seed = options_.seed;
    options.keep = options_.keep;
    options.interrupted = options_.interrupted;
    if (options_.check_determinism && pass > 1) options.same_as = directory_ / scenario.name / "record.jsonl";
    const SteadyTime began = steady_now();
    options.progress = [&](Time now) { progress_.moved(options.name, scenario.start, now, began); };
    ScenarioResult result = run_scenario(scenario, options);
    progress_.finished(result);
    if (options_.fail_fast && result.outcome != Outcome::passed) stop_ = true;
    const std::lock_guard lock(mutex_);
    results_.push_back(std::move(result));
  }

  void write_run_json(bool finished) {
    Json json{{"format", 1},           {"started", format_time(started_)},
              {"seed", options_.seed}, {"command", options_.command},
              {"clock", "lockstep"},   {"speed", 1},
              {"via", options_.via}};
    json["selection"] = {
        {"paths", options_.selection.paths}, {"tags", options_.selection.tags}, {"skip", options_.selection.skip}};
    json["versions"] = {{"v2x", V2X_VERSION}};
    json["scenarios"] = Json::array();
    for (const Job& job : jobs_)
      for (int pass = 1; pass <= job.passes; ++pass)
        json["scenarios"].push_back(
            entry(pass == 1 ? job.scenario->name : fmt::format("{}~{}", job.scenario->name, pass)));
    if (finished) {
      for (const ScenarioResult& result : results_) json["versions"].update(Json(result.versions));
      json["finished"] = format_time(wall_now());
      json["elapsed_s"] = tenth(std::chrono::duration<double>(steady_now() - began_).count());
    }
    std::ofstream(directory_ / "run.json") << json.dump(2) << "\n";
  }

  Json entry(const std::string& name) const {
    Json json{{"name", name}};
    for (const ScenarioResult& result : results_)
      if (result.name == name) json["elapsed_s"] = tenth(result.elapsed_s);
    return json;
  }

  size_t count(Outcome outcome) const {
    return static_cast<size_t>(
        std::count_if(results_.begin(), results_.end(), [&](const auto& result) { return result.outcome == outcome; }));
  }

  ExitCode exit_code() const {
    if (options_.interrupted && *options_.interrupted) return ExitCode::interrupted;
    if (count(Outcome::failed) > 0) return ExitCode::failed;
    if (count(Outcome::error) > 0) return ExitCode::bench_error;
    return count(Outcome::passed) > 0 ? ExitCode::passed : ExitCode::nothing_ran;
  }

  ExitCode report() {
    const auto reports = reports::write_reports(directory_);
    std::FILE* out = options_.json ? stderr : stdout;
    fmt::print(out, "{} passed, {} failed, {} error, {} skipped\n", count(Outcome::passed), count(Outcome::failed),
               count(Outcome::error), count(Outcome::skipped));
    if (!reports) {
      fmt::print(out, "no report: {}\n", reports.error().message);
      return ExitCode::bench_error;
    }
    fmt::print(out, "report: {}\n", reports->html.string());
    if (options_.json) {
      std::ifstream summary(reports->summary);
      fmt::print("{}\n", std::string(std::istreambuf_iterator<char>(summary), {}));
    }
    return exit_code();
  }

  const RunOptions& options_;
  fs::path directory_;
  SteadyTime began_;
  Time started_;
  Progress progress_;
  std::vector<Job> jobs_;
  std::atomic<size_t> next_ = 0;
  std::atomic<bool> stop_ = false;
  std::mutex mutex_;
  std::vector<ScenarioResult> results_;  ///< guarded by mutex_ while workers run
};

}  // namespace

std::vector<Scenario> select(const Selection& selection) {
  const auto catalogue = contracts::QuantityCatalogue::load();
  std::vector<Scenario> selected;
  for (const std::string& path : selection.paths) {
    const auto at = path.rfind('@');
    const bool one_case = at != std::string::npos && !fs::exists(path);
    const std::string wanted = one_case ? path.substr(at + 1) : "";
    bool found = !one_case;
    for (const fs::path& file : scenario::find_scenarios({one_case ? path.substr(0, at) : path}))
      for (Scenario& scenario : scenario::load_scenario(file, catalogue)) {
        if (one_case && scenario.case_name != wanted) continue;
        found = true;
        const bool chosen = selection.tags.empty() || has_any(scenario.tags, selection.tags);
        if (chosen && !has_any(scenario.tags, selection.skip)) selected.push_back(std::move(scenario));
      }
    if (!found) throw BadInput(path + ": there is no such case");
  }
  return selected;
}

ExitCode run(const RunOptions& options) {
  const std::vector<Scenario> scenarios = select(options.selection);
  if (scenarios.empty()) {
    fmt::print(stderr, "nothing selected\n");
    return ExitCode::nothing_ran;
  }
  actors::start_mail_parser();
  return Runner(options, scenarios).run();
}

}  // namespace v2x::run
