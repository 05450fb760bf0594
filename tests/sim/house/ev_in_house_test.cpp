// The car in its house: what each method does with sun and load around it.
#include <gtest/gtest.h>

#include <cmath>

#include "tests/sim/house/test_house.hpp"

namespace v2x::house {
namespace {

using namespace std::chrono_literals;

/// At noon with pinned load and sun, methods kept for an hour, past the start of the sequence.
struct Prepared : TestHouse {
  Prepared(double load_w, double irradiance, HouseConfig config = home())
      : TestHouse("2026-04-01T12:00:00", std::move(config)) {
    EXPECT_TRUE((*this)->set("load_w", load_w));
    EXPECT_TRUE((*this)->set("plant.irradiance", irradiance));
    EXPECT_EQ(write("v2h.cmd.ev_revert", 3600), core::ModbusException::none);
  }
  void method(const char* quantity, double word) {
    EXPECT_EQ(write(quantity, word), core::ModbusException::none);
    run_for(2min);
  }
};

TEST(EvInHouse, plugged_without_a_method_stands_by) {
  Prepared house(500, 0);
  house.run_for(10min);
  EXPECT_EQ(house.text("v2h.state"), "standby");
  EXPECT_EQ(house.text("v2h.vehicle.stage"), "plugged");
  EXPECT_EQ(house.number("v2h.ac.power"), 0);
}

TEST(EvInHouse, power_flows_within_0_3_s_of_the_recorded_19_6_s_after_the_command) {
  Prepared house(500, 0);
  house.write("v2h.cmd.charge_method", 2);
  EXPECT_EQ(house.text("v2h.state"), "starting");
  house.run_for(19300ms);
  EXPECT_EQ(house.text("v2h.vehicle.stage"), "ready");
  house.run_for(600ms);
  EXPECT_EQ(house.text("v2h.vehicle.stage"), "power_flow");
  EXPECT_EQ(house.text("v2h.state"), "running");
  house.run_for(1s);
  EXPECT_NEAR(house.number("v2h.ac.power"), -3000, 1e-6);
  EXPECT_EQ(house.text("ev.plug"), "locked");
}

TEST(EvInHouse, a_fixed_charge_buys_what_it_needs) {
  Prepared house(500, 0);
  house.write("v2h.cmd.charge_limit", 4000);
  house.method("v2h.cmd.charge_method", 2);
  EXPECT_NEAR(house.number("v2h.ac.power"), -4000, 1e-6);
  EXPECT_NEAR(house.number("grid_w"), 4500 + house.number("aux_w"), 1e-6);
}

TEST(EvInHouse, surplus_takes_what_the_house_leaves_of_the_sun) {
  Prepared house(500, 500);
  house.write("v2h.cmd.charge_limit", 6000);
  house.method("v2h.cmd.charge_method", 1);
  EXPECT_LT(house.number("v2h.ac.power"), -1000);
  EXPECT_NEAR(house.number("grid_w"), 0, 20);
}

TEST(EvInHouse, surplus_without_sun_charges_nothing) {
  Prepared house(500, 0);
  house.method("v2h.cmd.charge_method", 1);
  EXPECT_EQ(house.number("v2h.ac.power"), 0);
  EXPECT_EQ(house.text("v2h.vehicle.stage"), "plugged");
}

TEST(EvInHouse, load_following_leaves_thirty_watts_to_the_grid) {
  Prepared house(2000, 0);
  house.method("v2h.cmd.discharge_method", 1);
  EXPECT_NEAR(house.number("grid_w"), 30, 1e-6);
  EXPECT_NEAR(house.number("ev_w"), -house.number("v2h.ac.power"), 0);
  ASSERT_TRUE(house->set("load_w", 3000.0));
  house.run_for(401ms);
  EXPECT_NEAR(house.number("grid_w"), 30, 1e-6) << "0.2 s and two steps of 2 A after the change";
}

TEST(EvInHouse, a_fixed_discharge_is_never_sold) {
  Prepared house(1000, 0);
  house.method("v2h.cmd.discharge_method", 2);
  EXPECT_NEAR(house.number("grid_w"), 30, 1e-6);
  EXPECT_NEAR(house.number("v2h.ac.power"), 970 + house.number("aux_w"), 1e-6);
}

TEST(EvInHouse, follows_nothing_below_200_W) {
  Prepared house(200, 0);
  house.method("v2h.cmd.discharge_method", 1);
  EXPECT_EQ(house.number("v2h.ac.power"), 0);
}

TEST(EvInHouse, discharge_ends_at_the_floor_and_charge_at_the_ceiling) {
  for (const bool charging : {false, true}) {
    HouseConfig config = home();
    config.car->soc_percent = charging ? 89 : 41;
    Prepared house(6500, 0, config);
    house.write("v2h.cmd.soc_floor", 40);
    house.write("v2h.cmd.soc_ceiling", 90);
    house.method(charging ? "v2h.cmd.charge_method" : "v2h.cmd.discharge_method", 2);
    EXPECT_NE(house.number("v2h.ac.power"), 0);
    house.run_for(20min);
    EXPECT_EQ(house.number("v2h.ac.power"), 0);
    EXPECT_NEAR(house.number("v2h.storage.soc"), charging ? 90 : 40, 0.25) << "the car's own draw goes on for a while";
    EXPECT_LE(house.number("v2h.storage.soc"), charging ? 90 + 1e-6 : 41) << "no overshoot";
  }
}

TEST(EvInHouse, a_leaf_24_stays_within_its_window_whatever_is_set) {
  HouseConfig config = home();
  config.car->preset = "leaf_24";
  config.car->soc_percent = 31;
  Prepared house(6500, 0, config);
  house.write("v2h.cmd.soc_floor", 0);
  house.method("v2h.cmd.discharge_method", 2);
  house.run_for(9min);
  EXPECT_EQ(house.number("v2h.ac.power"), 0);
  EXPECT_GT(house.number("v2h.storage.soc"), 29.7);
  ASSERT_TRUE(house->set("ev.soc", 79.0));
  house.write("v2h.cmd.discharge_method", 0);
  house.method("v2h.cmd.charge_method", 2);
  house.run_for(30min);
  EXPECT_EQ(house.number("v2h.ac.power"), 0);
  EXPECT_LE(house.number("v2h.storage.soc"), 80 + 1e-6);
}

TEST(EvInHouse, methods_end_when_they_are_not_rewritten) {
  TestHouse house("2026-04-01T12:00:00");
  house.write("v2h.cmd.charge_method", 2);
  house.run_for(59s);
  EXPECT_EQ(house.text("v2h.cmd.charge_method"), "fixed");
  house.write("v2h.cmd.charge_method", 2);
  house.run_for(59s);
  EXPECT_EQ(house.text("v2h.cmd.charge_method"), "fixed");
  house.run_for(1s);
  EXPECT_EQ(house.text("v2h.cmd.charge_method"), "none");
  house.run_for(200ms);
  EXPECT_EQ(house.number("v2h.ac.power"), 0);
}

TEST(EvInHouse, the_sequence_ends_after_ten_minutes_at_0_W) {
  Prepared house(1000, 0);
  house.method("v2h.cmd.discharge_method", 1);
  ASSERT_TRUE(house->set("load_w", 100.0));
  house.run_for(400ms);
  EXPECT_EQ(house.number("v2h.ac.power"), 0);
  house.run_for(599s);
  EXPECT_EQ(house.text("v2h.vehicle.stage"), "power_flow");
  house.run_for(2s);
  EXPECT_EQ(house.text("v2h.vehicle.stage"), "stopping");
  house.run_for(10s);
  EXPECT_EQ(house.text("v2h.vehicle.stage"), "plugged");
  EXPECT_EQ(house.text("v2h.vehicle.stop_reason"), "idle");
  ASSERT_TRUE(house->set("load_w", 1000.0));
  house.run_for(30s);
  EXPECT_EQ(house.text("v2h.vehicle.stage"), "power_flow");
}

TEST(EvInHouse, a_grid_fault_stops_the_sequence_and_it_returns_by_itself) {
  Prepared house(1000, 0);
  house.method("v2h.cmd.discharge_method", 1);
  ASSERT_TRUE(house->inject("v2h", "E1-1"));
  house.run_for(1001ms);
  EXPECT_EQ(house.text("v2h.state"), "fault");
  EXPECT_EQ(house.text("v2h.fault"), "E1-1");
  EXPECT_EQ(house.number("v2h.ac.power"), 0);
  EXPECT_EQ(house.text("v2h.vehicle.stop_reason"), "grid_lost");
  ASSERT_TRUE(house->repair("v2h", "E1-1"));
  house.run_for(60s);
  EXPECT_EQ(house.text("v2h.state_detail"), "reconnect_wait");
  house.run_for(240s + 20s);
  EXPECT_EQ(house.text("v2h.state"), "running");
}

TEST(EvInHouse, a_locked_plug_is_pulled_after_the_stop) {
  Prepared house(1000, 0);
  house.method("v2h.cmd.discharge_method", 1);
  ASSERT_TRUE(house->unplug());
  EXPECT_EQ(house.text("ev.plug"), "locked");
  EXPECT_EQ(house.number("v2h.ac.power"), 0);
  house.run_for(5s);
  EXPECT_EQ(house.text("ev.plug"), "unplugged");
  EXPECT_EQ(house.text("v2h.vehicle.stop_reason"), "unplugged");
}

TEST(EvInHouse, ten_kilowatt_hours_in_and_out_return_nine) {
  HouseConfig config = home();
  config.car->soc_percent = 20;
  Prepared house(6500, 0, config);
  ASSERT_TRUE(house->set("plant.ambient", 20.0));
  house.write("v2h.cmd.soc_floor", 20);
  house.write("v2h.cmd.charge_limit", 3000);
  house.write("v2h.cmd.discharge_limit", 3000);
  while (house.number("v2h.ac.energy_absorbed") < 10000) house.method("v2h.cmd.charge_method", 2);
  const double charged = house.number("v2h.ac.energy_absorbed");
  house.write("v2h.cmd.charge_method", 0);
  do house.method("v2h.cmd.discharge_method", 2);
  while (house.number("v2h.ac.power") > 0);
  const double own_draw =
      200 * (house.number("v2h.ac.energy_absorbed") + house.number("v2h.ac.energy_injected")) / 3000;
  EXPECT_NEAR((house.number("v2h.ac.energy_injected") + own_draw * 0.95) / charged, 0.90, 0.02);
}

}  // namespace
}  // namespace v2x::house
