#include "reports/history.hpp"

#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "reports/files.hpp"

namespace v2x::reports {
namespace {

using Json = nlohmann::json;

std::vector<Json> read_lines(const std::filesystem::path& history) {
  std::vector<Json> lines;
  std::ifstream in(history);
  for (std::string text; std::getline(in, text);) {
    Json line = Json::parse(text, nullptr, false);
    if (line.is_object() && line.contains("run") && line.contains("name") && line.contains("outcome"))
      lines.push_back(std::move(line));
  }
  return lines;
}

bool is_bad(const std::string& outcome) {
  return outcome == "failed" || outcome == "error";
}

}  // namespace

Changes changes_since(const std::filesystem::path& history, const Run& run) {
  Changes changes;
  std::map<std::string, std::string> last;  // scenario → newest outcome that is not skipped
  for (const Json& line : read_lines(history)) {
    if (line["run"] == run.name || line.value("started", std::string()) >= run.started) continue;
    if (line["outcome"] != "skipped") last[line["name"]] = line["outcome"];
    changes.compared_with = line["run"];
  }
  if (changes.compared_with.empty()) return changes;
  for (const Scenario& scenario : run.scenarios) {
    if (scenario.outcome == Outcome::skipped) continue;
    const bool bad = is_bad(to_text(scenario.outcome));
    const auto before = last.find(scenario.name);
    const bool is_new = before == last.end();
    const bool was_bad = !is_new && is_bad(before->second);
    if (bad && !was_bad) changes.new_failures.push_back(scenario.name);
    if (!bad && was_bad) changes.fixed.push_back(scenario.name);
    if (!bad && is_new) changes.added.push_back(scenario.name);
  }
  return changes;
}

Status append_history(const std::filesystem::path& history, const Run& run) {
  std::string text;
  for (const Json& line : read_lines(history))
    if (line["run"] != run.name) text += line.dump() + "\n";
  for (const Scenario& scenario : run.scenarios) {
    Json line{{"run", run.name},
              {"started", run.started},
              {"name", scenario.name},
              {"outcome", to_text(scenario.outcome)},
              {"sentence", scenario.sentence}};
    if (scenario.elapsed_s) line["elapsed_s"] = *scenario.elapsed_s;
    text += line.dump() + "\n";
  }
  return write_file(history, text);
}

}  // namespace v2x::reports
