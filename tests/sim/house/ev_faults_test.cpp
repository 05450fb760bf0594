// DEV-27 for the EV unit and its car: every code that it detects is raised by its physical cause, shows its bits, has
// its effect, and recovers as the catalogue says.
#include <gtest/gtest.h>

#include "tests/sim/house/fault_protocol.hpp"

namespace v2x::house {
namespace {

using namespace std::chrono_literals;
using contracts::Effect;

constexpr auto nothing = FaultCase::nothing;

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
constexpr std::initializer_list<FaultCase> kCases{
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

class EvFault : public FaultProtocol {
 protected:
  EvFault() : FaultProtocol("v2h", warm_home()) {
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
  void expect_effect(double) override {
    house_.run_for(fault_.effect == Effect::stop ? 500ms : 400ms);
    if (GetParam().reason) {
      EXPECT_EQ(text("vehicle.stop_reason"), GetParam().reason);
    }
    if (fault_.effect == Effect::trip) return expect_tripped();
    if (fault_.effect == Effect::stop) return expect_stopped();
    if (fault_.effect != Effect::derate) {
      EXPECT_LT(number("ac.power"), -5900);
      return;
    }
    EXPECT_NEAR(number("ac.power"), -3000, 1);
    EXPECT_EQ(number("throttle_reasons"), 1 << 14);
  }
  void attend() override {
    if (fault_.recovery != contracts::Recovery::replug) return FaultProtocol::attend();
    ASSERT_TRUE(house_->unplug());
    house_.run_for(5s);
    ASSERT_EQ(text("vehicle.plug"), "unplugged");
    ASSERT_TRUE(house_->plug());
  }
};

TEST_P(EvFault, DEV_27_is_raised_by_its_cause_and_recovers_as_its_class_says) {
  charges(house_);
  ASSERT_TRUE(house_.run_until("v2h.state", "running", 1min));
  house_.run_for(10s);
  raise_and_recover(charges);
}

INSTANTIATE_TEST_SUITE_P(Codes, EvFault, testing::ValuesIn(kCases), test_name);

TEST(EvFaults, every_code_that_an_ev_unit_detects_has_its_case) {
  expect_all_codes("ev", kCases);
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
