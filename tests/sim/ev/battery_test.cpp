// The traction battery.
#include "sim/ev/battery.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace v2x::ev {
namespace {

using namespace std::chrono_literals;

constexpr double kRoom = 25;
Battery leaf_40(double soc) {
  return Battery({39000, 96, 0.07}, soc, kRoom);
}

TEST(Battery, spans_309_to_400_volts) {
  EXPECT_NEAR(leaf_40(0).open_v(), 309, 1);
  EXPECT_NEAR(leaf_40(1).open_v(), 400, 1);
}

TEST(Battery, a_full_one_holds_its_usable_energy_and_an_empty_one_nothing) {
  EXPECT_NEAR(leaf_40(1).stored_wh(), 39000, 1e-6);
  EXPECT_NEAR(leaf_40(0).stored_wh(), 0, 1e-9);
}

TEST(Battery, the_current_gives_the_wanted_power) {
  const Battery battery = leaf_40(0.6);
  for (const double watt : {-6000.0, -200.0, 0.0, 200.0, 6000.0}) {
    const double current = battery.current_for(watt);
    EXPECT_NEAR(battery.voltage(current) * current, watt, 1e-6);
  }
}

TEST(Battery, every_watt_of_an_instant_is_accounted_for) {
  Battery battery = leaf_40(0.6);
  battery.integrate(-16, kRoom, 60s);
  for (const double watt : {-6000.0, 3000.0}) {
    const double current = battery.current_for(watt);
    EXPECT_NEAR(battery.chemical_w(current), watt + battery.ohmic_w(current) + battery.inefficiency_w(current), 1e-9);
  }
}

TEST(Battery, counts_coulombs) {
  Battery battery = leaf_40(0.5);
  battery.integrate(10, kRoom, 1h);
  EXPECT_NEAR(battery.soc(), 0.5 - 10 / battery.capacity_ah(), 1e-9);
  battery.integrate(-10 / 0.995, kRoom, 1h);
  EXPECT_NEAR(battery.soc(), 0.5, 1e-9);
}

TEST(Battery, says_when_a_charge_is_reached) {
  Battery battery = leaf_40(0.5);
  battery.integrate(16, kRoom, battery.time_to(0.4, 16));
  EXPECT_NEAR(battery.soc(), 0.4, 1e-9);
  EXPECT_GE(battery.soc(), 0.4);
  EXPECT_EQ(battery.time_to(0.9, 16), Duration::max());
}

TEST(Battery, the_voltage_sags_further_while_the_rc_pair_charges) {
  Battery battery = leaf_40(0.6);
  const double at_once = battery.open_v() - battery.voltage(16);
  battery.integrate(16, kRoom, 5min);
  EXPECT_NEAR(at_once, 16 * 0.07, 1e-9);
  EXPECT_NEAR(battery.open_v() - battery.voltage(16), at_once * 1.5, at_once * 0.02);
}

TEST(Battery, DEV_19_charging_to_full_passes_from_constant_current_to_constant_voltage) {
  Battery battery = leaf_40(0.95);
  double last_a = 16;
  bool tapered = false;
  while (battery.soc() < 1) {
    const double current = battery.charge_limit_a(16);
    ASSERT_GT(current, 0);
    EXPECT_LE(current, last_a + 1e-9) << "falls monotonically";
    EXPECT_LE(battery.voltage(-current), battery.largest_v() + 1e-9) << "no overshoot";
    tapered = tapered || current < 16;
    last_a = current;
    battery.integrate(-current, kRoom, std::min<Duration>(10s, battery.time_to(1, -current) + 1us));
  }
  EXPECT_TRUE(tapered);
  EXPECT_LT(last_a, 8);
}

TEST(Battery, cold_and_heat_bound_its_currents) {
  const auto charge_a = [](double celsius) { return Battery({39000, 96, 0.07}, 0.5, celsius).charge_limit_a(20); };
  const auto discharge_a = [](double celsius) {
    return Battery({39000, 96, 0.07}, 0.5, celsius).discharge_limit_a(20);
  };
  EXPECT_EQ(charge_a(25), 20);
  EXPECT_EQ(charge_a(-15), 0);
  EXPECT_NEAR(charge_a(-2.5), 10, 1e-9);
  EXPECT_EQ(charge_a(57), 0);
  EXPECT_EQ(discharge_a(0), 20);
  EXPECT_EQ(discharge_a(-25), 0);
  EXPECT_EQ(discharge_a(60), 0);
}

TEST(Battery, resists_more_when_cold) {
  Battery battery = leaf_40(0.5);
  battery.set_temperature(0);
  EXPECT_NEAR((battery.open_v() - battery.voltage(10)) / 10, 0.07 * std::exp(0.625), 1e-9);
}

}  // namespace
}  // namespace v2x::ev
