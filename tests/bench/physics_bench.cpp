// How fast physics runs: one house with its units, and the plant of a thousand houses over a year.
#include <benchmark/benchmark.h>

#include "common/jst.hpp"
#include "common/yaml.hpp"
#include "sim/house/house.hpp"
#include "sim/house/house_yaml.hpp"
#include "sim/pcs/pv_watts.hpp"
#include "tests/paths.hpp"

namespace {

using namespace std::chrono_literals;
using namespace v2x;

/// The house of home.yaml from 2026-04-01 on, a day per iteration; argument 1: the car follows sun and load.
void simulate_day(benchmark::State& state) {
  const auto quantities = contracts::QuantityCatalogue::load();
  const auto faults = contracts::FaultCatalogue::load();
  const auto world = yaml::load_file(in_sources("scenarios/worlds/home.yaml"));
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

/// A year of one house's plant in steps of a minute: sun, clouds, air, panels, inverter, household, grid and line.
void plant_year(benchmark::State& state) {
  const Time start = *parse_time("2026-01-01T00:00:00");
  for (auto _ : state) {
    house::HouseConfig config;
    config.site = "home";
    config.weather = {};
    config.grid.site = config.site;
    house::UnitConfig pv;
    pv.strings.resize(4);
    config.units = {pv};
    house::Surroundings surroundings(config, 1, start);
    plant::Household household({config.site, config.persons, 1}, start);
    const pcs::PvWatts inverter(5500);
    double generated_wh = 0, loss_wh = 0;
    for (Time t = start; t < start + 365 * 24h; t += 1min) {
      surroundings.advance_to(t);
      household.advance_to(t);
      double dc_w = 0;
      for (const power::DcSource& string : surroundings.strings(0)) dc_w += string.mpp_w;
      const double ac_w = std::min(5500.0, inverter.ac_w(dc_w));
      const plant::LegLoad load = household.load();
      const plant::LineState line = plant::solve_line(config.grid, plant::grid_source(config.grid, t),
                                                      {load.u_w - ac_w / 2, 0}, {load.v_w - ac_w / 2, 0});
      generated_wh += ac_w / 60;
      loss_wh += line.loss_w / 60;
    }
    benchmark::DoNotOptimize(loss_wh);
    if (generated_wh < 4e6 || generated_wh > 9e6) state.SkipWithError("no year of 6 kWp in Japan");
  }
  state.counters["1000_houses_s"] = benchmark::Counter(static_cast<double>(state.iterations()) / 1000,
                                                       benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}
BENCHMARK(plant_year)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
