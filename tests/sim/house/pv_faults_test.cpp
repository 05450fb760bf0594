// DEV-27 for PV units: every code that they detect is raised by its physical cause, shows its bits, has its effect, and
// recovers as the catalogue says.
#include <gtest/gtest.h>

#include <cmath>

#include "sim/pcs/pv_pcs.hpp"
#include "tests/sim/house/test_house.hpp"

namespace v2x::house {
namespace {

using namespace std::chrono_literals;
using contracts::Effect;
using contracts::Fault;
using contracts::Recovery;

void nothing(TestHouse&) {}

struct Case {
  const char* code;
  Duration within;                             ///< raised at the latest after the cause
  void (*before)(TestHouse& house) = nothing;  ///< what must be so before the cause
  void (*shows)(TestHouse& house) = nothing;   ///< what makes the unit see the cause
  void (*mends)(TestHouse& house) = nothing;   ///< what ends the cause beside its repair
  Duration at_least = 0s;                      ///< not raised before
};

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
const Case kCases[] = {
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

class PvFault : public testing::TestWithParam<Case> {
 protected:
  PvFault() : fault_(*faults().find(GetParam().code)), house_("2026-04-01T11:30:00", warm_home()) {}

  static HouseConfig warm_home() {
    HouseConfig config = home();
    config.ambient_c = 30;
    config.irradiance = 900;
    return config;
  }
  bool active() {
    const std::string name = "pcs1.fault_vendor[" + std::to_string(fault_.vendor_register()) + "]";
    return (static_cast<std::uint64_t>(house_.number(name)) >> fault_.vendor_bit()) & 1;
  }
  /// Runs while counting how often the code comes and goes.
  bool run_until_active(bool wanted, Duration limit) {
    const Time end = house_->now() + limit;
    for (bool was = active();; was = active()) {
      if (was == wanted) return true;
      if (house_->next_change() > end) {
        house_.run_until(end);
        return false;
      }
      house_.run_until(house_->next_change());
    }
  }
  void expect_bits() {
    const auto bits = static_cast<std::uint64_t>(house_.number("pcs1.fault_bits"));
    for (const int bit : fault_.evt1_bits) EXPECT_TRUE((bits >> bit) & 1) << "Evt1 bit " << bit;
    const auto alarms = static_cast<std::uint64_t>(house_.number("pcs1.dc[1].alarms"));
    for (const int bit : fault_.dc_alarm_bits) EXPECT_TRUE((alarms >> bit) & 1) << "DCEvt bit " << bit;
  }
  void expect_effect(double before_w) {
    house_.run_for(fault_.effect == Effect::stop ? 2s : 100ms);
    const double watt = house_.number("pcs1.ac.power");
    switch (fault_.effect) {
      case Effect::trip:
        EXPECT_EQ(house_.text("pcs1.state"), "fault");
        EXPECT_EQ(watt, 0);
        EXPECT_EQ(house_.number("pcs1.ac.relay"), fault_.code == "E4-4" ? 1 : 0);
        break;
      case Effect::stop:
        EXPECT_EQ(watt, 0);
        EXPECT_NE(house_.text("pcs1.state"), "running");
        break;
      case Effect::derate:
        EXPECT_NEAR(watt, 2750, 1);
        EXPECT_EQ(house_.number("pcs1.throttle_reasons"), 1 << 14);
        break;
      case Effect::warn:
      case Effect::none:
        EXPECT_GT(watt, 0.7 * before_w);
    }
  }

  const Fault& fault_;
  TestHouse house_;
};

TEST_P(PvFault, DEV_27_is_raised_by_its_cause_and_recovers_as_its_class_says) {
  const Case& one = GetParam();
  ASSERT_TRUE(house_.run_until("pcs1.state", "running", 2min));
  house_.run_for(1min);
  one.before(house_);
  const double before_w = house_.number("pcs1.ac.power");
  ASSERT_FALSE(active());

  ASSERT_TRUE(house_->inject("pcs1", one.code));
  const Time caused = house_->now();
  one.shows(house_);
  ASSERT_TRUE(run_until_active(true, one.within));
  EXPECT_GE(house_->now() - caused, one.at_least);
  expect_bits();
  expect_effect(before_w);

  if (fault_.code == "E1-6") {  // without voltage it becomes an outage
    ASSERT_TRUE(house_.run_until("pcs1.fault", "E1-0", 1100ms));
    ASSERT_TRUE(house_->repair("pcs1", one.code));
  } else if (fault_.code != "E1-5" && fault_.code != "E8-0") {  // whose causes end by themselves
    house_.write("pcs1.cmd.alarm_reset", 1);
    EXPECT_FALSE(run_until_active(false, 5min)) << "its cause is still there";
  }
  ASSERT_TRUE(house_->repair("pcs1", one.code));
  one.mends(house_);
  if (fault_.recovery == Recovery::manual) {
    EXPECT_FALSE(run_until_active(false, 10min)) << "nobody has acknowledged it";
    house_.write("pcs1.cmd.alarm_reset", 1);
  }
  const Duration cools = fault_.fault_class == contracts::FaultClass::thermal ? Duration(1h) : Duration(2s);
  EXPECT_TRUE(run_until_active(false, std::max<Duration>(10s, fault_.recovery_wait) + cools));
  house_.write("pcs1.cmd.alarm_reset", 1);  // E3-1 leaves a fan failure behind
  EXPECT_FALSE(run_until_active(true, 6min)) << "it comes once";
  EXPECT_TRUE(house_.run_until("pcs1.state", "running", 2min)) << house_.text("pcs1.state");
}

INSTANTIATE_TEST_SUITE_P(Codes, PvFault, testing::ValuesIn(kCases), [](const auto& one) {
  std::string name = one.param.code;
  name[2] = '_';
  return name;
});

TEST(PvFaults, every_code_that_a_pv_unit_detects_has_its_case) {
  for (const Fault& fault : faults().all()) {
    const bool mine = fault.detected_by == "pcs" &&
                      std::find(fault.applies.begin(), fault.applies.end(), "pv") != fault.applies.end();
    const bool has =
        std::any_of(std::begin(kCases), std::end(kCases), [&fault](const Case& one) { return fault.code == one.code; });
    EXPECT_EQ(has, mine) << fault.code;
  }
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
