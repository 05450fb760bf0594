// DEV-27 for PV units: every code that they detect is raised by its physical cause, shows its bits, has its effect, and
// recovers as the catalogue says.
#include <gtest/gtest.h>

#include "tests/sim/house/fault_protocol.hpp"

namespace v2x::house {
namespace {

using namespace std::chrono_literals;
using contracts::Effect;

constexpr auto nothing = FaultCase::nothing;

void opens_its_relay(TestHouse& house) {
  house.write("pcs1.cmd.connect", 0);
  house.run_for(3s);
}
void starts_anew(TestHouse& house) {
  opens_its_relay(house);
  house.write("pcs1.cmd.connect", 1);
}
void connects(TestHouse& house) {
  house.write("pcs1.cmd.connect", 1);
}
void sends_a_heartbeat(TestHouse& house) {
  house.write("pcs1.cmd.heartbeat", 1);
}
void sends_another_heartbeat(TestHouse& house) {
  house.write("pcs1.cmd.heartbeat", 2);
  house.write("pcs1.set.heartbeat_timeout", 0);
}
void feeds_its_outlet(TestHouse& house) {
  ASSERT_TRUE(house->inject("pcs1", "E1-0"));
  ASSERT_TRUE(house->set("pcs1.op.island_switch", 1.0));
  house.run_for(2s);
  ASSERT_EQ(house.text("pcs1.state"), "island");
}
void grid_returns(TestHouse& house) {
  ASSERT_TRUE(house->clear("pcs1.op.island_switch"));
  ASSERT_TRUE(house->repair("pcs1", "E1-0"));
}

constexpr Duration kSlow = 3h;  // temperatures
constexpr std::initializer_list<FaultCase> kCases{
    {"E1-0", 1050ms, nothing, nothing, nothing, 950ms},
    {"E1-1", 1050ms, nothing, nothing, nothing, 950ms},
    {"E1-2", 1050ms, nothing, nothing, nothing, 950ms},
    {"E1-3", 1050ms, nothing, nothing, nothing, 950ms},
    {"E1-4", 1050ms, nothing, nothing, nothing, 950ms},
    {"E1-5", 500ms},
    {"E1-6", 200ms, nothing, nothing, nothing, 100ms},
    {"E1-7", 150ms, nothing, nothing, nothing, 50ms},
    {"E2-1", 150ms, nothing, nothing, nothing, 50ms},
    {"E2-2", 31min, nothing, nothing, nothing, 29min},
    {"E2-3", 150ms, nothing, nothing, nothing, 50ms},
    {"E2-4", 1050ms, nothing, nothing, nothing, 950ms},
    {"E3-1", kSlow},
    {"E3-2", kSlow},
    {"E3-3", kSlow},
    {"E3-4", 10s},
    {"E4-1", 50ms, nothing, nothing, nothing, 5ms},
    {"E4-2", 50ms},
    {"E4-3", 550ms, nothing, nothing, nothing, 450ms},
    {"E4-4", 50ms, nothing, opens_its_relay, connects},
    {"E4-5", 50ms, nothing, starts_anew},
    {"E5-1", 50ms},
    {"E5-2", 10050ms, nothing, nothing, nothing, 9950ms},
    {"E5-3", 50ms},
    {"E6-1", 272s, sends_a_heartbeat, nothing, sends_another_heartbeat, 269s},
    {"E8-0", 1050ms, feeds_its_outlet, nothing, grid_returns, 950ms},
};

class PvFault : public FaultProtocol {
 protected:
  PvFault() : FaultProtocol("pcs1", warm_home()) {}

  static HouseConfig warm_home() {
    HouseConfig config = home();
    config.ambient_c = 30;
    config.irradiance = 900;
    return config;
  }
  void expect_effect(double before_w) override {
    house_.run_for(fault_.effect == Effect::stop ? 2s : 100ms);
    if (fault_.effect == Effect::trip) return expect_tripped();
    if (fault_.effect == Effect::stop) return expect_stopped();
    if (fault_.effect != Effect::derate) {
      EXPECT_GT(number("ac.power"), 0.7 * before_w);
      return;
    }
    EXPECT_NEAR(number("ac.power"), 2750, 1);
    EXPECT_EQ(number("throttle_reasons"), 1 << 14);
  }
};

TEST_P(PvFault, DEV_27_is_raised_by_its_cause_and_recovers_as_its_class_says) {
  ASSERT_TRUE(house_.run_until("pcs1.state", "running", 2min));
  house_.run_for(1min);
  raise_and_recover();
}

INSTANTIATE_TEST_SUITE_P(Codes, PvFault, testing::ValuesIn(kCases), test_name);

TEST(PvFaults, every_code_that_a_pv_unit_detects_has_its_case) {
  expect_all_codes("pv", kCases);
}

TEST(PvFaults, three_over_currents_within_an_hour_need_a_hand) {
  TestHouse house("2026-04-01T11:30:00");
  ASSERT_TRUE(house.run_until("pcs1.state", "running", 2min));
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(house->inject("pcs1", "E2-3"));
    ASSERT_TRUE(house.run_until("pcs1.fault", "E2-3", 1s));
    ASSERT_TRUE(house->repair("pcs1", "E2-3"));
    if (i == 2) break;
    ASSERT_TRUE(house.run_until("pcs1.state", "running", 3min)) << i;
  }
  EXPECT_FALSE(house.run_until("pcs1.fault", "", 2h));
  house.write("pcs1.cmd.alarm_reset", 1);
  EXPECT_TRUE(house.run_until("pcs1.fault", "", 61s));
}

TEST(PvFaults, the_run_switch_acknowledges_too) {
  TestHouse house("2026-04-01T11:30:00");
  ASSERT_TRUE(house.run_until("pcs1.state", "running", 2min));
  ASSERT_TRUE(house->inject("pcs1", "E4-1"));
  house.run_for(1s);
  ASSERT_TRUE(house->repair("pcs1", "E4-1"));
  house.run_for(1min);
  ASSERT_EQ(house.text("pcs1.fault"), "E4-1");
  ASSERT_TRUE(house->set("pcs1.op.run_switch", 0.0));
  house.run_for(1s);
  ASSERT_TRUE(house->set("pcs1.op.run_switch", 1.0));
  EXPECT_TRUE(house.run_until("pcs1.fault", "", 10s));
  EXPECT_TRUE(house.run_until("pcs1.state", "running", 1min));
}

}  // namespace
}  // namespace v2x::house
