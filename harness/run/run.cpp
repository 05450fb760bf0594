#include "harness/run/run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <mutex>
#include <thread>

#include "common/bad_input.hpp"
#include "harness/actors/mail.hpp"
#include "harness/run/progress.hpp"
#include "harness/run/run_folder.hpp"
#include "harness/run/scenario_run.hpp"
#include "harness/scenario/loader.hpp"
#include "harness/world/state_cache.hpp"

namespace v2x::run {
namespace {

namespace fs = std::filesystem;
using scenario::Scenario;

/// A scenario's turn: its passes follow each other in one worker, so that they can be compared.
struct Job {
  const Scenario* scenario;
  Via via;
  std::string name;

  std::string pass_name(int pass) const { return pass == 1 ? name : fmt::format("{}~{}", name, pass); }
};

bool has_any(const std::vector<std::string>& words, const std::vector<std::string>& wanted) {
  return std::any_of(words.begin(), words.end(), [&](const std::string& word) {
    return std::find(wanted.begin(), wanted.end(), word) != wanted.end();
  });
}

/// Through a browser only what has people in it; where both ways are wanted, its name says so.
std::vector<Job> jobs_of(const RunOptions& options, const std::vector<Scenario>& scenarios) {
  std::vector<Job> jobs;
  for (const Via via : options.via)
    for (const Scenario& scenario : scenarios) {
      if (via == Via::browser && !scenario::people_act(scenario)) continue;
      jobs.push_back({&scenario, via, scenario.name + (via == options.via.front() ? "" : "~" + to_string(via))});
    }
  return jobs;
}

class Runner {
 public:
  Runner(const RunOptions& options, std::vector<Job> jobs)
      : options_(options),
        jobs_(std::move(jobs)),
        folder_(options.results, facts()),
        progress_(options.json ? stderr : stdout, jobs_.size() * static_cast<size_t>(passes())) {}

  ExitCode run() {
    std::vector<std::thread> workers;
    for (int i = 1; i <= std::max(1, options_.jobs); ++i) workers.emplace_back([this, i] { work(i); });
    for (std::thread& worker : workers) worker.join();
    const ExitCode code = folder_.finish(results_, options_.json);
    return options_.interrupted && *options_.interrupted ? ExitCode::interrupted : code;
  }

 private:
  int passes() const { return std::max(options_.repeat, options_.check_determinism ? 2 : 1); }

  std::vector<std::string> ways() const {
    std::vector<std::string> words;
    for (const Via via : options_.via) words.emplace_back(to_string(via));
    return words;
  }

  bool shall_stop() const { return stop_ || (options_.interrupted && *options_.interrupted); }

  /// `worker`: from 1.
  void work(int worker) {
    world::BrowserHost browsers(folder_.path() / fmt::format("browsers-{}", worker), {});
    for (size_t i = next_++; i < jobs_.size() && !shall_stop(); i = next_++)
      for (int pass = 1; pass <= passes() && !shall_stop(); ++pass) run_pass(jobs_[i], pass, browsers);
  }

  void run_pass(const Job& job, int pass, world::BrowserHost& browsers) {
    const Scenario& scenario = *job.scenario;
    ScenarioOptions options;
    options.name = job.pass_name(pass);
    options.browsers = job.via == Via::browser ? &browsers : nullptr;
    options.pictures = options_.pictures;
    options.directory = folder_.path() / options.name;
    options.programs = options_.programs;
    options.cache = world::StateCache::default_root();
    options.seed = options_.seed;
    options.keep = options_.keep;
    options.interrupted = options_.interrupted;
    if (options_.check_determinism && pass > 1) options.same_as = folder_.path() / job.name / "record.jsonl";
    const SteadyTime began = steady_now();
    options.progress = [&](Time now) { progress_.moved(options.name, scenario.start, now, began); };
    ScenarioResult result = run_scenario(scenario, options);
    progress_.finished(result);
    if (options_.fail_fast && result.outcome != Outcome::passed) stop_ = true;
    const std::lock_guard lock(mutex_);
    results_.push_back(std::move(result));
  }

  RunFacts facts() const {
    RunFacts facts;
    facts.seed = options_.seed;
    facts.command = options_.command;
    facts.via = fmt::format("{}", fmt::join(ways(), ","));
    facts.selection = {
        {"paths", options_.selection.paths}, {"tags", options_.selection.tags}, {"skip", options_.selection.skip}};
    for (const Job& job : jobs_)
      for (int pass = 1; pass <= passes(); ++pass) facts.scenarios.push_back(job.pass_name(pass));
    return facts;
  }

  const RunOptions& options_;
  std::vector<Job> jobs_;
  RunFolder folder_;
  Progress progress_;
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
  std::vector<Job> jobs = jobs_of(options, scenarios);
  if (jobs.empty()) {
    fmt::print(stderr, "nobody acts in what is selected: nothing to do through a browser\n");
    return ExitCode::nothing_ran;
  }
  actors::start_mail_parser();
  return Runner(options, std::move(jobs)).run();
}

}  // namespace v2x::run
