// The emergency button at the EV stand, and a plug that is pulled by force.
#include <gtest/gtest.h>

#include "tests/sim/house/test_house.hpp"

namespace v2x::house {
namespace {

using namespace std::chrono_literals;

enum Method { method_none, method_follow, method_fixed };

/// Charging with 6 kW in the evening.
struct Charging : TestHouse {
  Charging() : TestHouse("2026-04-01T20:00:00") {
    EXPECT_TRUE((*this)->set("load_w", 500.0));
    write("v2h.cmd.ev_revert", 3600);
    write("v2h.cmd.charge_limit", 6000);
    write("v2h.cmd.charge_method", method_fixed);
    run_for(1min);
    EXPECT_LT(number("v2h.ac.power"), -5900);
  }
  void expect_dead() {
    EXPECT_EQ(number("v2h.dc[1].current"), 0);
    EXPECT_EQ(number("v2h.ac.power"), 0);
    EXPECT_EQ(number("v2h.ac.relay"), 0);
    EXPECT_EQ(text("v2h.state"), "fault");
    EXPECT_EQ(text("v2h.vehicle.stage"), "emergency");
  }
  void replug() {
    EXPECT_TRUE((*this)->unplug());
    run_for(1s);
    EXPECT_EQ(text("v2h.vehicle.plug"), "unplugged");
    EXPECT_TRUE((*this)->plug());
  }
};

TEST(Emergency, the_button_stops_the_current_within_30_ms_and_frees_the_plug) {
  Charging house;
  ASSERT_TRUE(house->set("v2h.op.emergency_stop", 1.0));
  house.run_for(30ms);
  house.expect_dead();
  EXPECT_EQ(house.text("v2h.vehicle.stop_reason"), "emergency");
  EXPECT_EQ(house.text("v2h.vehicle.plug"), "plugged");
  house.run_for(1s);
  EXPECT_LT(house.number("v2h.dc[1].voltage"), 20) << "the car's contactor is open and the output has bled";
}

TEST(Emergency, nothing_but_the_button_and_a_new_plug_brings_it_back) {
  Charging house;
  ASSERT_TRUE(house->set("v2h.op.emergency_stop", 1.0));
  house.run_for(1min);
  house.write("v2h.cmd.alarm_reset", 1);
  ASSERT_TRUE(house->clear("v2h.op.emergency_stop"));
  house.run_for(5min);
  house.expect_dead();
  house.replug();
  EXPECT_TRUE(house.run_until("v2h.state", "running", 1min)) << house.text("v2h.vehicle.stage");
}

TEST(Emergency, while_the_button_is_in_no_new_plug_helps) {
  Charging house;
  ASSERT_TRUE(house->set("v2h.op.emergency_stop", 1.0));
  house.run_for(1s);
  house.replug();
  house.run_for(5min);
  house.expect_dead();
}

TEST(Emergency, a_plug_that_is_pulled_by_force_ends_it_the_same_way) {
  Charging house;
  ASSERT_EQ(house.text("ev.plug"), "locked");
  ASSERT_TRUE(house->unplug(true));
  house.run_for(30ms);
  house.expect_dead();
  EXPECT_EQ(house.text("v2h.vehicle.stop_reason"), "unplugged");
  EXPECT_EQ(house.text("ev.plug"), "unplugged");
  house.run_for(5min);
  house.expect_dead();
  ASSERT_TRUE(house->plug());
  EXPECT_TRUE(house.run_until("v2h.state", "running", 1min)) << house.text("v2h.vehicle.stage");
}

TEST(Emergency, force_at_a_free_plug_is_none) {
  TestHouse house("2026-04-01T20:00:00");
  house.run_for(1min);
  ASSERT_TRUE(house->unplug(true));
  EXPECT_EQ(house.text("v2h.vehicle.stage"), "unplugged");
  EXPECT_EQ(house.text("v2h.state"), "standby");
}

TEST(Emergency, a_house_on_backup_power_goes_dark) {
  Charging house;
  ASSERT_TRUE(house->inject("v2h", "E1-0"));
  ASSERT_TRUE(house.run_until("v2h.state", "island", 10s));
  ASSERT_EQ(house.number("load_w"), 500);
  ASSERT_TRUE(house->set("v2h.op.emergency_stop", 1.0));
  house.run_for(30ms);
  house.expect_dead();
  EXPECT_EQ(house.number("load_w"), 0);
}

}  // namespace
}  // namespace v2x::house
