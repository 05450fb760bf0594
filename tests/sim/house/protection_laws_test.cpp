// Laws DEV-01 to DEV-06: what a unit does when the grid leaves its limits, driven through the grid alone.
#include <gtest/gtest.h>

#include <cmath>

#include "tests/sim/house/test_house.hpp"

namespace v2x::house {
namespace {

using namespace std::chrono_literals;

/// Noon, the first PV unit in full operation.
class Protection : public testing::Test {
 protected:
  explicit Protection(double nominal_hz = 60) : house_("2026-04-01T12:00:00", at_frequency(nominal_hz)) {
    EXPECT_TRUE(house_.run_until("pcs1.state", "running", 2min));
    house_.run_for(1min);
  }
  static HouseConfig at_frequency(double nominal_hz) {
    HouseConfig config = home();
    config.grid.frequency_hz = nominal_hz;
    return config;
  }
  void set(const char* path, double value) { ASSERT_TRUE(house_->set(path, value)); }
  void clear(const char* path) { ASSERT_TRUE(house_->clear(path)); }
  /// Seconds until `code` shows; NaN when it doesn't within `limit`.
  double seconds_to(const char* code, Duration limit) {
    const Time from = house_->now();
    if (!house_.run_until("pcs1.fault", code, limit)) return std::nan("");
    return std::chrono::duration<double>(house_->now() - from).count();
  }
  bool connected() { return house_.number("pcs1.ac.relay") == 1; }
  void both_legs(double volt, Duration lasts) {
    set("grid.voltage_u", volt);
    set("grid.voltage_v", volt);
    house_.run_for(lasts);
    clear("grid.voltage_u");
    clear("grid.voltage_v");
  }

