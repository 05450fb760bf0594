#include "harness/run/run_folder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iterator>

#include "common/jst.hpp"
#include "reports/reports.hpp"

namespace v2x::run {
namespace {

namespace fs = std::filesystem;

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

Json entry(const std::string& name, const std::vector<ScenarioResult>* results) {
  Json json{{"name", name}};
  if (results)
    for (const ScenarioResult& result : *results)
      if (result.name == name) json["elapsed_s"] = tenth(result.elapsed_s);
  return json;
}

size_t count(const std::vector<ScenarioResult>& results, Outcome outcome) {
  return static_cast<size_t>(
      std::count_if(results.begin(), results.end(), [&](const auto& result) { return result.outcome == outcome; }));
}

ExitCode exit_code(const std::vector<ScenarioResult>& results) {
  if (count(results, Outcome::failed) > 0) return ExitCode::failed;
  if (count(results, Outcome::error) > 0) return ExitCode::bench_error;
  return count(results, Outcome::passed) > 0 ? ExitCode::passed : ExitCode::nothing_ran;
}

}  // namespace

RunFolder::RunFolder(const fs::path& results, RunFacts facts)
    : path_(make_directory(results, facts.seed)), facts_(std::move(facts)), began_(steady_now()), started_(wall_now()) {
  write(nullptr);
}

void RunFolder::write(const std::vector<ScenarioResult>* results) const {
  Json json{{"format", 1},
            {"started", format_time(started_)},
            {"seed", facts_.seed},
            {"command", facts_.command},
            {"clock", facts_.clock},
            {"speed", facts_.speed},
            {"via", facts_.via},
            {"selection", facts_.selection},
            {"versions", {{"v2x", V2X_VERSION}}},
            {"scenarios", Json::array()}};
  for (const std::string& name : facts_.scenarios) json["scenarios"].push_back(entry(name, results));
  if (results) {
    for (const ScenarioResult& result : *results) json["versions"].update(Json(result.versions));
    json["finished"] = format_time(wall_now());
    json["elapsed_s"] = tenth(std::chrono::duration<double>(steady_now() - began_).count());
  }
  std::ofstream(path_ / "run.json") << json.dump(2) << "\n";
}

ExitCode RunFolder::finish(const std::vector<ScenarioResult>& results, bool json) {
  write(&results);
  const auto reports = reports::write_reports(path_);
  std::FILE* out = json ? stderr : stdout;
  fmt::print(out, "{} passed, {} failed, {} error, {} skipped\n", count(results, Outcome::passed),
             count(results, Outcome::failed), count(results, Outcome::error), count(results, Outcome::skipped));
  if (!reports) {
    fmt::print(out, "no report: {}\n", reports.error().message);
    return ExitCode::bench_error;
  }
  fmt::print(out, "report: {}\n", reports->html.string());
  if (json) {
    std::ifstream summary(reports->summary);
    fmt::print("{}\n", std::string(std::istreambuf_iterator<char>(summary), {}));
  }
  return exit_code(results);
}

}  // namespace v2x::run
