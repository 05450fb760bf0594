// Laws DEV-07 to DEV-14 of a PV unit: suppression, power factor, curtailment, heartbeat, clipping, heat, counters.
#include <gtest/gtest.h>

#include <cmath>

#include "sim/core/register_image.hpp"
#include "tests/sim/house/test_house.hpp"

namespace v2x::house {
namespace {

using namespace std::chrono_literals;
using core::ModbusException;

/// World `clipping` in full sun.
HouseConfig clipping(double ambient_c) {
  HouseConfig config = site_of("clipping");
  config.ambient_c = ambient_c;
  config.irradiance = 1000;
  return config;
}

struct FullSun : testing::Test {
  explicit FullSun(double ambient_c = 0) : house("2026-04-01T11:00:00", clipping(ambient_c)) {
    EXPECT_TRUE(house.run_until("pcs1.state", "running", 2min));
    house.run_for(1min);
  }
  double watt() { return house.number("pcs1.ac.power"); }
  double power_factor() { return house.number("pcs1.ac.power_factor"); }
  ModbusException write(const std::string& name, double value) { return house.write("pcs1." + name, value); }

  TestHouse house;
};

TEST_F(FullSun, DEV_07_a_high_source_is_met_by_var_first_and_then_by_power) {
  ASSERT_TRUE(house->set("grid.source_u", 108.0));
  ASSERT_TRUE(house->set("grid.source_v", 108.0));
  const double before_var = house.number("pcs1.ac.reactive");
  house.run_for(2s);
  EXPECT_LT(house.number("pcs1.ac.reactive"), before_var);
  EXPECT_GT(power_factor(), 0.85);
  EXPECT_EQ(house.number("pcs1.throttle_reasons"), 1 << 4) << "VOLT_VAR";
  house.run_for(6s);
  EXPECT_NEAR(power_factor(), 0.85, 1e-9);
  EXPECT_NEAR(watt(), 0.85 * 5790, 1) << "only as much less as the apparent power asks for";
  house.run_for(2min);
  EXPECT_NEAR(power_factor(), 0.85, 1e-9);
  EXPECT_LT(watt(), 0.8 * 5500);
  EXPECT_GT(watt(), 1000);
  EXPECT_LE(house.number("grid.voltage_u"), 109.0 + 0.1);
  EXPECT_EQ(house.text("pcs1.state"), "throttled");
  EXPECT_EQ(house.text("pcs1.suppression"), "other");
  EXPECT_EQ(house.number("pcs1.throttle_reasons"), 1 << 10) << "VOLT_WATT";
  EXPECT_EQ(house.text("pcs1.fault"), "");

  ASSERT_TRUE(house->set("grid.source_u", 101.0));
  ASSERT_TRUE(house->set("grid.source_v", 101.0));
  house.run_for(3min);
  EXPECT_NEAR(watt(), 5500, 5);
  EXPECT_NEAR(power_factor(), 0.95, 1e-3);
  EXPECT_EQ(house.text("pcs1.state"), "running");
  EXPECT_EQ(house.text("pcs1.suppression"), "none");
}

TEST_F(FullSun, DEV_08_constant_power_factor_at_full_sun) {
  EXPECT_NEAR(watt(), 5500, 5);
  EXPECT_NEAR(house.number("pcs1.ac.apparent"), 5790, 1);
  EXPECT_LT(house.number("pcs1.ac.reactive"), 0);
  ASSERT_EQ(write("set.power_factor", 0.90), ModbusException::none);
  EXPECT_NEAR(watt(), 5211, 0.5);
  EXPECT_NEAR(house.number("pcs1.ac.apparent"), 5790, 1e-6);
}

TEST_F(FullSun, a_fixed_reactive_power_goes_before_the_power_factor_and_reverts) {
  ASSERT_EQ(write("cmd.reactive_revert", 60), ModbusException::none);
  ASSERT_EQ(write("cmd.reactive", 40), ModbusException::none);
  EXPECT_LT(house.number("pcs1.ac.reactive"), 0) << "not enabled yet";
  ASSERT_EQ(write("cmd.reactive_enabled", 1), ModbusException::none);
  EXPECT_NEAR(house.number("pcs1.ac.reactive"), 0.4 * 5500, 1e-6);
  EXPECT_NEAR(watt(), std::sqrt(5790.0 * 5790 - 2200.0 * 2200), 1e-6);
  house.run_for(61s);
  EXPECT_NEAR(power_factor(), 0.95, 1e-3);
}

TEST_F(FullSun, DEV_09_a_limit_from_100_to_0_percent_takes_ramp_min_and_the_revert_timer_restores) {
  for (const double ramp_min : {5.0, 10.0}) {
    ASSERT_EQ(write("set.ramp_min", ramp_min), ModbusException::none);
    write("cmd.power_limit_revert", 3600);
    write("cmd.power_limit", 0);
    write("cmd.power_limit_enabled", 1);
    const Time from = house->now();
    const auto ramp = std::chrono::duration<double, std::ratio<60>>(ramp_min);
    for (const double part : {0.25, 0.5, 0.75}) {
      house.run_until(from + std::chrono::duration_cast<Duration>(ramp * part));
      EXPECT_NEAR(watt(), 5500 * (1 - part), 0.05 * 5500) << ramp_min << " min, " << part;
    }
    EXPECT_GT(watt(), 0);
    house.run_until(from + std::chrono::duration_cast<Duration>(ramp));
    EXPECT_EQ(watt(), 0);
    EXPECT_EQ(house.number("pcs1.ac.relay"), 1);
    EXPECT_EQ(house.text("pcs1.suppression"), "output_control");
    house.run_until(from + 1h);
    EXPECT_EQ(house.number("pcs1.cmd.power_limit_enabled"), 0);
    EXPECT_EQ(house.number("pcs1.cmd.power_limit"), 100);
    house.run_for(11min);
    EXPECT_NEAR(watt(), 5500, 5);
  }
}

TEST_F(FullSun, DEV_10_without_heartbeat_the_output_is_0_within_300_s_and_resumes_with_it) {
  house.run_for(10min);
  EXPECT_NEAR(watt(), 5500, 5) << "before the first heartbeat nobody watches";
  write("cmd.heartbeat", 1);
  for (int i = 0; i < 10; ++i) {
    house.run_for(1min);
    write("cmd.heartbeat", 2 + i);
  }
  for (int i = 0; i < 4; ++i) {
    house.run_for(1min);
    write("cmd.heartbeat", 11);  // a stuck controller: nothing changes
  }
  EXPECT_NEAR(watt(), 5500, 5);
  house.run_for(1min);
  EXPECT_EQ(watt(), 0);
  EXPECT_EQ(house.text("pcs1.fault"), "E6-1");
  EXPECT_EQ(house.text("pcs1.state"), "standby");
  house.run_for(1h);
  write("cmd.heartbeat", 12);
  house.write("pcs1.set.heartbeat_timeout", 0);
  ASSERT_TRUE(house.run_until("pcs1.state", "throttled", 1min));
  EXPECT_EQ(house.text("pcs1.fault"), "");
  house.run_for(2min);
  EXPECT_LT(watt(), 0.5 * 5500) << "along the ramp of five minutes";
  house.run_for(3min);
  EXPECT_NEAR(watt(), 5500, 5);
}

TEST_F(FullSun, DEV_12_clipping_is_running_not_throttled) {
  EXPECT_EQ(house.text("pcs1.state"), "running");
  EXPECT_EQ(house.number("pcs1.clipped"), 1);
  EXPECT_EQ(house.number("pcs1.throttle_reasons"), 0);
  EXPECT_NEAR(watt(), 5500, 5);
}

struct FullSunAt40 : FullSun {
  FullSunAt40() : FullSun(40) {}
};

TEST_F(FullSunAt40, DEV_13_a_stuck_fan_derates_and_settles_below_90_degrees) {
  ASSERT_TRUE(house->inject("pcs1", "E3-3"));
  ASSERT_TRUE(house.run_until("pcs1.fault", "E3-3", 1h));
  house.run_for(2h);
  EXPECT_EQ(house.text("pcs1.fault"), "E3-3");
  EXPECT_NEAR(watt(), 2750, 1);
  EXPECT_LT(house.number("pcs1.temp.heatsink"), 90);
  EXPECT_GT(house.number("pcs1.temp.heatsink"), 75);
}

struct FullSunAt55 : FullSun {
  FullSunAt55() : FullSun(55) {}
};

TEST_F(FullSunAt55, DEV_13_in_a_hot_cabinet_it_trips_and_clears_only_below_70_degrees) {
  ASSERT_TRUE(house->inject("pcs1", "E3-3"));
  ASSERT_TRUE(house.run_until("pcs1.fault", "E3-1", 6h));
  EXPECT_GE(house.number("pcs1.temp.heatsink"), 90);
  EXPECT_EQ(watt(), 0);
  while (house.number("pcs1.temp.heatsink") >= 70) {
    ASSERT_EQ(house.text("pcs1.fault"), "E3-1");
    house.run_for(10s);
  }
  house.run_for(40s);
  EXPECT_EQ(house.text("pcs1.fault"), "E3-1") << "cool for a minute first";
  EXPECT_TRUE(house.run_until("pcs1.fault", "E3-3", 30s)) << "the fan still waits for a hand";
}

TEST_F(FullSun, DEV_14_counters_survive_an_orderly_restart) {
  house.run_for(1h);
  ASSERT_TRUE(house->set("pcs1.op.run_switch", 0.0));
  house.run_for(10s);
  const double before_wh = house.number("pcs1.ac.energy_injected"), string_wh = house.number("pcs1.dc[1].energy");
  ASSERT_TRUE(house->set("pcs1.op.supply", 0.0));
  house.run_for(1h);
  ASSERT_TRUE(house->clear("pcs1.op.supply"));
  EXPECT_EQ(house.number("pcs1.ac.energy_injected"), before_wh);
  EXPECT_EQ(house.number("pcs1.dc[1].energy"), string_wh);
  EXPECT_EQ(house.number("pcs1.boots"), 2);
}

TEST_F(FullSun, DEV_14_a_kill_loses_at_most_900_s) {
  house.run_for(100min);
  const double before_wh = house.number("pcs1.ac.energy_injected");
  ASSERT_TRUE(house->set("pcs1.op.supply", 0.0));
  EXPECT_EQ(house.number("pcs1.bus.silent"), 1);
  EXPECT_EQ(watt(), 0);
  EXPECT_EQ(house.text("pcs1.state"), "off");
  house.run_for(1min);
  ASSERT_TRUE(house->clear("pcs1.op.supply"));
  const double after_wh = house.number("pcs1.ac.energy_injected");
  EXPECT_LT(after_wh, before_wh);
  EXPECT_GE(after_wh, before_wh - 5500 * 900.0 / 3600);
  EXPECT_TRUE(house.run_until("pcs1.state", "running", 2min));
}

TEST_F(FullSun, DEV_14_a_restart_keeps_settings_and_the_operation_command_but_no_other_command) {
  write("set.max_power", 4000);
  write("cmd.power_limit", 50);
  write("cmd.power_limit_enabled", 1);
  write("cmd.operation", 2);
  ASSERT_TRUE(house->set("pcs1.op.supply", 0.0));
  house.run_for(1min);
  ASSERT_TRUE(house->clear("pcs1.op.supply"));
  EXPECT_EQ(house.number("pcs1.set.max_power"), 4000);
  EXPECT_EQ(house.number("pcs1.cmd.power_limit_enabled"), 0);
  EXPECT_EQ(house.number("pcs1.cmd.power_limit"), 100);
  house.run_for(5min);
  EXPECT_EQ(house.text("pcs1.state"), "standby");
  write("cmd.operation", 3);
  house.run_for(1min);
  EXPECT_NEAR(watt(), 4000, 1e-6);
}

TEST_F(FullSun, DEV_14_a_counter_of_32_bits_wraps) {
  ASSERT_TRUE(house->set("pcs1.ac.energy_injected", 4'294'967'295.0 - 1));
  const auto map = core::RegisterMap::load_named("sunspec-pv", quantities());
  core::RegisterImage image(map, house->unit("pcs1"));
  const auto wh = [&image] {
    std::uint16_t registers[2] = {};
    EXPECT_EQ(image.read(40070 + 24, registers), ModbusException::none);
    return (std::uint32_t{registers[0]} << 16) | registers[1];
  };
  EXPECT_EQ(wh(), 4'294'967'294U);
  house.run_for(2s);
  EXPECT_LT(wh(), 10U);
  house.run_for(1h);
  EXPECT_NEAR(wh(), 5500, 10);
  EXPECT_GT(house.number("pcs1.ac.energy_injected"), 4'294'967'295.0) << "the wider counter goes on";
}

TEST_F(FullSun, a_clock_without_supply_for_three_days_is_lost_until_it_is_set) {
  ASSERT_TRUE(house->set("pcs1.op.supply", 0.0));
  house.run_for(73h);
  ASSERT_TRUE(house->clear("pcs1.op.supply"));
  house.run_for(1min);
  EXPECT_EQ(house.text("pcs1.fault"), "E5-3");
  EXPECT_NEAR(house.number("pcs1.clock"), 60, 1);
  ASSERT_TRUE(house->repair("pcs1", "E5-3"));
  house.run_for(11s);
  EXPECT_EQ(house.text("pcs1.fault"), "");
  EXPECT_GT(house.number("pcs1.clock"), 8e8);
}

TEST_F(FullSun, self_sustained_operation_feeds_the_outlet_alone_and_ends_by_hand) {
  ASSERT_TRUE(house->inject("pcs1", "E1-0"));
  house.run_for(2s);
  EXPECT_EQ(house.text("pcs1.state"), "fault");
  ASSERT_TRUE(house->set("pcs1.op.outlet_load", 800.0));
  ASSERT_EQ(write("op.island_switch", 1), ModbusException::none);
  house.run_for(1min);
  EXPECT_EQ(house.text("pcs1.state"), "island");
  EXPECT_EQ(house.number("pcs1.forming"), 1);
  EXPECT_EQ(watt(), 800);
  EXPECT_EQ(house.number("pcs1.ac.relay"), 0);
  EXPECT_EQ(house.number("load_w"), 800);
  EXPECT_EQ(house.number("grid_w"), 0);
  ASSERT_TRUE(house->repair("pcs1", "E1-0"));
  house.run_for(10min);
  EXPECT_EQ(house.text("pcs1.state"), "standby") << "the switch still stands at self-sustained";
  ASSERT_EQ(write("op.island_switch", 0), ModbusException::none);
  EXPECT_TRUE(house.run_until("pcs1.state", "running", 1min));
}

}  // namespace
}  // namespace v2x::house
