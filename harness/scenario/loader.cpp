#include "harness/scenario/loader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <memory>
#include <set>
#include <sstream>

#include "common/jst.hpp"
#include "harness/scenario/vocabulary.hpp"

namespace v2x::scenario {
namespace {

namespace fs = std::filesystem;
using yaml::Node;
using CaseValues = std::vector<std::pair<std::string, std::string>>;

constexpr size_t kMaxNever = 5;  // scenarios.md §1.3: what is evaluated at every change stays cheap

const std::vector<std::string> kKeys{"title", "why", "covers", "tags", "world", "start", "cases", "steps", "never"};

std::string read_file(const fs::path& file) {
  std::ifstream in(file);
  if (!in) throw BadInput(file.string() + ": cannot be opened, expected a scenario");
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::vector<std::string> words(const Node& list) {
  std::vector<std::string> out;
  for (const Node& item : list.items()) out.push_back(item.text());
  if (out.empty()) list.refuse("empty, expected at least one word");
  return out;
}

/// scenarios/faults/x.yaml → faults/x; a file elsewhere keeps its stem.
std::string name_of(const fs::path& file) {
  fs::path below;
  bool found = false;
  for (const fs::path& part : file.parent_path()) {
    if (found) below /= part;
    if (part == "scenarios") {
      below.clear();
      found = true;
    }
  }
  return (below / file.stem()).generic_string();
}

fs::path world_file(const fs::path& scenario, const Node& world) {
  for (fs::path folder = fs::absolute(scenario).parent_path(); folder.has_relative_path();
       folder = folder.parent_path()) {
    const fs::path candidate = folder / "worlds" / (world.text() + ".yaml");
    if (fs::exists(candidate)) return candidate;
  }
  world.refuse("world '" + world.text() + "' is not there, expected worlds/" + world.text() +
               ".yaml above the scenario");
}

/// Puts a case's values in place of ${name}. Lines stay; an unknown name is refused where it stands.
std::string substitute(const std::string& text, const CaseValues& values, const std::string& file) {
  std::string out;
  int line = 1;
  for (size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\n') ++line;
    if (text.compare(at, 2, "${") != 0) {
      out += text[at];
      continue;
    }
    const size_t end = text.find('}', at);
    const std::string name = text.substr(at + 2, end == std::string::npos ? 0 : end - at - 2);
    const auto found =
        std::find_if(values.begin(), values.end(), [&](const auto& entry) { return entry.first == name; });
    if (found == values.end()) {
      const int column = static_cast<int>(at - (text.rfind('\n', at) + 1)) + 1;
      throw BadInput(
          fmt::format("{}:{}:{}: '${{{}}}' has no value, expected a key of 'cases'", file, line, column, name));
    }
    out += found->second;
    at = end;
  }
  return out;
}

std::string trimmed(std::string line) {
  if (const auto comment = line.find(" #"); comment != std::string::npos) line.erase(comment);
  const auto first = line.find_first_not_of(' ');
  const auto last = line.find_last_not_of(" \r");
  return first == std::string::npos ? std::string() : line.substr(first, last - first + 1);
}

/// The source of a step that begins at `step`: its lines without comments, joined to one.
std::string source(const std::vector<std::string>& lines, const Node& step) {
  const auto indent = static_cast<size_t>(step.column() - 1);
  std::string text;
  for (size_t line = static_cast<size_t>(step.line() - 1); line < lines.size(); ++line) {
    const bool first = text.empty();
    if (!first && lines[line].find_first_not_of(' ') < indent) break;
    const std::string part = trimmed(first ? lines[line].substr(indent) : lines[line]);
    if (part.empty() || part.front() == '#') break;
    text += (first ? "" : " ") + part;
  }
  return text;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

void read_never(const Node& list, const Paths& paths, Scenario& scenario) {
  for (const Node& item : list.items()) {
    if (item.is_scalar()) {
      item.word({"log error"}, "word of 'never'");  // always held: an error line that nobody expects fails a scenario
      continue;
    }
    for (const auto& [path, demand] : item.entries())
      scenario.never.push_back(paths.condition(path, item.key(path), demand));
  }
  if (scenario.never.size() > kMaxNever)
    list.refuse(fmt::format("{} quantities, expected at most {}", scenario.never.size(), kMaxNever));
}

void read_head(const Node& root, Scenario& scenario) {
  for (const char* key : {"title", "why", "covers", "tags", "world", "start", "steps"})
    if (!root.has(key)) root.refuse(fmt::format("key '{}' is missing", key));
  scenario.title = root.at("title").text();
  scenario.why = root.at("why").text();
  scenario.covers = words(root.at("covers"));
  scenario.tags = words(root.at("tags"));
  const auto start = parse_time(root.at("start").text());
  if (!start) root.at("start").refuse(start.error().message);
  scenario.start = *start;
}

void read_steps(const Node& list, const std::string& text, const Scope& scope, Scenario& scenario) {
  const std::vector<std::string> lines = lines_of(text);
  const std::vector<Node> items = list.items();
  if (items.empty()) list.refuse("no steps, expected at least one");
  for (const Node& item : items) {
    Act act = read_step(item, scope);
    scenario.steps.push_back({item.entries().front().first, source(lines, item),
                              fmt::format("{}:{}", scenario.path, item.line()), std::move(act)});
  }
}

Scenario read_one(const fs::path& file, const std::string& text, const contracts::QuantityCatalogue& catalogue) {
  const Node root = yaml::load_text(text, file.generic_string());
  root.allow_only(kKeys);
  Scenario scenario;
  scenario.path = file.generic_string();
  scenario.name = name_of(file);
  read_head(root, scenario);
  const fs::path world = world_file(file, root.at("world"));
  scenario.world = load_world(world, fs::proximate(world).generic_string());
  const Paths paths(scenario.world, catalogue);
  read_steps(root.at("steps"), text, Scope{scenario.world, paths}, scenario);
  if (root.has("never")) read_never(root.at("never"), paths, scenario);
  return scenario;
}

/// The rows of `cases:`, read from the text before anything is put in: placeholders are YAML scalars, too.
std::vector<std::pair<std::string, CaseValues>> read_cases(const Node& root) {
  std::vector<std::pair<std::string, CaseValues>> rows;
  for (const auto& [name, row] : root.at("cases").entries()) {
    CaseValues values{{"case", name}};
    for (const auto& [key, value] : row.entries()) values.emplace_back(key, value.text());
    rows.emplace_back(name, std::move(values));
  }
  if (rows.empty()) root.at("cases").refuse("no rows, expected at least one");
  return rows;
}

}  // namespace

std::vector<fs::path> find_scenarios(const std::vector<std::string>& paths) {
  std::set<fs::path> found;
  for (const std::string& path : paths) {
    if (fs::is_regular_file(path)) {
      found.insert(path);
      continue;
    }
    if (!fs::is_directory(path)) throw BadInput(path + ": is not there, expected a scenario or a folder of them");
    for (const auto& entry : fs::recursive_directory_iterator(path)) {
      const bool world = entry.path().parent_path().filename() == "worlds";
      if (entry.is_regular_file() && entry.path().extension() == ".yaml" && !world) found.insert(entry.path());
    }
  }
  return {found.begin(), found.end()};
}

bool people_act(const Scenario& scenario) {
  return std::any_of(scenario.steps.begin(), scenario.steps.end(), [](const Step& step) {
    return find_verb(step.verb)->group == "people" || std::holds_alternative<Truth>(step.act);
  });
}

std::vector<Scenario> load_scenario(const fs::path& file, const contracts::QuantityCatalogue& catalogue) {
  const std::string text = read_file(file);
  const Node root = yaml::load_text(text, file.generic_string());
  if (!root.has("cases")) return {read_one(file, text, catalogue)};
  std::vector<Scenario> scenarios;
  for (const auto& [name, values] : read_cases(root)) {
    Scenario scenario = read_one(file, substitute(text, values, file.generic_string()), catalogue);
    scenario.name += "@" + name;
    scenario.case_name = name;
    scenario.case_values = {values.begin() + 1, values.end()};
    scenarios.push_back(std::move(scenario));
  }
  return scenarios;
}

}  // namespace v2x::scenario
