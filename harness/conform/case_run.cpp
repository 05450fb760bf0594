#include "harness/conform/case_run.hpp"

#include <fmt/format.h>

#include "common/jst.hpp"
#include "common/units.hpp"

namespace v2x::conform {
namespace {

using run::Json;
using run::Outcome;

std::string path_of(const Case& one) {
  return "v2x conform gateway " + one.name;
}

}  // namespace

CaseRun::CaseRun(const Case& one, Bench& bench, Options options)
    : case_(one), bench_(bench), options_(std::move(options)), record_(options_.directory) {}

run::ScenarioResult CaseRun::run() {
  const SteadyTime begin = steady_now();
  const Time began = bench_.now();
  write_head();
  bench_.record_to(&record_);
  const run::StepResult result = perform();
  bench_.record_to(nullptr);
  write_end(result, began);
  run::ScenarioResult told;
  told.name = options_.name;
  told.outcome = result.outcome;
  told.sentence = result.detail;
  told.span_s = to_seconds(bench_.now() - began);
  told.elapsed_s = std::chrono::duration<double>(steady_now() - begin).count();
  told.last_events = record_.last_events();
  told.reproduce = options_.reproduce;
  return told;
}

void CaseRun::write_head() {
  record_.line("scenario", {{"format", 1},
                            {"name", options_.name},
                            {"path", path_of(case_)},
                            {"title", case_.name},
                            {"why", case_.shows},
                            {"covers", case_.covers},
                            {"tags", {"conform"}},
                            {"world", options_.world},
                            {"start", format_time(bench_.now())},
                            {"seed", 1},
                            {"reproduce", options_.reproduce}});
}

run::StepResult CaseRun::perform() {
  if (!options_.skip.empty()) return run::skipped(options_.skip);
  try {
    bench_.settle();
    return run::passed(case_.run(bench_));
  } catch (const Finding& finding) {
    if (auto end = options_.died()) return run::error(*end);
    return {finding.outcome, finding.sentence, std::nullopt};
  }
}

void CaseRun::write_end(const run::StepResult& result, Time began) {
  Json step{{"n", 1},
            {"verb", "conform"},
            {"text", case_.shows},
            {"at", path_of(case_)},
            {"t", format_time(began)},
            {"until", format_time(bench_.now())},
            {"outcome", run::to_string(result.outcome)},
            {"detail", result.detail}};
  if (result.outcome == Outcome::failed || result.outcome == Outcome::error)
    step["explanation"] = {{"waited_for", case_.shows},
                           {"nearest_miss", result.detail},
                           {"last_events", record_.last_events()},
                           {"would_release", ""}};
  record_.step(std::move(step));
  Json counts{{"passed", 0}, {"failed", 0}, {"error", 0}, {"skipped", 0}};
  counts[run::to_string(result.outcome)] = 1;
  record_.line("verdict", bench_.now(),
               {{"outcome", run::to_string(result.outcome)},
                {"sentence", result.detail},
                {"steps", counts},
                {"span_s", to_seconds(bench_.now() - began)}});
}

}  // namespace v2x::conform
