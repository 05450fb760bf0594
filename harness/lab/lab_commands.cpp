#include "harness/lab/lab_commands.hpp"

#include <fmt/format.h>

#include <cstdio>

#include "common/bad_input.hpp"
#include "common/control.hpp"
#include "common/units.hpp"
#include "harness/lab/lab_file.hpp"
#include "harness/scenario/vocabulary.hpp"

namespace v2x::lab {
namespace {

constexpr std::chrono::milliseconds kPatience{5'000};   // a lab that is alive answers at once
constexpr std::chrono::milliseconds kWatchPeriod{500};  // default: how often a watch looks

/// The lab that runs, with what its world's words mean.
class RunningLab {
 public:
  RunningLab()
      : file_(LabFile::find()),
        world_(scenario::load_world(file_.world)),
        catalogue_(contracts::QuantityCatalogue::load()),
        paths_(world_, catalogue_),
        client_(context_, file_.control) {}

  Result<Json> call(const std::string& verb, Json arguments) {
    auto reply = client_.call(verb, std::move(arguments), kPatience);
    if (reply || (reply.error().code != "deadline" && reply.error().code != "gone")) return reply;
    throw BadInput("the lab of " + file_.world.string() + " does not answer, expected one started by: v2x lab WORLD");
  }
  const scenario::Paths& paths() const { return paths_; }
  const scenario::World& world() const { return world_; }

 private:
  LabFile::Content file_;
  scenario::World world_;
  contracts::QuantityCatalogue catalogue_;
  scenario::Paths paths_;
  MessagingContext context_;
  ControlClient client_;
};

Status to_status(const Result<Json>& reply) {
  if (!reply) return fail(reply.error());
  return done();
}

/// The step that these words would be in a scenario: one language, one set of messages.
template <class Step>
Step as_step(RunningLab& lab, const std::string& yaml) {
  const scenario::Scope scope{lab.world(), lab.paths()};
  return std::get<Step>(scenario::read_step(yaml::load_text(yaml, "command line"), scope));
}

Status set(RunningLab& lab, const std::vector<std::string>& words) {
  std::string yaml = fmt::format("set: {{{}: {}", words[0], words[1]);
  if (words.size() == 3) yaml += ", for: " + words[2];
  const auto step = as_step<scenario::Set>(lab, yaml + "}");
  Json arguments{{"path", step.settings.front().path}, {"value", step.settings.front().value}};
  if (step.lasting) arguments["for"] = to_seconds(*step.lasting);
  return to_status(lab.call("set", arguments));
}

/// "min=1s" → "min: 1s", and so on; closes the map.
std::string with_options(std::string yaml, const std::vector<std::string>& words, size_t first) {
  for (size_t i = first; i < words.size(); ++i) {
    const size_t equals = words[i].find('=');
    if (equals == std::string::npos) throw BadInput("'" + words[i] + "': expected NAME=VALUE, like for=10s");
    yaml += fmt::format(", {}: {}", words[i].substr(0, equals), words[i].substr(equals + 1));
  }
  return yaml + "}";
}

Status bus(RunningLab& lab, const std::vector<std::string>& words) {
  const std::string yaml = with_options(fmt::format("bus: {{unit: {}, kind: {}", words[0], words[1]), words, 2);
  return to_status(lab.call("bus", as_step<scenario::Bus>(lab, yaml).arguments));
}

Status fault(RunningLab& lab, const std::string& act, const std::vector<std::string>& words) {
  const auto step = as_step<scenario::Fault>(lab, fmt::format("{}: {{unit: {}, code: {}}}", act, words[0], words[1]));
  return to_status(lab.call(act, {{"unit", step.unit}, {"code", step.code}}));
}

Status vehicle(RunningLab& lab, const std::string& act, const std::vector<std::string>& words) {
  const auto step =
      as_step<scenario::Vehicle>(lab, with_options(fmt::format("{}: {{site: {}", act, words[0]), words, 1));
  Json arguments{{"site", step.site}, {"act", step.act}, {"forced", step.forced}};
  if (act == "return") arguments["trip_wh"] = step.trip_wh;
  return to_status(lab.call("vehicle", arguments));
}

/// Every path that is one of `words` or lies below it.
std::vector<std::string> watched_paths(RunningLab& lab, const std::vector<std::string>& words) {
  std::vector<std::string> paths;
  for (const std::string& word : words) {
    const size_t before = paths.size();
    const std::string site = word.substr(0, word.find('.'));
    for (const std::string& path : lab.paths().all(site))
      if (path == word || path.starts_with(word + ".")) paths.push_back(path);
    if (paths.size() == before) lab.paths().resolve(word, yaml::load_text(word, "command line"));
  }
  return paths;
}

Status watch(RunningLab& lab, const std::vector<std::string>& words, const std::atomic<bool>& interrupted) {
  const std::vector<std::string> paths = watched_paths(lab, words);
  std::map<std::string, Json> last;
  Alarm alarm;
  for (SteadyTime next = steady_now(); !interrupted; next += kWatchPeriod) {
    const auto hello = lab.call("hello", Json::object());
    if (!hello) return fail(hello.error());
    const auto read = lab.call("read", {{"paths", paths}});
    if (!read) return fail(read.error());
    for (const auto& [path, value] : read->at("values").items()) {
      if (last.contains(path) && last[path] == value) continue;
      const auto* quantity = lab.paths().find(path);
      fmt::print("{}  {:<32} {}\n", hello->value("now", "").substr(11, 8), path,
                 scenario::show_value(value, quantity ? quantity->unit : ""));
      last[path] = value;
    }
    std::fflush(stdout);
    alarm.wait(next + kWatchPeriod);
  }
  return done();
}

}  // namespace

const std::vector<CommandHelp>& commands() {
  constexpr size_t kMany = 1000;
  static const std::vector<CommandHelp> table{
      {"inject", "UNIT CODE", 2, 2, "Sets the physical cause of a fault code in a running lab"},
      {"repair", "UNIT CODE", 2, 2, "Clears it"},
      {"set", "PATH VALUE [DURATION]", 2, 3, "Pins a quantity: v2x set home.grid.voltage_u '116 V' 5s"},
      {"clear", "PATH", 1, 1, "Releases it"},
      {"plug", "SITE", 1, 1, "Plugs the car in"},
      {"unplug", "SITE [forced=yes]", 1, 2, "Pulls the plug"},
      {"depart", "SITE", 1, 1, "The car drives off"},
      {"return", "SITE [trip=ENERGY]", 1, 2, "It comes back"},
      {"bus", "UNIT KIND [NAME=VALUE…]", 2, kMany, "A fault of the bus of one unit: v2x bus home.pcs1 silence for=10s"},
      {"trace", "FILE [PATH…]", 1, kMany, "Writes quantities into a value change dump for GTKWave"},
      {"watch", "PATH…", 1, kMany, "Prints what changes: a quantity, a unit or a whole site"}};
  return table;
}

Status command(const std::string& name, const std::vector<std::string>& words, const std::atomic<bool>& interrupted) {
  const auto& table = commands();
  const CommandHelp& help =
      *std::find_if(table.begin(), table.end(), [&](const auto& one) { return name == one.name; });
  if (words.size() < help.least || words.size() > help.most)
    throw BadInput(fmt::format("expected: v2x {} {}", help.name, help.arguments));
  RunningLab lab;
  if (name == "inject" || name == "repair") return fault(lab, name, words);
  if (name == "set") return set(lab, words);
  if (name == "bus") return bus(lab, words);
  if (name == "watch") return watch(lab, words, interrupted);
  if (name == "clear") return to_status(lab.call("clear", {{"path", words[0]}}));
  if (name != "trace") return vehicle(lab, name, words);
  const std::vector<std::string> paths(words.begin() + 1, words.end());
  return to_status(lab.call("trace", {{"file", std::filesystem::absolute(words[0]).string()}, {"paths", paths}}));
}

}  // namespace v2x::lab
