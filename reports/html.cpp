#include "reports/html.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "common/resources.hpp"
#include "reports/verdict.hpp"
#include "reports/view.hpp"
#include "reports/words.hpp"

namespace v2x::reports {
namespace {

namespace mustache = kainjow::mustache;

std::string template_text(const std::string& name) {
  std::ifstream in(resource("reports") / name);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

View name_view(const Run& run, const std::string& name) {
  const auto found =
      std::find_if(run.scenarios.begin(), run.scenarios.end(), [&](const Scenario& s) { return s.name == name; });
  View view;
  view.set("name", name);
  view.set("title", found == run.scenarios.end() ? name : found->title);
  return view;
}

View changes_view(const Run& run, const Changes& changes) {
  const auto names = [&](const std::vector<std::string>& list) {
    return list_view(list, [&](const std::string& name) { return name_view(run, name); });
  };
  View view;
  view.set("compared_with", changes.compared_with);
  view.set("new_failures", names(changes.new_failures));
  view.set("fixed", names(changes.fixed));
  view.set("added", names(changes.added));
  view.set("nothing", changes.new_failures.empty() && changes.fixed.empty() && changes.added.empty());
  return view;
}

View count_view(Outcome outcome, int count) {
  View view;
  set_outcome(view, outcome);
  view.set("count", std::to_string(count));
  view.set("any", count > 0);
  return view;
}

View requirement_view(const Requirement& requirement) {
  View view;
  set_outcome(view, requirement.outcome);
  view.set("id", requirement.id);
  view.set("by", list_view(requirement.scenarios, [](const Scenario* scenario) {
             View out;
             set_outcome(out, scenario->outcome);
             out.set("name", scenario->name);
             out.set("title", scenario->title);
             return out;
           }));
  return view;
}

/// "2026-04-01 12:00:00" of RFC 3339 text.
std::string started_text(const std::string& rfc3339) {
  return rfc3339.size() < 19 ? rfc3339 : rfc3339.substr(0, 10) + " " + rfc3339.substr(11, 8);
}

void set_facts(View& view, const Run& run) {
  view.set("run_name", run.name);
  set_text(view, "run_started", started_text(run.started));
  set_text(view, "run_elapsed", run.elapsed_s ? span(*run.elapsed_s) : "");
  set_text(view, "run_seed", run.seed);
  set_text(view, "run_command", run.command);
  set_text(view, "run_clock", run.clock);
  view.set("cut_off", !run.finished);
  view.set("versions", list_view(run.versions, [](const auto& version) {
             View out;
             out.set("program", version.first);
             out.set("version", version.second);
             return out;
           }));
}

View page_view(const Run& run, const Changes& changes) {
  View view;
  set_facts(view, run);
  set_outcome(view, verdict_of(run));
  view.set("total", std::to_string(run.scenarios.size()));
  View counts{View::type::list};
  for (const auto& [outcome, count] : count_outcomes(run)) counts << count_view(outcome, count);
  view.set("counts", counts);
  view.set("changes", changes.compared_with.empty() ? View(false) : changes_view(run, changes));

  std::vector<const Scenario*> worst_first;
  for (const Outcome outcome : kOutcomes)
    for (const Scenario& scenario : run.scenarios)
      if (scenario.outcome == outcome) worst_first.push_back(&scenario);
  std::vector<const Scenario*> bad = worst_first;
  std::erase_if(bad, [](const Scenario* s) { return s->outcome != Outcome::failed && s->outcome != Outcome::error; });
  view.set("has_bad", !bad.empty());
  view.set("bad_ones", list_view(bad, [](const Scenario* scenario) {
             View out;
             set_outcome(out, scenario->outcome);
             out.set("name", scenario->name);
             out.set("title", scenario->title);
             set_text(out, "sentence", scenario->sentence);
             return out;
           }));
  view.set("scenarios", list_view(worst_first, [](const Scenario* scenario) { return scenario_view(*scenario); }));
  const auto requirements = requirements_of(run);
  view.set("has_requirements", !requirements.empty());
  view.set("requirements", list_view(requirements, requirement_view));
  return view;
}

View partial(const std::string& name) {
  return View(mustache::partial([text = template_text(name)] { return text; }));
}

}  // namespace

void set_text(View& view, const std::string& key, const std::string& text) {
  if (text.empty())
    view.set(key, false);
  else
    view.set(key, text);
}

void set_outcome(View& view, Outcome outcome) {
  const OutcomeWords words = words_of(outcome);
  view.set("outcome", to_text(outcome));
  view.set("outcome_ja", words.japanese);
  view.set("outcome_en", words.english);
  view.set("symbol", words.symbol);
}

std::string report_html(const Run& run, const Changes& changes) {
  View view = page_view(run, changes);
  view.set("style", partial("report.css"));
  view.set("script", partial("report.js"));
  view.set("scenario_template", partial("scenario.html"));
  view.set("timeline_template", partial("timeline.svg"));
  return mustache::mustache(template_text("report.html")).render(view);
}

}  // namespace v2x::reports
