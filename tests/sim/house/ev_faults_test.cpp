// DEV-27 for the EV unit and its car: every code that it detects is raised by its physical cause, shows its bits, has
// its effect, and recovers as the catalogue says.
#include <gtest/gtest.h>

#include <cmath>

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
  const char* reason = nullptr;                ///< why the session ended
};

enum Method { method_none, method_follow, method_fixed };

void charges(TestHouse& house) {
  house.write("v2h.cmd.ev_revert", 3600);
  house.write("v2h.cmd.charge_limit", 6000);
  house.write("v2h.cmd.discharge_method", method_none);
  house.write("v2h.cmd.charge_method", method_fixed);
}
void discharges(TestHouse& house) {
  ASSERT_TRUE(house->set("load_w", 3000.0));
  house.write("v2h.cmd.charge_method", method_none);
  house.write("v2h.cmd.discharge_method", method_follow);
  house.run_for(5s);
  ASSERT_GT(house.number("v2h.ac.power"), 2000);
}
void stops(TestHouse& house) {
  house.write("v2h.cmd.vehicle", 2);
}
void ends_its_session(TestHouse& house) {
  stops(house);
  ASSERT_TRUE(house.run_until("v2h.vehicle.stage", "plugged", 10s));
}
void opens_its_relay(TestHouse& house) {
  house.write("v2h.cmd.connect", 0);
  house.run_for(3s);
}
void connects(TestHouse& house) {
  house.write("v2h.cmd.connect", 1);
}
void sends_a_heartbeat(TestHouse& house) {
  house.write("v2h.cmd.heartbeat", 1);
}
void sends_another_heartbeat(TestHouse& house) {
  house.write("v2h.cmd.heartbeat", 2);
  house.write("v2h.set.heartbeat_timeout", 0);
}

void prefers_standby_in_an_outage(TestHouse& house) {
  house.write("v2h.set.outage_mode", 0);
}
void bridges_an_outage(TestHouse& house) {
  ASSERT_TRUE(house->inject("v2h", "E1-0"));
  ASSERT_TRUE(house.run_until("v2h.state", "island", 5s));
  house.run_for(1min);
}
void stands_by_in_an_outage(TestHouse& house) {
  ends_its_session(house);
  ASSERT_TRUE(house->inject("v2h", "E1-0"));
  house.run_for(10s);
}
void grid_returns(TestHouse& house) {
  ASSERT_TRUE(house->clear("v2h.op.island_switch"));
  ASSERT_TRUE(house->repair("v2h", "E1-0"));
}

constexpr Duration kSlow = 3h;  // temperatures
const Case kCases[] = {
    {"E1-0", 1050ms, prefers_standby_in_an_outage, nothing, nothing, 950ms, "grid_lost"},
    {"E1-1", 1050ms, nothing, nothing, nothing, 950ms, "grid_lost"},
    {"E1-2", 1050ms, nothing, nothing, nothing, 950ms, "grid_lost"},
    {"E1-3", 1050ms, nothing, nothing, nothing, 950ms, "grid_lost"},
    {"E1-4", 1050ms, nothing, nothing, nothing, 950ms, "grid_lost"},
    {"E1-5", 500ms},
    {"E1-6", 200ms, nothing, nothing, nothing, 100ms},
    {"E1-7", 150ms, nothing, nothing, nothing, 50ms, "grid_lost"},
    {"E1-8", 2s, discharges, nothing, nothing, 500ms, "pcs_fault"},
    {"E2-4", 1050ms, nothing, nothing, nothing, 950ms, "pcs_fault"},
    {"E3-1", kSlow},
    {"E3-2", kSlow},
    {"E3-3", kSlow},
    {"E3-4", 10s},
    {"E4-1", 50ms, nothing, nothing, nothing, 5ms, "pcs_fault"},
    {"E4-2", 50ms, nothing, nothing, nothing, 0s, "pcs_fault"},
    {"E4-3", 550ms, nothing, nothing, nothing, 450ms, "pcs_fault"},
    {"E4-4", 50ms, nothing, opens_its_relay, connects},
    {"E4-5", 50ms, ends_its_session, charges, nothing},
    {"E5-1", 50ms, nothing, nothing, nothing, 0s, "pcs_fault"},
    {"E5-2", 10050ms, nothing, nothing, nothing, 9950ms, "pcs_fault"},
    {"E5-3", 50ms},
    {"E6-1", 272s, sends_a_heartbeat, nothing, sends_another_heartbeat, 269s, "pcs_fault"},
    {"E7-1", 1100ms, nothing, nothing, nothing, 950ms, "can_timeout"},
    {"E7-2", 200ms, nothing, nothing, nothing, 0s, "vehicle_error"},
    {"E7-3", 20s, ends_its_session, charges, nothing, 15s, "insulation"},
    {"E7-4", 8s, nothing, stops, nothing, 3s, "weld"},
    {"E7-5", 20s, ends_its_session, charges, nothing, 14s, "lock"},
    {"E7-6", 500ms, ends_its_session, charges, nothing, 0s, "incompatible"},
    {"E7-7", 1300ms, nothing, nothing, nothing, 950ms, "current_deviation"},
    {"E7-8", 200s, ends_its_session, charges, nothing, 180s, "not_in_park"},
    {"E8-0", 1050ms, bridges_an_outage, nothing, grid_returns, 950ms},
    {"E8-1", 1s, bridges_an_outage, nothing, grid_returns, 0s, "soc_floor"},
    {"E8-2", 1s, stands_by_in_an_outage, nothing, grid_returns},
};

