// Model 123 as the unit understands it: limits, ramps, revert clocks.
#include "sim/power/der_commands.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace v2x::power {
namespace {

using namespace std::chrono_literals;

struct Commands {
  contracts::QuantityCatalogue catalogue = contracts::QuantityCatalogue::load();
  core::QuantityTable table{catalogue, "pv_pcs"};
  DerCommands commands{table, Rating{5500, 5790, 28.7, 1500, 0.95, 60}};
  Time now{};

  void write(const char* name, double value) {
    commands.write(table.slot(name), value, now);
    commands.update(now);
  }
  void pass(Duration d) {
    const Time end = now + d;
    while (commands.next_change(now) <= end) {
      now = commands.next_change(now);
      commands.update(now);
    }
    now = end;
  }
  double limit() { return commands.limit_share(now); }
};

TEST(DerCommands, a_limit_applies_only_while_enabled) {
  Commands c;
  c.write("cmd.power_limit", 50);
  c.pass(10min);
  EXPECT_EQ(c.limit(), 1);
  c.write("cmd.power_limit_enabled", 1);
  c.pass(10min);
  EXPECT_EQ(c.limit(), 0.5);
}

TEST(DerCommands, from_100_to_0_percent_takes_ramp_min_minutes) {
  for (const double minutes : {5.0, 10.0}) {
    Commands c;
    c.write("set.ramp_min", minutes);
    c.write("cmd.power_limit", 0);
    c.write("cmd.power_limit_enabled", 1);
    const auto whole = std::chrono::duration_cast<Duration>(std::chrono::duration<double, std::ratio<60>>(minutes));
    c.pass(whole / 2);
    EXPECT_NEAR(c.limit(), 0.5, 0.005);
    c.pass(whole / 2 + 1s);
    EXPECT_EQ(c.limit(), 0);
  }
}

TEST(DerCommands, its_own_ramp_goes_before_the_setting) {
  Commands c;
  c.write("cmd.power_limit", 40);
  c.write("cmd.power_limit_ramp", 20);
  c.write("cmd.power_limit_enabled", 1);
  c.pass(10s);
  EXPECT_NEAR(c.limit(), 0.7, 1e-6);
  c.pass(11s);
  EXPECT_EQ(c.limit(), 0.4);
}

TEST(DerCommands, the_revert_clock_runs_from_the_last_write_to_the_group) {
  Commands c;
  c.write("cmd.power_limit", 40);
  c.write("cmd.power_limit_revert", 600);
  c.write("cmd.power_limit_enabled", 1);
  c.pass(500s);
  c.write("cmd.power_limit", 40);
  c.pass(599s);
  EXPECT_EQ(c.table.number(c.table.slot("cmd.power_limit_enabled")), 1);
  c.pass(2s);
  EXPECT_EQ(c.table.number(c.table.slot("cmd.power_limit_enabled")), 0);
  EXPECT_EQ(c.table.number(c.table.slot("cmd.power_limit")), 100);
  c.pass(10min);
  EXPECT_EQ(c.limit(), 1);
}

TEST(DerCommands, connect_reverts_to_connected_and_zero_means_never) {
  Commands c;
  c.write("cmd.connect_revert", 60);
  c.write("cmd.connect", 0);
  EXPECT_FALSE(c.commands.wants_grid());
  c.pass(61s);
  EXPECT_TRUE(c.commands.wants_grid());
  c.write("cmd.connect_revert", 0);
  c.write("cmd.connect", 0);
  c.pass(48h);
  EXPECT_FALSE(c.commands.wants_grid());
}

TEST(DerCommands, stop_and_standby_want_no_grid) {
  Commands c;
  for (const auto& [word, wants] : {std::pair{0, false}, {1, true}, {2, false}, {3, true}}) {
    c.write("cmd.operation", word);
    EXPECT_EQ(c.commands.wants_grid(), wants);
  }
}

TEST(DerCommands, a_fixed_power_factor_overrides_the_setting) {
  Commands c;
  const double constant = std::tan(std::acos(0.95));
  EXPECT_NEAR(c.commands.absorbed_per_watt(c.now), constant, 1e-9);
  c.write("cmd.power_factor", -0.9);
  EXPECT_NEAR(c.commands.absorbed_per_watt(c.now), constant, 1e-9);
  c.write("cmd.power_factor_enabled", 1);
  EXPECT_NEAR(c.commands.absorbed_per_watt(c.now), -std::tan(std::acos(0.9)), 1e-9) << "negative delivers";
}

TEST(DerCommands, does_not_pretend_to_know_what_has_no_model) {
  Commands c;
  EXPECT_TRUE(c.commands.knows(c.table.slot("cmd.power_limit")));
  EXPECT_FALSE(c.commands.knows(c.table.slot("ac.power")));
  EXPECT_FALSE(c.commands.knows(c.table.slot("op.run_switch"))) << "only a hand moves it";
}

}  // namespace
}  // namespace v2x::power
