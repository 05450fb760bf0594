// A car that is driven by itself: trips by `usage:` in the house's balance.
#include <gtest/gtest.h>

#include "common/yaml.hpp"
#include "sim/house/usage_yaml.hpp"
#include "tests/sim/house/test_house.hpp"

namespace v2x::house {
namespace {

using namespace std::chrono_literals;

/// Wednesday; charging whenever the car is there.
struct Commuter : TestHouse {
  Commuter() : TestHouse("2026-04-01T00:00:00", config()) {
    EXPECT_TRUE((*this)->set("load_w", 500.0));
    write("v2h.cmd.ev_revert", 5e6);  // longer than any test
    write("v2h.cmd.charge_limit", 3000);
    write("v2h.cmd.charge_method", 2);
  }
  static HouseConfig config() {
    HouseConfig config = home();
    config.car->usage = plant::DriverConfig{};
    config.car->usage->plugged_share = 1;
    return config;
  }
};

TEST(Commuter, leaves_in_the_morning_and_is_plugged_in_again_in_the_evening) {
  Commuter house;
  house.run_for(7h + 30min);
  EXPECT_EQ(house.text("ev.location"), "home");
  const double full = house.number("ev.soc");
  ASSERT_TRUE(house.run_until("ev.location", "away", 1h));
  EXPECT_EQ(house.text("v2h.vehicle.plug"), "unplugged");
  EXPECT_EQ(house.text("v2h.storage.soc"), "") << "no car is there";
  ASSERT_TRUE(house.run_until("ev.location", "home", 12h));
  const double trip_wh = (full - house.number("ev.soc")) / 100 * 39'000;
  EXPECT_GT(trip_wh, 500);
  EXPECT_LT(trip_wh, 12'000);
  ASSERT_TRUE(house.run_until("v2h.vehicle.plug", "plugged", 6min));
  EXPECT_TRUE(house.run_until("v2h.state", "running", 2min)) << "what was wanted before is wanted still";
}

TEST(Commuter, a_session_in_power_flow_is_stopped_before_the_plug_goes) {
  Commuter house;
  ASSERT_TRUE(house->set("ev.soc", 30.0));  // charges all night
  house.run_for(7h + 30min);
  ASSERT_EQ(house.text("v2h.state"), "running");
  ASSERT_TRUE(house.run_until("v2h.vehicle.stage", "stopping", 1h));
  EXPECT_TRUE(house.run_until("ev.location", "away", 10s));
  EXPECT_EQ(house.text("v2h.vehicle.stop_reason"), "unplugged");
}

TEST(Commuter, a_fortnight_keeps_the_balance) {
  Commuter house;
  house.run_for(14 * 24h);  // N1–N9 are judged at its end
}

TEST(UsageYaml, is_a_word_or_what_differs_from_it) {
  const auto usage = [](const std::string& text) { return read_usage(yaml::load_text(text, "world.yaml")); };
  EXPECT_EQ(usage("commuter").depart, 8h);
  const plant::DriverConfig other =
      usage("{depart: 06:30, trip: 12 kWh, weekend_share: 0 %, plugged_share: 50 %, return_spread: 10 min}");
  EXPECT_EQ(other.depart, 6h + 30min);
  EXPECT_EQ(other.back, 18h + 30min);
  EXPECT_EQ(other.trip_wh, 12'000);
  EXPECT_EQ(other.weekend_share, 0);
  EXPECT_EQ(other.plugged_share, 0.5);
  EXPECT_EQ(other.back_spread, 10min);
}

TEST(UsageYaml, refuses_what_is_no_day) {
  for (const char* text : {"comuter", "{depart: 8}", "{depart: 18:20}", "{trip: 12}", "{plugged_share: 120 %}",
                           "{return: 23:50}", "{depart: 00:10}", "{leaves: 08:00}"})
    EXPECT_THROW(read_usage(yaml::load_text(text, "world.yaml")), BadInput) << text;
}

}  // namespace
}  // namespace v2x::house
