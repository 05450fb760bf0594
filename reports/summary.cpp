#include "reports/summary.hpp"

#include <nlohmann/json.hpp>

#include "reports/verdict.hpp"

namespace v2x::reports {
namespace {

using Json = nlohmann::json;

Json scenario_json(const Scenario& scenario) {
  Json out{{"name", scenario.name},          {"title", scenario.title},        {"outcome", to_text(scenario.outcome)},
           {"sentence", scenario.sentence},  {"simulated_s", scenario.span_s}, {"covers", scenario.covers},
           {"reproduce", scenario.reproduce}};
  if (scenario.elapsed_s) out["elapsed_s"] = *scenario.elapsed_s;
  if (scenario.has_record) out["record"] = scenario.name + "/record.jsonl";
  return out;
}

Json requirement_json(const Requirement& requirement) {
  Json names = Json::array();
  for (const Scenario* scenario : requirement.scenarios) names.push_back(scenario->name);
  return {{"id", requirement.id}, {"outcome", to_text(requirement.outcome)}, {"scenarios", names}};
}

}  // namespace

std::string summary_json(const Run& run, const Changes& changes) {
  Json out{{"format", 1}, {"verdict", to_text(verdict_of(run))}, {"started", run.started}};
  if (run.elapsed_s) out["elapsed_s"] = *run.elapsed_s;
  if (!run.seed.empty()) out["seed"] = Json::parse(run.seed);
  for (const auto& [outcome, count] : count_outcomes(run)) out["counts"][to_text(outcome)] = count;
  out["scenarios"] = Json::array();
  for (const Scenario& scenario : run.scenarios) out["scenarios"].push_back(scenario_json(scenario));
  out["requirements"] = Json::array();
  for (const Requirement& requirement : requirements_of(run))
    out["requirements"].push_back(requirement_json(requirement));
  out["changed"] = {{"compared_with", changes.compared_with},
                    {"new_failures", changes.new_failures},
                    {"fixed", changes.fixed},
                    {"added", changes.added}};
  return out.dump(2) + "\n";
}

}  // namespace v2x::reports
