// A whole world in the kernel, without any backend: bus, gateway and physics together.
#include "sim/site/simulation.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/jst.hpp"
#include "common/scratch_directory.hpp"
#include "sim/site/conductor.hpp"
#include "tests/paths.hpp"

namespace v2x::site {
namespace {

using namespace std::chrono_literals;

const Time kMidnight = *parse_time("2026-04-01T00:00:00");

class SimulationTest : public testing::Test {
 protected:
  Stop run(Time t) {
    auto stop = conductor.advance_to(t, {}, {});
    EXPECT_TRUE(stop) << (stop ? "" : stop.error().message);
    return *stop;
  }
  double number(const std::string& path) {
    home().house();
    return show(*simulation.paths().find(path)).get<double>();
  }
  Site& home() { return *simulation.sites().front(); }

  ScratchDirectory data;
  MessagingContext messaging;
  core::Kernel kernel{kMidnight};
  Simulation simulation{
      messaging, kernel, {.world = in_sources("scenarios/worlds/home.yaml"), .start = kMidnight, .data = data.path()}};
  Conductor conductor{
      kernel, simulation, [this](Json& events, bool exactly) { return simulation.observe(events, exactly); }, {}};
};

TEST_F(SimulationTest, a_day_goes_by_without_a_breach_and_the_gateways_counters_are_the_physics) {
  home().boot_gateway(telemetry::BOOT_REASON_POWER_ON);
  EXPECT_EQ(run(kMidnight + 24h).cause, "time");
  const house::Energy truth = home().house().energy_between(kMidnight, kMidnight + 24h);
  EXPECT_GT(truth.pv_wh, 30'000) << "a clear day in April";
  EXPECT_NEAR(truth.pv_wh + truth.buy_wh + truth.discharge_wh, truth.load_wh + truth.sell_wh + truth.charge_wh, 0.1);
  EXPECT_GT(truth.charge_wh, 1'000) << "green mode charges the car from the surplus";
}

TEST_F(SimulationTest, a_day_spools_one_sample_a_minute_while_there_is_no_backend) {
  home().boot_gateway(telemetry::BOOT_REASON_POWER_ON);
  run(kMidnight + 24h);
  const auto ledger = home().gateway().ledger();
  EXPECT_GE(ledger.made, 1439U);
  EXPECT_EQ(ledger.acknowledged, 0U);
  EXPECT_EQ(ledger.dropped, 0U);
}

TEST_F(SimulationTest, overvoltage_trips_within_the_relays_time_and_is_an_event_of_the_run) {
  run(kMidnight + 12h);
  ASSERT_TRUE(home().set("grid.voltage_u", 116.0));
  const Stop stop = run(kMidnight + 12h + 2s);
  EXPECT_THAT(stop.events, testing::Contains(Json{{"t", format_time(kMidnight + 12h + 1s)},
                                                  {"what", "fault"},
                                                  {"who", "home.pcs1"},
                                                  {"code", "E1-1"},
                                                  {"raised", true}}))
      << stop.events.dump(1);
}

TEST_F(SimulationTest, an_unplugged_gateway_leaves_its_records_in_the_spool) {
  home().boot_gateway(telemetry::BOOT_REASON_POWER_ON);
  run(kMidnight + 1h);
  home().power_off_gateway();
  const auto before = home().gateway().ledger().made;
  run(kMidnight + 2h);
  EXPECT_EQ(home().gateway().ledger().made, before);
  home().boot_gateway(telemetry::BOOT_REASON_POWER_ON);
  run(kMidnight + 3h);
  EXPECT_GT(home().gateway().ledger().made, before + 50);
}

}  // namespace
}  // namespace v2x::site