class EvFault : public testing::TestWithParam<Case> {
 protected:
  EvFault() : fault_(*faults().find(GetParam().code)), house_("2026-04-01T11:30:00", warm_home()) {
    EXPECT_TRUE(house_->set("load_w", 500.0));
    EXPECT_TRUE(house_->set("plant.irradiance", 0.0));
  }

  static HouseConfig warm_home() {
    HouseConfig config = home();
    config.ambient_c = 30;
    config.car->soc_percent = 40;
    if (std::string_view(GetParam().code) == "E8-2") config.car->preset = "outlander_12";  // needs its 12 V cable
    return config;
  }
  bool active() {
    const std::string name = "v2h.fault_vendor[" + std::to_string(fault_.vendor_register()) + "]";
    return (static_cast<std::uint64_t>(house_.number(name)) >> fault_.vendor_bit()) & 1;
  }
  bool run_until_active(bool wanted, Duration limit) {
    const Time end = house_->now() + limit;
    while (active() != wanted) {
      if (house_->next_change() > end) {
        house_.run_until(end);
        return false;
      }
      house_.run_until(house_->next_change());
    }
    return true;
  }
  void expect_bits() {
    const auto bits = static_cast<std::uint64_t>(house_.number("v2h.fault_bits"));
    for (const int bit : fault_.evt1_bits) EXPECT_TRUE((bits >> bit) & 1) << "Evt1 bit " << bit;
    const auto alarms = static_cast<std::uint64_t>(house_.number("v2h.dc[1].alarms"));
    for (const int bit : fault_.dc_alarm_bits) EXPECT_TRUE((alarms >> bit) & 1) << "DCAlrm bit " << bit;
  }
  void expect_effect() {
    house_.run_for(fault_.effect == Effect::stop ? 500ms : 400ms);
    const double watt = house_.number("v2h.ac.power");
    switch (fault_.effect) {
      case Effect::trip:
        EXPECT_EQ(house_.text("v2h.state"), "fault");
        EXPECT_EQ(watt, 0);
        EXPECT_EQ(house_.number("v2h.ac.relay"), fault_.code == "E4-4" ? 1 : 0);
        break;
      case Effect::stop:
        EXPECT_EQ(watt, 0);
        EXPECT_NE(house_.text("v2h.state"), "running");
        break;
      case Effect::derate:
        EXPECT_NEAR(watt, -3000, 1);
        EXPECT_EQ(house_.number("v2h.throttle_reasons"), 1 << 14);
        break;
      case Effect::warn:
      case Effect::none:
        EXPECT_LT(watt, -5900);
    }
    if (GetParam().reason) {
      EXPECT_EQ(house_.text("v2h.vehicle.stop_reason"), GetParam().reason);
    }
  }
  void replug() {
    ASSERT_TRUE(house_->unplug());
    house_.run_for(5s);
    ASSERT_EQ(house_.text("v2h.vehicle.plug"), "unplugged");
    ASSERT_TRUE(house_->plug());
  }

