// How fast a house runs in lockstep with everything real beside it (gateway, CURVE, backend, SQLite), against the same
// house alone in its kernel. Prints simulated seconds per second of both, and their ratio; pairs are interleaved.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <functional>
#include <vector>

#include "common/jst.hpp"
#include "common/scratch_directory.hpp"
#include "common/units.hpp"
#include "harness/world/stage.hpp"
#include "tests/paths.hpp"

namespace {

using namespace v2x;

constexpr int kPairs = 5;
constexpr Duration kSpan = std::chrono::hours(24);
const Time kStart = *parse_time("2026-04-01T00:00:00");
const std::filesystem::path kWorld = in_sources("scenarios/worlds/home.yaml");

Json must(const Result<Json>& answer) {
  if (!answer) throw BadInput(answer.error().message);
  return *answer;
}

/// Simulated seconds per wall second of a simulator that is ready to go.
double speed_of(world::Box& simulator) {
  const SteadyTime begin = steady_now();
  must(simulator.call("advance_to",
                      {{"t", format_time(kStart + kSpan)}, {"until", Json::array()}, {"never", Json::array()}},
                      std::chrono::minutes(10)));
  return to_seconds(kSpan) / std::chrono::duration<double>(steady_now() - begin).count();
}

double speed_connected(const scenario::World& world, const std::filesystem::path& logs) {
  world::StageOptions options;
  options.programs = in_programs();
  options.logs = logs;
  options.start = kStart;
  world::Stage stage(world, options);
  if (const Status made = stage.make_gateways(); !made) throw BadInput(made.error().message);
  must(stage.start_backend());
  must(stage.start_simulator());
  must(stage.simulator().call("uplink_ready", Json::object()));
  const double speed = speed_of(stage.simulator());
  const Json ledger = must(stage.simulator().call("ledger", {{"site", "home"}}));
  if (ledger.at("streams").at(0).value("acknowledged", 0) < kSpan / std::chrono::minutes(1))
    throw BadInput("the day was not reported: " + ledger.dump());
  return speed;
}

double speed_alone(const std::filesystem::path& logs) {
  const ScratchDirectory scratch;
  const std::string control = "ipc://" + (scratch.path() / "sim.ctl").string();
  const MessagingContext context;
  world::Box simulator(context, {"sim",
                                 {in_programs("v2x-sim"), "--world", kWorld.string(), "--control", control, "--clock",
                                  "lockstep", "--start", format_time(kStart)},
                                 control,
                                 logs,
                                 {}});
  must(simulator.start());
  const double speed = speed_of(simulator);
  if (const Status stopped = simulator.stop(); !stopped) throw BadInput(stopped.error().message);
  return speed;
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

}  // namespace

int main() try {
  const scenario::World world = scenario::load_world(kWorld);
  const ScratchDirectory logs;
  std::vector<double> connected, alone, ratios;
  for (int pair = 0; pair < kPairs; ++pair) {
    connected.push_back(speed_connected(world, logs.path()));
    alone.push_back(speed_alone(logs.path()));
    ratios.push_back(connected.back() / alone.back());
  }
  fmt::print("one house, one day, median of {} interleaved pairs\n", kPairs);
  fmt::print("  with gateway, CURVE, backend and SQLite  {:>10.0f} × real time\n", median(connected));
  fmt::print("  alone                                    {:>10.0f} × real time\n", median(alone));
  fmt::print("  ratio                                    {:>10.3f}  ({:.3f} to {:.3f})\n", median(ratios),
             *std::min_element(ratios.begin(), ratios.end()), *std::max_element(ratios.begin(), ratios.end()));
  return 0;
} catch (const std::exception& problem) {
  fmt::print(stderr, "lockstep_bench: {}\n", problem.what());
  return 3;
}
