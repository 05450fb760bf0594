// How fast the physics of one house runs: simulated seconds per second.
#include <benchmark/benchmark.h>

#include "common/jst.hpp"
#include "common/yaml.hpp"
#include "sim/house/house.hpp"
#include "sim/house/house_yaml.hpp"

namespace {

using namespace std::chrono_literals;
using namespace v2x;

/// The house of home.yaml from 2026-04-01 on, a day per iteration; argument 1: the car follows sun and load.
void simulate_day(benchmark::State& state) {
  const auto quantities = contracts::QuantityCatalogue::load();
  const auto faults = contracts::FaultCatalogue::load();
  const auto world = yaml::load_file(std::string(V2X_SOURCE_DIR) + "/scenarios/worlds/home.yaml");
  house::House home(house::read_house("home", world.at("sites").at("home")), quantities, faults, 1,
                    *parse_time("2026-04-01T00:00:00"));
  core::Device& v2h = home.unit("v2h");
  const core::QuantityTable& table = v2h.quantities();
  const std::array writes{core::QuantityWrite{table.slot("cmd.charge_method"), 1, {}},
                          core::QuantityWrite{table.slot("cmd.discharge_method"), 1, {}}};
  std::int64_t changes = 0;
  for (auto _ : state) {
    for (int minute = 0; minute < 24 * 60; ++minute) {
      const Time end = home.now() + 1min;
      if (state.range(0) == 1) benchmark::DoNotOptimize(v2h.write(writes));
      for (; home.next_change() <= end; ++changes) home.advance_to(home.next_change());
      home.advance_to(end);
    }
  }
  if (home.breach()) state.SkipWithError(home.breach()->c_str());
  const auto seconds = static_cast<double>(state.iterations()) * 86400;
  state.counters["simulated_s/s"] = benchmark::Counter(seconds, benchmark::Counter::kIsRate);
  state.counters["changes/day"] = static_cast<double>(changes) / static_cast<double>(state.iterations());
}
BENCHMARK(simulate_day)->Arg(0)->Arg(1)->ArgName("car_works")->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