  const Fault& fault_;
  TestHouse house_;
};

TEST_P(EvFault, DEV_27_is_raised_by_its_cause_and_recovers_as_its_class_says) {
  const Case& one = GetParam();
  charges(house_);
  ASSERT_TRUE(house_.run_until("v2h.state", "running", 1min));
  house_.run_for(10s);
  one.before(house_);
  ASSERT_FALSE(active());

  ASSERT_TRUE(house_->inject("v2h", one.code));
  const Time caused = house_->now();
  one.shows(house_);
  ASSERT_TRUE(run_until_active(true, one.within)) << house_.text("v2h.vehicle.stage");
  EXPECT_GE(house_->now() - caused, one.at_least);
  expect_bits();
  expect_effect();

  const bool ends_by_itself = fault_.code == "E1-5" || fault_.code == "E1-8" || fault_.code == "E8-0";
  if (fault_.code == "E1-6") {  // without voltage it becomes an outage
    ASSERT_TRUE(house_.run_until("v2h.fault", "E1-0", 1100ms));
  } else if (!ends_by_itself) {
    house_.write("v2h.cmd.alarm_reset", 1);
    EXPECT_FALSE(run_until_active(false, 5min)) << "its cause is still there";
  }
  ASSERT_TRUE(house_->repair("v2h", one.code));
  one.mends(house_);
  if (fault_.recovery == Recovery::manual || fault_.recovery == Recovery::replug) {
    EXPECT_FALSE(run_until_active(false, 10min)) << "nobody has done anything about it";
    if (fault_.recovery == Recovery::manual)
      house_.write("v2h.cmd.alarm_reset", 1);
    else
      replug();
  }
  const Duration cools = fault_.fault_class == contracts::FaultClass::thermal ? Duration(1h) : Duration(2s);
  EXPECT_TRUE(run_until_active(false, std::max<Duration>(10s, fault_.recovery_wait) + cools));
  house_.write("v2h.cmd.alarm_reset", 1);  // E3-1 leaves a fan failure behind
  charges(house_);
  EXPECT_FALSE(run_until_active(true, 6min)) << "it comes once";
  EXPECT_TRUE(house_.run_until("v2h.state", "running", 2min)) << house_.text("v2h.state");
}

INSTANTIATE_TEST_SUITE_P(Codes, EvFault, testing::ValuesIn(kCases), [](const auto& one) {
  std::string name = one.param.code;
  name[2] = '_';
  return name;
});

TEST(EvFaults, every_code_that_an_ev_unit_detects_has_its_case) {
  for (const Fault& fault : faults().all()) {
    const bool mine = fault.detected_by == "pcs" &&
                      std::find(fault.applies.begin(), fault.applies.end(), "ev") != fault.applies.end();
    const bool has =
        std::any_of(std::begin(kCases), std::end(kCases), [&fault](const Case& one) { return fault.code == one.code; });
    EXPECT_EQ(has, mine) << fault.code;
  }
}

TEST(EvFaults, AlarmReset_does_for_replugging_after_a_minute) {
  TestHouse house("2026-04-01T11:30:00");
  charges(house);
  ASSERT_TRUE(house.run_until("v2h.state", "running", 1min));
  ASSERT_TRUE(house->inject("v2h", "E7-2"));
  ASSERT_TRUE(house.run_until("v2h.fault", "E7-2", 1s));
  ASSERT_TRUE(house->repair("v2h", "E7-2"));
  house.run_for(55s);
  house.write("v2h.cmd.alarm_reset", 1);
  EXPECT_EQ(house.text("v2h.fault"), "E7-2");
  house.run_for(10s);
  house.write("v2h.cmd.alarm_reset", 1);
  EXPECT_TRUE(house.run_until("v2h.fault", "", 1s));
  EXPECT_TRUE(house.run_until("v2h.state", "running", 1min));
}

}  // namespace
}  // namespace v2x::house
