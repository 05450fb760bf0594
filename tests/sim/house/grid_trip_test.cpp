// Grid excursions in a house: fault, recovery, reconnect wait, outage.
#include <gtest/gtest.h>

#include "tests/sim/house/test_house.hpp"

namespace v2x::house {
namespace {

using namespace std::chrono_literals;

TEST(GridTrip, a_pinned_overvoltage_is_a_fault_within_1100_ms_and_ends_with_its_cause) {
  TestHouse house("2026-04-01T12:00:00");
  ASSERT_TRUE(house.run_until("pcs1.state", "running", 2min));
  house.run_for(1min);
  ASSERT_GT(house.number("pcs1.ac.power"), 3000);

  ASSERT_TRUE(house->set("grid.voltage_u", 116.0));
  house.run_for(1100ms);
  EXPECT_EQ(house.text("pcs1.fault"), "E1-1");
  EXPECT_EQ(house.text("pcs1.fault_text"), "E1-1 " + faults().find("E1-1")->title_en);
  EXPECT_EQ(house.text("pcs1.state"), "fault");
  EXPECT_EQ(house.number("pcs1.ac.relay"), 0);
  EXPECT_EQ(house.number("pcs1.ac.power"), 0);
  EXPECT_EQ(house.number("pcs1.fault_bits"), 1 << 10);
  EXPECT_EQ(house.number("pcs1.fault_vendor[1]"), 1 << 1);

  house.run_for(60s);
  EXPECT_EQ(house.text("pcs1.state"), "fault");
  ASSERT_TRUE(house->clear("grid.voltage_u"));
  const Time good = house->now();
  house.run_for(1s);
  EXPECT_EQ(house.text("pcs1.fault"), "");
  EXPECT_EQ(house.text("pcs1.state"), "starting");
  EXPECT_EQ(house.text("pcs1.state_detail"), "reconnect_wait");
  ASSERT_TRUE(house.run_until("pcs1.state", "running", 10min));
  EXPECT_EQ(house->now(), good + 300s);
  house.run_for(29s);
  const double during_soft_start = house.number("pcs1.ac.power");
  EXPECT_LE(during_soft_start, 5500 * 29.0 / 30 + 1e-9);
  house.run_for(5s);
  EXPECT_NEAR(house.number("pcs1.ac.power"), house.number("pcs1.ac.available_power"), 1);
}

TEST(GridTrip, a_short_fault_is_shown_for_ten_seconds) {
  TestHouse house("2026-04-01T12:00:00");
  ASSERT_TRUE(house.run_until("pcs1.state", "running", 2min));
  ASSERT_TRUE(house->set("grid.voltage_u", 116.0));
  house.run_for(1500ms);
  ASSERT_TRUE(house->clear("grid.voltage_u"));
  house.run_for(9400ms);
  EXPECT_EQ(house.text("pcs1.fault"), "E1-1");
  house.run_for(200ms);
  EXPECT_EQ(house.text("pcs1.fault"), "");
}

TEST(GridTrip, an_outage_replaces_under_voltage_and_nothing_flows) {
  TestHouse house("2026-04-01T12:00:00");
  ASSERT_TRUE(house.run_until("pcs1.state", "running", 2min));
  ASSERT_TRUE(house->inject("pcs1", "E1-0"));
  EXPECT_EQ(house.text("grid.state"), "outage");
  EXPECT_EQ(house.number("grid_w"), 0);
  EXPECT_EQ(house.number("pcs1.ac.power"), 0) << "the gate is blocked before the relay opens";
  house.run_for(1100ms);
  EXPECT_EQ(house.text("pcs1.fault"), "E1-0");
  ASSERT_TRUE(house->repair("pcs1", "E1-0"));
  EXPECT_EQ(house.text("grid.state"), "normal");
  EXPECT_TRUE(house.run_until("pcs1.state", "running", 6min));
}

TEST(GridTrip, a_current_limiter_cuts_off_after_ten_seconds_until_a_hand_resets_it) {
  HouseConfig config = home();
  config.limiter_a = 30;
  TestHouse house("2026-04-01T20:00:00", config);
  ASSERT_TRUE(house->set("load_w", 3500.0));  // 35 A of 30 A: within 1.2 times
  house.run_for(1min);
  EXPECT_EQ(house.text("grid.state"), "normal");
  ASSERT_TRUE(house->set("load_w", 4000.0));
  house.run_for(9900ms);
  EXPECT_EQ(house.text("grid.state"), "normal");
  house.run_for(100ms);
  EXPECT_EQ(house.number("grid.limiter_open"), 1);
  EXPECT_EQ(house.text("grid.state"), "outage");
  EXPECT_EQ(house.number("meter.power"), 0);
  house.run_for(1h);
  ASSERT_TRUE(house->set("load_w", 1000.0));
  EXPECT_EQ(house.text("grid.state"), "outage");
  ASSERT_TRUE(house->set("grid.limiter_open", 0.0));
  EXPECT_EQ(house.text("grid.state"), "normal");
  EXPECT_NEAR(house.number("grid_w"), 1000, 50);
}

}  // namespace
}  // namespace v2x::house
