// What a scenario may do to a house, and how it is told what it can't.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/sim/house/test_house.hpp"

namespace v2x::house {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

TEST(Pins, take_effect_at_once_and_end_when_cleared) {
  TestHouse house("2026-04-01T12:00:00");
  const double before = house.number("load_w");
  ASSERT_TRUE(house->set("load_w", 2345.0));
  EXPECT_EQ(house.number("load_w"), 2345);
  EXPECT_EQ(house.number("load_w_u"), 2345 / 2.0);
  house.run_for(1min);
  EXPECT_EQ(house.number("load_w"), 2345);
  ASSERT_TRUE(house->clear("load_w"));
  EXPECT_NEAR(house.number("load_w"), before, 3000);
  EXPECT_NE(house.number("load_w"), 2345);
}

TEST(Pins, irradiance_rules_over_the_sun) {
  TestHouse house("2026-04-01T12:00:00");
  ASSERT_TRUE(house->set("plant.irradiance", 500.0));
  EXPECT_EQ(house.number("plant.irradiance"), 500);
  ASSERT_TRUE(house.run_until("pcs1.state", "running", 2min));
  house.run_for(1min);
  const double half_light = house.number("pcs1.ac.power");
  ASSERT_TRUE(house->clear("plant.irradiance"));
  EXPECT_GT(house.number("pcs1.ac.power"), half_light * 1.3);
}

TEST(Pins, the_run_switch_stops_a_unit_and_starts_it) {
  TestHouse house("2026-04-01T12:00:00");
  ASSERT_TRUE(house.run_until("pcs1.state", "running", 2min));
  ASSERT_TRUE(house->set("pcs1.op.run_switch", 0.0));
  EXPECT_EQ(house.text("pcs1.state"), "shutting_down");
  house.run_for(2s);
  EXPECT_EQ(house.text("pcs1.state"), "off");
  EXPECT_EQ(house.number("pcs1.ac.relay"), 0);
  EXPECT_EQ(house.text("pcs2.state"), "running") << "the other unit doesn't care";
  ASSERT_TRUE(house->clear("pcs1.op.run_switch"));
  EXPECT_TRUE(house.run_until("pcs1.state", "running", 1min)) << "no reconnect wait: the grid was never bad";
}

TEST(Pins, refuse_with_a_reason) {
  TestHouse house("2026-04-01T12:00:00");
  const auto refused = [&](const char* path, PinValue value, const char* code, const char* says) {
    const Status status = house->set(path, value);
    ASSERT_FALSE(status) << path;
    EXPECT_EQ(status.error().code, code) << path;
    EXPECT_THAT(status.error().message, HasSubstr(says)) << path;
  };
  refused("grid.voltage_w", 100.0, "unknown_path", "grid.voltage_");
  refused("pcs3.op.run_switch", 0.0, "unknown_path", "pcs1.op.run_switch");
  refused("pcs1.ac.power", 100.0, "not_settable", "a result");
  refused("pcs1.id.serial", 1.0, "bad_argument", "takes a text");
  refused("load_w", PinValue("much"), "bad_argument", "takes a number");
  EXPECT_EQ(house->inject("pcs1", "E7-1").error().code, "not_applicable");
  EXPECT_EQ(house->inject("pcs1", "E9-9").error().code, "unknown_code");
  EXPECT_EQ(house->inject("pcs9", "E1-1").error().code, "unknown_unit");
  EXPECT_EQ(house->inject("meter", "E1-1").error().code, "not_applicable");
}

TEST(Pins, a_silent_unit_says_so_to_its_bus) {
  TestHouse house("2026-04-01T12:00:00");
  ASSERT_TRUE(house->inject("pcs1", "E6-2"));
  EXPECT_EQ(house.number("pcs1.bus.silent"), 1);
  EXPECT_EQ(house.number("pcs2.bus.silent"), 0);
  ASSERT_TRUE(house->repair("pcs1", "E6-2"));
  EXPECT_EQ(house.number("pcs1.bus.silent"), 0);
}

TEST(Pins, another_unit_can_stand_in_its_place) {
  TestHouse house("2026-04-01T12:00:00");
  ASSERT_TRUE(house->inject("pcs1", "E6-4"));
  EXPECT_EQ(house.text("pcs1.id.serial"), "00000000XX0");
  ASSERT_TRUE(house->repair("pcs1", "E6-4"));
  EXPECT_EQ(house.text("pcs1.id.serial"), "00009005PV1");
}

TEST(Pins, the_charge_of_the_car_can_be_set) {
  TestHouse house("2026-04-01T12:00:00");
  ASSERT_TRUE(house->set("ev.soc", 33.0));
  EXPECT_NEAR(house.number("ev.soc"), 33, 1e-9);
  EXPECT_NEAR(house.number("v2h.storage.soc"), 33, 1e-9);
  house.run_for(1h);  // the books count it as brought from outside
}

TEST(Plug, the_car_is_unknown_while_unplugged) {
  TestHouse house("2026-04-01T12:00:00");
  ASSERT_TRUE(house->unplug());
  EXPECT_EQ(house.text("v2h.vehicle.plug"), "unplugged");
  EXPECT_EQ(house.text("v2h.storage.soc"), "");
  EXPECT_EQ(house.text("v2h.state"), "standby");
  ASSERT_TRUE(house->plug());
  EXPECT_EQ(house.text("ev.plug"), "plugged");
  EXPECT_NEAR(house.number("v2h.storage.soc"), 60, 1e-9);
}

}  // namespace
}  // namespace v2x::house
