#include "reports/verdict.hpp"

#include <algorithm>

namespace v2x::reports {
namespace {

Outcome worst(const std::map<Outcome, int>& counts) {
  const auto has = [&](Outcome outcome) { return counts.contains(outcome) && counts.at(outcome) > 0; };
  for (const Outcome outcome : {Outcome::failed, Outcome::error, Outcome::passed})
    if (has(outcome)) return outcome;
  return Outcome::skipped;
}

}  // namespace

std::map<Outcome, int> count_outcomes(const Run& run) {
  std::map<Outcome, int> counts;
  for (const Outcome outcome : kOutcomes) counts[outcome] = 0;
  for (const Scenario& scenario : run.scenarios) ++counts[scenario.outcome];
  return counts;
}

Outcome verdict_of(const Run& run) {
  const Outcome verdict = worst(count_outcomes(run));
  return run.finished || verdict == Outcome::failed ? verdict : Outcome::error;
}

std::vector<Requirement> requirements_of(const Run& run) {
  std::map<std::string, Requirement> by_id;
  for (const Scenario& scenario : run.scenarios)
    for (const auto& id : scenario.covers) {
      by_id[id].id = id;
      by_id[id].scenarios.push_back(&scenario);
    }
  std::vector<Requirement> out;
  for (auto& [id, requirement] : by_id) {
    std::map<Outcome, int> counts;
    for (const Scenario* scenario : requirement.scenarios) ++counts[scenario->outcome];
    requirement.outcome = worst(counts);
    out.push_back(std::move(requirement));
  }
  return out;
}

const Step* deciding_step(const Scenario& scenario) {
  const auto is = [](Outcome outcome) { return [outcome](const Step& step) { return step.outcome == outcome; }; };
  const auto found = std::find_if(scenario.steps.begin(), scenario.steps.end(), is(scenario.outcome));
  const bool decided = scenario.outcome == Outcome::failed || scenario.outcome == Outcome::error;
  return decided && found != scenario.steps.end() ? &*found : nullptr;
}

}  // namespace v2x::reports
