#include "reports/junit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <pugixml.hpp>
#include <sstream>

#include "common/jst.hpp"
#include "reports/verdict.hpp"

namespace v2x::reports {
namespace {

struct SuiteCounts {
  int tests = 0;
  int failures = 0;
  int errors = 0;
  int skipped = 0;
  double time_s = 0;

  void add(const Scenario& scenario) {
    ++tests;
    failures += scenario.outcome == Outcome::failed;
    errors += scenario.outcome == Outcome::error;
    skipped += scenario.outcome == Outcome::skipped;
    time_s += scenario.elapsed_s.value_or(0);
  }
};

std::string seconds(double value) {
  return fmt::format("{:.3f}", value);
}

void set_counts(pugi::xml_node node, const SuiteCounts& counts) {
  node.append_attribute("tests") = counts.tests;
  node.append_attribute("failures") = counts.failures;
  node.append_attribute("errors") = counts.errors;
  node.append_attribute("skipped") = counts.skipped;
  node.append_attribute("time") = seconds(counts.time_s).c_str();
}

/// XML 1.0 has no place for control characters, escaped or not.
std::string printable(std::string text) {
  const auto is_control = [](unsigned char c) { return c < 0x20 && c != '\n' && c != '\t'; };
  std::replace_if(text.begin(), text.end(), is_control, '?');
  return text;
}

void append_text(pugi::xml_node node, const std::string& text) {
  node.append_child(pugi::node_pcdata).set_value(printable(text).c_str());
}

std::string folder_of(const std::string& name) {
  const size_t slash = name.rfind('/');
  return slash == std::string::npos ? "scenarios" : name.substr(0, slash);
}

std::string attachments(const Run& run, const Scenario& scenario) {
  const auto folder = run.directory / scenario.name;
  std::string out = fmt::format("[[ATTACHMENT|{}]]\n", (folder / "record.jsonl").string());
  for (const Page& page : scenario.pages) {
    std::vector<std::string> files = page.screenshots;
    if (!page.file.empty()) files.insert(files.begin(), page.file);
    for (const auto& file : files) out += fmt::format("[[ATTACHMENT|{}]]\n", (folder / file).string());
  }
  return out;
}

void append_case(pugi::xml_node suite, const Run& run, const Scenario& scenario) {
  pugi::xml_node node = suite.append_child("testcase");
  const std::string folder = folder_of(scenario.name);
  const std::string file = folder == "scenarios" ? scenario.name : scenario.name.substr(folder.size() + 1);
  node.append_attribute("classname") = folder.c_str();
  node.append_attribute("name") = printable(file + " " + scenario.title).c_str();
  node.append_attribute("time") = seconds(scenario.elapsed_s.value_or(0)).c_str();
  if (scenario.outcome == Outcome::skipped)
    node.append_child("skipped").append_attribute("message") = printable(scenario.sentence).c_str();
  if (scenario.outcome == Outcome::failed || scenario.outcome == Outcome::error) {
    pugi::xml_node failure = node.append_child(scenario.outcome == Outcome::failed ? "failure" : "error");
    failure.append_attribute("message") = printable(scenario.sentence).c_str();
    append_text(failure, failure_text(scenario));
  }
  if (scenario.has_record) append_text(node.append_child("system-out"), attachments(run, scenario));
}

}  // namespace

std::string failure_text(const Scenario& scenario) {
  std::string out = scenario.sentence + "\n";
  if (const Step* step = deciding_step(scenario)) {
    out += fmt::format("\nstep {}  {}  {}\n", step->n, step->at, format_time(step->until));
    out += step->text + "\n";
    if (!step->detail.empty()) out += step->detail + "\n";
    if (const auto& why = step->explanation) {
      out += fmt::format("\nwaited for:    {}\n", why->waited_for);
      if (!why->nearest_miss.empty()) out += fmt::format("nearest miss:  {}\n", why->nearest_miss);
      if (!why->would_release.empty()) out += fmt::format("would release: {}\n", why->would_release);
      if (!why->last_events.empty()) out += "last events:\n";
      for (const auto& event : why->last_events) out += fmt::format("  {}\n", event);
    }
  }
  if (!scenario.reproduce.empty()) out += fmt::format("\nreproduce: {}\n", scenario.reproduce);
  return out;
}

std::string junit_xml(const Run& run) {
  std::map<std::string, std::vector<const Scenario*>> suites;
  SuiteCounts all;
  for (const Scenario& scenario : run.scenarios) {
    suites[folder_of(scenario.name)].push_back(&scenario);
    all.add(scenario);
  }
  pugi::xml_document document;
  pugi::xml_node root = document.append_child("testsuites");
  root.append_attribute("name") = run.name.c_str();
  set_counts(root, all);
  for (const auto& [folder, scenarios] : suites) {
    pugi::xml_node suite = root.append_child("testsuite");
    suite.append_attribute("name") = folder.c_str();
    suite.append_attribute("timestamp") = run.started.c_str();
    SuiteCounts counts;
    for (const Scenario* scenario : scenarios) counts.add(*scenario);
    set_counts(suite, counts);
    for (const Scenario* scenario : scenarios) append_case(suite, run, *scenario);
  }
  std::ostringstream out;
  document.save(out, "  ");
  return out.str();
}

}  // namespace v2x::reports
