// A PV power conditioner on a bench: a DC source, a grid, its bus.
#include "sim/pcs/pv_pcs.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace v2x::pcs {
namespace {

using namespace std::chrono_literals;
using core::ModbusException;

struct Bench {
  contracts::QuantityCatalogue quantities = contracts::QuantityCatalogue::load();
  contracts::FaultCatalogue faults = contracts::FaultCatalogue::load();
  Time now{};
  PvPcs pcs{{{"KPV-A55-J4", "00009005PV1", 1, 1}, 60, 4}, quantities, faults, now};

  Bench() { settle(); }
  void sun(double string_w) {
    const power::DcSource one{string_w, 183, 226};
    const std::array sources{one, one, one, one};
    pcs.see_strings(sources);
    settle();
  }
  void grid(double u, double v, double hz = 60) {
    pcs.see_grid({u, v, hz}, now);
    settle();
  }
  void settle() {
    pcs.update(now);
    pcs.publish(now);
  }
  void pass(Duration d) {
    const Time end = now + d;
    for (Time next = pcs.next_change(now); next <= end; next = pcs.next_change(now)) {
      pcs.integrate(next - now);
      now = next;
      settle();
    }
    pcs.integrate(end - now);
    now = end;
    pcs.publish(now);
  }
  void run() {
    sun(1350);
    pass(20s);
    ASSERT_EQ(state(), "running");
    pass(30s);
  }
  ModbusException write(const char* name, double value) {
    const std::array writes{core::QuantityWrite{pcs.quantities().slot(name), value, {}}};
    const auto result = pcs.write(writes);
    settle();
    return result;
  }
  std::string state() { return pcs.quantities().text(pcs.quantities().slot("state")); }
  double number(const char* name) { return pcs.quantities().number(pcs.quantities().slot(name)); }
};

TEST(PvPcs, wakes_after_ten_good_seconds_checks_ten_more_and_starts_softly) {
  Bench bench;
  EXPECT_EQ(bench.state(), "sleeping");
  bench.sun(1350);
  bench.pass(9999ms);
  EXPECT_EQ(bench.state(), "sleeping");
  bench.pass(1ms);
  EXPECT_EQ(bench.state(), "starting");
  bench.pass(10s);
  EXPECT_EQ(bench.state(), "running");
  EXPECT_EQ(bench.number("ac.relay"), 1);
  EXPECT_EQ(bench.number("ac.power"), 0);
  bench.pass(15s);
  EXPECT_NEAR(bench.number("ac.power"), 2750, 1);
  bench.pass(15s);
  EXPECT_NEAR(bench.number("ac.power"), bench.number("ac.available_power"), 1e-6);
}

TEST(PvPcs, a_single_dim_minute_sends_it_to_sleep) {
  Bench bench;
  bench.run();
  bench.sun(3);
  bench.pass(59s);
  EXPECT_EQ(bench.state(), "running");
  bench.sun(1350);
  bench.sun(3);
  bench.pass(59s);
  EXPECT_EQ(bench.state(), "running") << "a moment of sun starts the minute anew";
  bench.pass(1s);
  EXPECT_EQ(bench.state(), "shutting_down");
  bench.pass(2s);
  EXPECT_EQ(bench.state(), "sleeping");
  EXPECT_EQ(bench.number("ac.relay"), 0);
}

TEST(PvPcs, delivers_at_constant_power_factor_absorbing) {
  Bench bench;
  bench.run();
  EXPECT_NEAR(bench.number("ac.power_factor"), 0.95, 1e-9);
  EXPECT_NEAR(bench.number("ac.reactive"), -bench.number("ac.power") * std::tan(std::acos(0.95)), 1e-6);
}

TEST(PvPcs, at_a_lower_power_factor_the_apparent_power_bounds_the_output) {
  Bench bench;
  bench.run();
  bench.sun(1800);
  EXPECT_EQ(bench.write("set.power_factor", 0.90), ModbusException::none);
  EXPECT_NEAR(bench.number("ac.power"), 5211, 0.5);
  EXPECT_NEAR(bench.number("ac.apparent"), 5790, 1e-6);
  EXPECT_EQ(bench.state(), "throttled");
}

TEST(PvPcs, a_limit_throttles_at_the_ramp_and_keeps_the_books) {
  Bench bench;
  bench.run();
  bench.write("cmd.power_limit_ramp", 10);
  bench.write("cmd.power_limit", 20);
  bench.write("cmd.power_limit_enabled", 1);
  bench.pass(11s);
  EXPECT_NEAR(bench.number("ac.power"), 1100, 1e-6);
  EXPECT_EQ(bench.state(), "throttled");
  EXPECT_EQ(bench.pcs.quantities().text(bench.pcs.quantities().slot("suppression")), "output_control");
  EXPECT_NEAR(bench.number("throttle_percent"), 20, 1e-9);
  EXPECT_GT(bench.number("dc[1].voltage"), 183) << "towards open circuit";
  const double before_wh = bench.number("ac.energy_injected");
  bench.pass(1h);
  EXPECT_NEAR(bench.number("ac.energy_injected") - before_wh, 1100, 1e-6);
}

TEST(PvPcs, connect_0_ramps_down_opens_and_stands_by_until_withdrawn) {
  Bench bench;
  bench.run();
  const double full = bench.number("ac.power");
  bench.write("cmd.connect", 0);
  EXPECT_EQ(bench.state(), "shutting_down");
  bench.pass(1s);
  EXPECT_NEAR(bench.number("ac.power"), full / 2, 1);
  bench.pass(1s);
  EXPECT_EQ(bench.state(), "standby");
  EXPECT_EQ(bench.number("ac.relay"), 0);
  bench.write("cmd.connect", 1);
  EXPECT_EQ(bench.state(), "starting");
  bench.pass(10s);
  EXPECT_EQ(bench.state(), "running");
}

TEST(PvPcs, trips_at_once_when_the_relay_says_so) {
  Bench bench;
  bench.run();
  bench.grid(115.1, 101);
  bench.pass(999ms);
  EXPECT_GT(bench.number("ac.power"), 0);
  bench.pass(1ms);
  EXPECT_EQ(bench.state(), "fault");
  EXPECT_EQ(bench.number("ac.relay"), 0);
  EXPECT_EQ(bench.number("ac.power"), 0);
  EXPECT_EQ(bench.number("ac.reactive"), 0);
  EXPECT_EQ(bench.number("dc.power"), 0);
}

TEST(PvPcs, a_grid_lost_at_night_is_no_fault_but_delays_the_start) {
  Bench bench;
  bench.grid(0, 0);
  bench.pass(10min);
  bench.grid(101, 101);
  EXPECT_EQ(bench.state(), "sleeping");
  bench.sun(1350);
  bench.pass(299s);
  EXPECT_EQ(bench.state(), "starting");
  bench.pass(1s);
  EXPECT_EQ(bench.state(), "running");
}

TEST(PvPcs, protection_settings_can_be_written) {
  Bench bench;
  bench.run();
  EXPECT_EQ(bench.write("set.ovr_level", 112), ModbusException::none);
  EXPECT_EQ(bench.write("set.ovr_time", 0.5), ModbusException::none);
  bench.grid(112.5, 101);
  bench.pass(500ms);
  EXPECT_EQ(bench.state(), "fault");
}

TEST(PvPcs, refuses_writes_while_local_but_heartbeats) {
  Bench bench;
  bench.pcs.pin("local", 1, bench.now);
  EXPECT_EQ(bench.write("cmd.heartbeat", 1), ModbusException::none);
  EXPECT_EQ(bench.write("cmd.power_limit", 50), ModbusException::device_failure);
  EXPECT_EQ(bench.number("cmd.power_limit"), 100);
}

}  // namespace
}  // namespace v2x::pcs
