// The house in an outage, fed from the car.
#include <gtest/gtest.h>

#include "tests/sim/house/test_house.hpp"

namespace v2x::house {
namespace {

using namespace std::chrono_literals;

/// In power flow at noon, with pinned load and sun, then the grid goes.
struct Outage : TestHouse {
  explicit Outage(double load_w, double irradiance = 0, HouseConfig config = home())
      : TestHouse("2026-04-01T12:00:00", std::move(config)) {
    EXPECT_TRUE((*this)->set("load_w", load_w));
    EXPECT_TRUE((*this)->set("plant.irradiance", irradiance));
    write("v2h.cmd.ev_revert", 3600);
    write("v2h.cmd.discharge_method", 1);
    write("v2h.cmd.charge_method", 1);
    run_for(6min);  // PV units are on the grid too
  }
  void cut() {
    EXPECT_TRUE((*this)->inject("v2h", "E1-0"));
    cut_at = (*this)->now();
  }
  double since_cut() { return std::chrono::duration<double>((*this)->now() - cut_at).count(); }
  Time cut_at{};
};

TEST(SelfSustained, DEV_20_the_house_is_supplied_again_within_3_s_and_the_trip_time) {
  Outage house(2000);
  house.cut();
  house.run_for(500ms);
  EXPECT_EQ(house.number("load_w"), 0) << "dark";
  ASSERT_TRUE(house.run_until("v2h.state", "island", 10s));
  EXPECT_NEAR(house.since_cut(), 4.0, 0.1);
  EXPECT_EQ(house.number("load_w"), 2000);
  EXPECT_NEAR(house.number("v2h.ac.power"), 2000 + house.number("aux_w"), 1e-6);
  EXPECT_EQ(house.number("v2h.ac.voltage_u"), 101);
  EXPECT_EQ(house.number("v2h.ac.voltage"), 202);
  EXPECT_EQ(house.number("v2h.ac.frequency"), 60);
  EXPECT_EQ(house.number("v2h.ac.relay"), 0);
  EXPECT_EQ(house.number("v2h.forming"), 1);
  EXPECT_EQ(house.number("grid_w"), 0);
  EXPECT_EQ(house.text("grid.state"), "island");
  EXPECT_EQ(house.number("meter.buy_w"), 0);
}

TEST(SelfSustained, DEV_20_pv_joins_after_300_s_and_the_surplus_charges_the_car) {
  Outage house(500, 400);
  house.cut();
  ASSERT_TRUE(house.run_until("v2h.state", "island", 10s));
  EXPECT_EQ(house.number("pv_w"), 0);
  house.run_for(290s);
  EXPECT_EQ(house.number("pv_w"), 0);
  house.run_for(60s);
  EXPECT_GT(house.number("pv_w"), 1000);
  EXPECT_LT(house.number("v2h.ac.power"), -500) << "charging";
  EXPECT_NEAR(house.number("grid_w"), 0, 1e-6);
}

TEST(SelfSustained, DEV_20_a_load_of_7_3_kW_trips_after_1_s_and_it_tries_three_times) {
  Outage house(2000);
  house.cut();
  ASSERT_TRUE(house.run_until("v2h.state", "island", 10s));
  ASSERT_TRUE(house->set("load_w", 7300.0));
  const Time begin = house->now();
  ASSERT_TRUE(house.run_until("v2h.state", "fault", 2s));
  EXPECT_NEAR(std::chrono::duration<double>(house->now() - begin).count(), 1.0, 0.05);
  EXPECT_EQ(house.number("load_w"), 0);
  for (int retry = 1; retry <= 3; ++retry) {
    ASSERT_TRUE(house.run_until("v2h.state", "island", 12s)) << retry;
    ASSERT_TRUE(house.run_until("v2h.state", "fault", 2s)) << retry;
  }
  EXPECT_FALSE(house.run_until("v2h.state", "island", 5min)) << "now by hand";
  ASSERT_TRUE(house->set("load_w", 500.0));
  house.write("v2h.cmd.alarm_reset", 1);
  EXPECT_TRUE(house.run_until("v2h.state", "island", 12s));
}

TEST(SelfSustained, a_surplus_that_the_car_does_not_take_drives_the_pv_units_off) {
  HouseConfig config = home();
  config.car->soc_percent = 50;
  Outage house(300, 700, config);
  house.cut();
  ASSERT_TRUE(house.run_until("v2h.state", "island", 10s));
  ASSERT_TRUE(house->set("ev.soc", 100.0));
  ASSERT_TRUE(house.run_until("pcs1.fault", "E1-3", 7min)) << "the raised frequency";
  house.run_for(20s);
  EXPECT_EQ(house.number("pv_w"), 0);
  EXPECT_EQ(house.text("v2h.state"), "island");
  EXPECT_EQ(house.number("v2h.ac.frequency"), 60);
}

TEST(SelfSustained, the_grid_takes_over_after_its_wait_and_half_a_second_in_the_dark) {
  Outage house(2000);
  house.cut();
  ASSERT_TRUE(house.run_until("v2h.state", "island", 10s));
  house.run_for(10min);
  ASSERT_TRUE(house->repair("v2h", "E1-0"));
  const Time good = house->now();
  house.run_for(299s);
  EXPECT_EQ(house.text("v2h.state"), "island");
  EXPECT_EQ(house.number("grid_w"), 0);
  house.run_until(good + 300s + 100ms);
  EXPECT_EQ(house.number("load_w"), 0) << "dark";
  house.run_until(good + 300s + 600ms);
  EXPECT_EQ(house.number("load_w"), 2000);
  EXPECT_GT(house.number("grid_w"), 0);
  house.run_for(3s);
  EXPECT_EQ(house.text("v2h.state"), "running") << "the former mode resumes";
  EXPECT_NEAR(house.number("grid_w"), 30, 1e-6);
}

TEST(SelfSustained, stopped_by_its_floor_it_starts_until_the_grid_has_been_back_for_its_wait) {
  Outage house(2000);
  house.cut();
  ASSERT_TRUE(house.run_until("v2h.state", "island", 10s));
  ASSERT_TRUE(house->inject("v2h", "E8-1"));
  house.run_for(5min);
  ASSERT_NE(house.text("v2h.state"), "island");
  ASSERT_TRUE(house->repair("v2h", "E1-0"));
  const Time good = house->now();
  ASSERT_TRUE(house.run_until("v2h.vehicle.stage", "power_flow", 1min)) << "ready for the grid";
  while (house->now() < good + 299s) {
    ASSERT_EQ(house.text("v2h.state"), "starting") << std::chrono::duration<double>(house->now() - good).count();
    ASSERT_EQ(house.text("v2h.state_detail"), "reconnect_wait");
    ASSERT_EQ(house.number("v2h.ac.power"), 0);
    house.run_for(1s);
  }
  EXPECT_TRUE(house.run_until("v2h.state", "running", 10s)) << "the former mode resumes";
}

TEST(SelfSustained, a_black_start_boots_and_runs_the_session_without_the_grid) {
  TestHouse house("2026-04-01T20:00:00");
  ASSERT_TRUE(house->set("load_w", 800.0));
  house.run_for(1min);
  ASSERT_TRUE(house->inject("v2h", "E1-0"));
  EXPECT_FALSE(house.run_until("v2h.state", "island", 5min)) << "nobody asked for it";
  house.write("v2h.cmd.vehicle", 4);
  EXPECT_EQ(house.text("v2h.state_detail"), "black_start");
  ASSERT_TRUE(house.run_until("v2h.state", "island", 1min));
  EXPECT_EQ(house.number("load_w"), 800);
  EXPECT_EQ(house.text("v2h.cmd.vehicle"), "none") << "done";
}

TEST(SelfSustained, a_car_that_needs_its_12_V_cable_starts_with_it) {
  HouseConfig config = home();
  config.car->preset = "outlander_12";
  TestHouse house("2026-04-01T20:00:00", config);
  house.run_for(1min);
  ASSERT_TRUE(house->inject("v2h", "E1-0"));
  house.run_for(10s);
  ASSERT_TRUE(house->set("ev.cable_12v", "plugged"));
  ASSERT_TRUE(house->set("v2h.op.island_switch", 1.0));
  EXPECT_TRUE(house.run_until("v2h.state", "island", 1min));
}

TEST(SelfSustained, DEV_17_a_leaf_24_does_not_feed_the_house_below_30_percent) {
  HouseConfig config = home();
  config.car->preset = "leaf_24";
  config.car->soc_percent = 31;
  Outage house(3000, 0, config);
  house.cut();
  house.run_for(30min);
  EXPECT_NE(house.text("v2h.state"), "island");
  EXPECT_GT(house.number("ev.soc"), 29.7) << "its own draw goes on until the contactor opens";
}

}  // namespace
}  // namespace v2x::house