  TestHouse house_;
};

TEST_F(Protection, DEV_01_ovr_trips_a_leg_held_at_115_1_V_after_1_s) {
  set("grid.voltage_u", 115.1);
  EXPECT_NEAR(seconds_to("E1-1", 2s), 1.0, 0.05);
  EXPECT_FALSE(connected());
}

TEST_F(Protection, DEV_01_either_leg_suffices) {
  set("grid.voltage_v", 115.1);
  EXPECT_NEAR(seconds_to("E1-1", 2s), 1.0, 0.05);
}

TEST_F(Protection, DEV_01_0_9_s_and_115_0_V_do_not_trip) {
  set("grid.voltage_u", 115.1);
  house_.run_for(900ms);
  set("grid.voltage_u", 115.0);
  house_.run_for(2h);
  EXPECT_EQ(house_.text("pcs1.fault"), "");
  EXPECT_TRUE(connected());
}

TEST_F(Protection, DEV_02_uvr_trips_a_leg_held_at_79_9_V_after_1_s) {
  set("grid.voltage_v", 79.9);
  EXPECT_NEAR(seconds_to("E1-2", 2s), 1.0, 0.05);
}

TEST_F(Protection, DEV_02_dips_do_not_add_up) {
  both_legs(79.9, 900ms);
  house_.run_for(1s);
  both_legs(79.9, 600ms);
  house_.run_for(100ms);
  both_legs(79.9, 600ms);
  house_.run_for(10s);
  EXPECT_EQ(house_.text("pcs1.fault"), "");
  EXPECT_TRUE(connected());
}

struct At50Hz : Protection {
  At50Hz() : Protection(50) {}
};

TEST_F(At50Hz, DEV_03_trips_at_51_1_Hz) {
  set("grid.frequency", 51.1);
  EXPECT_NEAR(seconds_to("E1-3", 2s), 1.0, 0.05);
}

TEST_F(At50Hz, DEV_03_trips_at_47_4_Hz) {
  set("grid.frequency", 47.4);
  EXPECT_NEAR(seconds_to("E1-4", 2s), 1.0, 0.05);
}

TEST_F(Protection, DEV_03_trips_at_61_3_Hz_in_the_west) {
  set("grid.frequency", 61.3);
  EXPECT_NEAR(seconds_to("E1-3", 2s), 1.0, 0.05);
}

TEST_F(Protection, DEV_03_trips_at_56_9_Hz_in_the_west) {
  set("grid.frequency", 56.9);
  EXPECT_NEAR(seconds_to("E1-4", 2s), 1.0, 0.05);
}

TEST_F(Protection, DEV_03_ramps_of_2_Hz_a_second_inside_the_limits_do_not) {
  for (double hz = 60; hz < 61.2; hz += 0.02, house_.run_for(10ms)) set("grid.frequency", hz);
  for (double hz = 61.2; hz > 57.0; hz -= 0.02, house_.run_for(10ms)) set("grid.frequency", hz);
  clear("grid.frequency");
  house_.run_for(10s);
  EXPECT_EQ(house_.text("pcs1.fault"), "");
  EXPECT_TRUE(connected());
}

TEST_F(Protection, DEV_03_neither_does_a_step_of_three_cycles) {
  set("grid.frequency", 61.0);
  house_.run_for(50ms);
  clear("grid.frequency");
  house_.run_for(2s);
  EXPECT_TRUE(connected());
}

TEST_F(Protection, DEV_04_a_sag_to_21_percent_is_ridden_through) {
  const double before_w = house_.number("pcs1.ac.power");
  set("grid.voltage_u", 21.3);
  set("grid.voltage_v", 21.3);
  house_.run_for(900ms);
  EXPECT_TRUE(connected());
  EXPECT_EQ(house_.number("pcs1.ride_through"), 1) << "LVRT";
  EXPECT_GT(house_.number("pcs1.ac.power"), 0);
  EXPECT_LE(house_.number("pcs1.ac.current"), 28.7 + 1e-9) << "the current is limited";
  EXPECT_EQ(house_.text("pcs1.state"), "running");
  clear("grid.voltage_u");
  clear("grid.voltage_v");
  house_.run_for(100ms);
  EXPECT_GE(house_.number("pcs1.ac.power"), 0.8 * before_w);
  EXPECT_EQ(house_.number("pcs1.ride_through"), 0);
}

TEST_F(Protection, DEV_04_a_sag_to_10_percent_blocks_the_gate_but_not_the_relay) {
  const double before_w = house_.number("pcs1.ac.power");
  set("grid.voltage_u", 10.1);
  set("grid.voltage_v", 10.1);
  house_.run_for(900ms);
  EXPECT_TRUE(connected());
  EXPECT_EQ(house_.number("pcs1.ac.power"), 0);
  clear("grid.voltage_u");
  clear("grid.voltage_v");
  house_.run_for(1s);
  EXPECT_GE(house_.number("pcs1.ac.power"), 0.8 * before_w);
  EXPECT_EQ(house_.text("pcs1.fault"), "");
}

TEST_F(Protection, DEV_05_an_open_feeder_is_left_within_0_2_s_and_then_dead) {
  set("grid.feeder_open", 1);
  EXPECT_LE(seconds_to("E1-6", 1s), 0.2);
  EXPECT_FALSE(connected());
  EXPECT_EQ(house_.text("grid.state"), "outage") << "nobody holds the voltage any more";
  EXPECT_NEAR(seconds_to("E1-0", 2s), 1.0, 0.05);
}

TEST_F(Protection, DEV_05_the_passive_method_needs_jump_and_drift) {
  set("grid.phase_jump", 10);
  house_.run_for(1s);
  EXPECT_TRUE(connected()) << "a jump alone is the grid's";
  set("grid.voltage_u", 60);
  set("grid.phase_jump", 10);
  set("grid.frequency_shift", 0.2);
  house_.run_for(100ms);
  clear("grid.voltage_u");
  house_.run_for(1s);
  EXPECT_TRUE(connected()) << "it belonged to a sag";
  clear("grid.frequency_shift");
  house_.run_for(1s);
  set("grid.phase_jump", 4);
  set("grid.frequency_shift", 0.2);
  house_.run_for(1s);
  EXPECT_TRUE(connected()) << "4 degrees are below the level";
  clear("grid.frequency_shift");
  set("grid.phase_jump", 6);
  house_.run_for(200ms);
  set("grid.frequency_shift", -0.2);
  EXPECT_LE(seconds_to("E1-5", 1s), 0.3);
  EXPECT_FALSE(connected());
}

TEST_F(Protection, DEV_06_the_relay_closes_300_s_after_the_grid_is_good) {
  ASSERT_TRUE(house_->inject("pcs1", "E1-0"));
  house_.run_for(10min);
  ASSERT_TRUE(house_->repair("pcs1", "E1-0"));
  const Time good = house_->now();
  EXPECT_EQ(house_.number("pcs1.connect_wait"), 300);
  ASSERT_TRUE(house_.run_until("pcs1.state", "running", 10min));
  EXPECT_EQ(house_->now() - good, 300s);
}

TEST_F(Protection, DEV_06_an_excursion_at_299_s_starts_the_300_s_anew) {
  ASSERT_TRUE(house_->inject("pcs1", "E1-0"));
  house_.run_for(1min);
  ASSERT_TRUE(house_->repair("pcs1", "E1-0"));
  house_.run_for(299s);
  set("grid.voltage_u", 116);
  house_.run_for(100ms);
  clear("grid.voltage_u");
  const Time good = house_->now();
  ASSERT_TRUE(house_.run_until("pcs1.state", "running", 10min));
  EXPECT_EQ(house_->now() - good, 300s);
}

TEST_F(Protection, DEV_06_with_the_setting_manual_only_by_hand) {
  ASSERT_EQ(house_.write("pcs1.set.reconnect_wait", 65534), core::ModbusException::none);
  ASSERT_TRUE(house_->inject("pcs1", "E1-0"));
  house_.run_for(1min);
  ASSERT_TRUE(house_->repair("pcs1", "E1-0"));
  house_.run_for(3h);
  EXPECT_EQ(house_.text("pcs1.state"), "starting");
  ASSERT_TRUE(house_->set("pcs1.op.run_switch", 0.0));
  house_.run_for(1s);
  ASSERT_TRUE(house_->set("pcs1.op.run_switch", 1.0));
  EXPECT_TRUE(house_.run_until("pcs1.state", "running", 1min));
}

TEST_F(Protection, DEV_06_the_wait_also_runs_after_a_restart_in_an_outage) {
  ASSERT_TRUE(house_->set("pcs1.op.supply", 0.0));
  ASSERT_TRUE(house_->inject("pcs1", "E1-0"));
  house_.run_for(1min);
  ASSERT_TRUE(house_->repair("pcs1", "E1-0"));
  const Time good = house_->now();
  ASSERT_TRUE(house_->clear("pcs1.op.supply"));
  ASSERT_TRUE(house_.run_until("pcs1.state", "running", 10min));
  EXPECT_EQ(house_->now() - good, 300s);
}

}  // namespace
}  // namespace v2x::house
