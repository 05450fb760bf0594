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

TEST(EvInHouse, DEV_17_a_leaf_24_stays_within_its_window_whatever_is_set) {
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

TEST(EvInHouse, DEV_18_ten_kilowatt_hours_in_and_out_return_nine) {
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

TEST(EvInHouse, DEV_16_silence_of_0_9_s_is_forgiven) {
  Prepared house(500, 0);
  house.method("v2h.cmd.charge_method", 2);
  ASSERT_TRUE(house->set("ev.can_silent", 1.0));
  house.run_for(900ms);
  ASSERT_TRUE(house->clear("ev.can_silent"));
  house.run_for(10s);
  EXPECT_EQ(house.text("v2h.vehicle.stage"), "power_flow");
  EXPECT_EQ(house.text("v2h.fault"), "");
}

TEST(EvInHouse, DEV_16_silence_of_1_s_stops_with_at_most_5_A_after_half_a_second) {
  Prepared house(500, 0);
  house.write("v2h.cmd.charge_limit", 6000);
  house.method("v2h.cmd.charge_method", 2);
  EXPECT_LT(house.number("v2h.dc[1].current"), -14);
  ASSERT_TRUE(house->set("ev.can_silent", 1.0));
  house.run_for(1s);
  EXPECT_EQ(house.text("v2h.vehicle.stop_reason"), "can_timeout");
  EXPECT_EQ(house.text("v2h.fault"), "E7-1");
  house.run_for(500ms);
  EXPECT_LE(std::abs(house.number("v2h.dc[1].current")), 5);
}

TEST(EvInHouse, DEV_21_a_load_that_drops_by_3_kW_exports_for_half_a_second_at_most) {
  Prepared house(4000, 0);
  house.method("v2h.cmd.discharge_method", 1);
  ASSERT_NEAR(house.number("grid_w"), 30, 1e-6);
  ASSERT_TRUE(house->set("load_w", 1000.0));
  EXPECT_LT(house.number("grid_w"), -2900);
  const Time dropped = house->now();
  while (house.number("grid_w") < 0) house.run_until(house->next_change());
  EXPECT_LE(house->now() - dropped, 500ms);
  house.run_for(10s);
  EXPECT_EQ(house.text("v2h.fault"), "");
  EXPECT_NEAR(house.number("grid_w"), 30, 1e-6);
}

TEST(EvInHouse, storage_control_of_model_124_and_the_methods_clear_each_other) {
  Prepared house(500, 0);
  house.write("v2h.cmd.storage_charge_rate", 50);
  house.method("v2h.cmd.storage_control", 1);
  EXPECT_NEAR(house.number("v2h.ac.power"), -3000, 1e-6) << "50 % of WChaMax";
  house.write("v2h.cmd.charge_limit", 2000);
  house.method("v2h.cmd.charge_method", 2);
  EXPECT_EQ(house.number("v2h.cmd.storage_control"), 0);
  EXPECT_NEAR(house.number("v2h.ac.power"), -2000, 1e-6);
  house.method("v2h.cmd.storage_control", 1);
  EXPECT_EQ(house.text("v2h.cmd.charge_method"), "none");
  EXPECT_NEAR(house.number("v2h.ac.power"), -3000, 1e-6);
  house.method("v2h.cmd.storage_source", 0);
  house.run_for(5s);  // past the tickle
  EXPECT_EQ(house.number("v2h.ac.power"), 0) << "from PV alone, and there is none";
}

TEST(EvInHouse, storage_control_reverts) {
  Prepared house(500, 0);
  house.write("v2h.cmd.storage_revert", 90);
  house.write("v2h.cmd.storage_control", 1);
  house.run_for(89s);
  EXPECT_LT(house.number("v2h.ac.power"), 0);
  house.run_for(2s);
  EXPECT_EQ(house.number("v2h.cmd.storage_control"), 0);
  EXPECT_EQ(house.number("v2h.ac.power"), 0);
}

TEST(EvInHouse, a_commanded_start_runs_the_session_and_a_stop_holds_it) {
  Prepared house(500, 0);
  house.write("v2h.cmd.vehicle", 1);
  ASSERT_TRUE(house.run_until("v2h.vehicle.stage", "power_flow", 30s));
  EXPECT_EQ(house.text("v2h.cmd.vehicle"), "none") << "done";
  EXPECT_EQ(house.number("v2h.ac.power"), 0);
  house.method("v2h.cmd.charge_method", 2);
  house.write("v2h.cmd.vehicle", 2);
  ASSERT_TRUE(house.run_until("v2h.vehicle.stage", "plugged", 10s));
  EXPECT_EQ(house.text("v2h.vehicle.stop_reason"), "user");
  EXPECT_FALSE(house.run_until("v2h.vehicle.stage", "handshake", 2min)) << "the method alone does not start it again";
  house.method("v2h.cmd.charge_method", 2);
  EXPECT_EQ(house.text("v2h.vehicle.stage"), "power_flow");
}

TEST(EvInHouse, tells_what_the_car_has_said) {
  HouseConfig config = home();
  config.car->preset = "leaf_24";
  Prepared house(500, 0, config);
  EXPECT_EQ(house.text("v2h.vehicle.capacity"), "") << "nothing yet";
  house.method("v2h.cmd.charge_method", 2);
  EXPECT_EQ(house.number("v2h.vehicle.capacity"), 22200);
  EXPECT_EQ(house.number("v2h.vehicle.min_soc"), 30);
  EXPECT_EQ(house.number("v2h.vehicle.max_soc"), 80);
  EXPECT_EQ(house.number("v2h.vehicle.target_voltage"), 410);
  EXPECT_EQ(house.number("v2h.vehicle.max_voltage"), 435);
  EXPECT_EQ(house.number("v2h.vehicle.protocol"), 2);
  EXPECT_EQ(house.number("v2h.vehicle.request"), 20);
  EXPECT_EQ(house.number("v2h.vehicle.discharge_limit"), 20);
  EXPECT_EQ(house.number("v2h.vehicle.status"), 0xC1);
  EXPECT_EQ(house.number("v2h.sequence.status"), 0x05);
  ASSERT_TRUE(house->unplug());
  house.run_for(10s);
  EXPECT_EQ(house.text("v2h.vehicle.capacity"), "") << "another car may come";
}

TEST(EvInHouse, a_plug_in_hybrid_does_not_answer_while_its_ignition_is_on) {
  HouseConfig config = home();
  config.car->preset = "outlander_12";
  Prepared house(500, 0, config);
  ASSERT_TRUE(house->set("ev.ignition", 1.0));
  house.method("v2h.cmd.charge_method", 2);
  EXPECT_EQ(house.text("v2h.vehicle.stop_reason"), "can_timeout");
}

TEST(EvInHouse, a_car_drives_off_only_without_its_plug_and_comes_back_emptier) {
  TestHouse house("2026-04-01T07:50:00");
  EXPECT_EQ(house->depart().error().code, "plugged");
  ASSERT_TRUE(house->unplug());
  house.run_for(1s);
  ASSERT_TRUE(house->depart());
  EXPECT_EQ(house.text("ev.location"), "away");
  EXPECT_EQ(house->plug().error().code, "away");
  house.run_for(10h);
  EXPECT_EQ(house.number("ev.soc"), 60);
  ASSERT_TRUE(house->come_back(7800));
  EXPECT_EQ(house.text("ev.location"), "home");
  EXPECT_NEAR(house.number("ev.soc"), 60 - 20, 1e-9);
  EXPECT_EQ(house->come_back(1000).error().code, "at_home");
  ASSERT_TRUE(house->plug());
  house.run_for(1min);
}

TEST(EvInHouse, a_trip_too_long_for_the_charge_is_charged_elsewhere) {
  TestHouse house("2026-04-01T07:50:00");
  ASSERT_TRUE(house->unplug());
  ASSERT_TRUE(house->depart());
  ASSERT_TRUE(house->come_back(22000));  // of 23,400 Wh
  EXPECT_NEAR(house.number("ev.soc"), 50, 1e-9);
  house.run_for(1min);
}

}  // namespace
}  // namespace v2x::house
