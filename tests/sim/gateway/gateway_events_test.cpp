// What a gateway tells as events: faults, outages, silence, its units, the car.
#include "sim/gateway/gateway.hpp"

#include <gtest/gtest.h>

#include "tests/sim/gateway/bench.hpp"

namespace v2x::gateway {
namespace {

std::vector<telemetry::EventKind> kinds(const FakeService& service) {
  std::vector<telemetry::EventKind> list;
  for (const auto& event : service.events()) list.push_back(event.kind());
  return list;
}

int count(const FakeService& service, telemetry::EventKind kind, std::string_view code = "") {
  int n = 0;
  for (const auto& event : service.events()) n += event.kind() == kind && event.code() == code ? 1 : 0;
  return n;
}

void start(Bench& bench) {
  bench.boot();
  bench.connect();
}

TEST(Gateway, TellsOfTheCar) {
  Bench bench;
  FakeUnit& v2h = bench.unit(Bench::v2h);
  v2h.set("vehicle.plug", "locked");
  v2h.set("vehicle.stage", "power_flow");
  v2h.set("storage.soc", 61.5);
  v2h.set("storage.energy_available", 23'980);
  v2h.set("ac.power", -2'000);
  start(bench);
  bench.run_past(kNoon + 1min);
  const auto ev = bench.service.samples().back().ev();
  EXPECT_EQ(ev.state(), telemetry::VEHICLE_STATE_CHARGING);
  EXPECT_EQ(ev.soc_permille(), 615u);
  EXPECT_EQ(ev.remaining_wh(), 23'980u);
}

TEST(Gateway, AFaultIsOneEventWithItsDetailAndOneWhenItEnds) {
  Bench bench;
  start(bench);
  bench.run_to(kNoon + 1min);
  FakeUnit& pcs = bench.unit(Bench::pcs1);
  pcs.set("ac.voltage_u", 116);
  pcs.set("fault_vendor[1]", 2);  // E1-1: bit 1
  bench.run_for(5min);
  pcs.set("fault_vendor[1]", 0);
  bench.run_for(5min);
  EXPECT_EQ(count(bench.service, telemetry::EVENT_KIND_FAULT_RAISED, "E1-1"), 1);
  EXPECT_EQ(count(bench.service, telemetry::EVENT_KIND_FAULT_CLEARED, "E1-1"), 1);
  for (const auto& event : bench.service.events()) {
    if (event.kind() != telemetry::EVENT_KIND_FAULT_RAISED) continue;
    EXPECT_EQ(event.unit_no(), 1u);
    EXPECT_EQ(event.detail(), "116.0 V, limit 115.0 V");
    EXPECT_LE(event.time_ms(), (kNoon + 1min + 11s).time_since_epoch() / 1ms);
  }
}

TEST(Gateway, AFaultThatLastsIsNotRepeatedAfterARestart) {
  Bench bench;
  start(bench);
  bench.unit(Bench::pcs1).set("fault_vendor[1]", 2);
  bench.run_for(1min);
  bench.restart();
  start(bench);
  bench.run_for(1min);
  EXPECT_EQ(count(bench.service, telemetry::EVENT_KIND_FAULT_RAISED, "E1-1"), 1);
  EXPECT_EQ(bench.gateway().quantities().text(bench.gateway().quantities().slot("fault")), "E1-1");
}

TEST(Gateway, AnOutageIsGridLostOnceForAllUnits) {
  Bench bench;
  start(bench);
  bench.unit(Bench::pcs1).set("fault_vendor[1]", 1);  // E1-0: bit 0
  bench.unit(Bench::pcs2).set("fault_vendor[1]", 1);
  bench.run_for(30s);
  bench.unit(Bench::pcs1).set("fault_vendor[1]", 0);
  bench.run_for(30s);
  EXPECT_EQ(count(bench.service, telemetry::EVENT_KIND_GRID_LOST), 1);
  EXPECT_EQ(count(bench.service, telemetry::EVENT_KIND_GRID_RESTORED), 0);
  bench.unit(Bench::pcs2).set("fault_vendor[1]", 0);
  bench.run_for(30s);
  EXPECT_EQ(count(bench.service, telemetry::EVENT_KIND_GRID_RESTORED), 1);
}

TEST(Gateway, AUnitThatFallsSilentIsE6_2AfterAMinuteAndClearsAfterThreePolls) {
  Bench bench;
  start(bench);
  bench.run_to(kNoon + 1min);
  bench.unit(Bench::pcs1).silent = true;
  bench.run_for(45s);  // the last answer is of 12:00:50
  EXPECT_EQ(count(bench.service, telemetry::EVENT_KIND_FAULT_RAISED, "E6-2"), 0);
  bench.run_for(20s);
  EXPECT_EQ(count(bench.service, telemetry::EVENT_KIND_FAULT_RAISED, "E6-2"), 1);
  EXPECT_EQ(count(bench.service, telemetry::EVENT_KIND_UNIT_LINK_DOWN), 1);
  bench.unit(Bench::pcs1).silent = false;
  bench.run_for(1min);  // it was asked every 20 s only
  EXPECT_EQ(count(bench.service, telemetry::EVENT_KIND_FAULT_CLEARED, "E6-2"), 1);
  EXPECT_EQ(count(bench.service, telemetry::EVENT_KIND_UNIT_LINK_UP), 1);
}

TEST(Gateway, ASilentMeterIsE6_3) {
  Bench bench;
  start(bench);
  bench.unit(Bench::meter).silent = true;
  bench.run_for(2min);
  EXPECT_EQ(count(bench.service, telemetry::EVENT_KIND_FAULT_RAISED, "E6-3"), 1);
}

TEST(Gateway, TellsOfItsUnitsOnceAndAgainWhenOneIsReplaced) {
  Bench bench;
  start(bench);
  bench.run_for(1min);
  EXPECT_EQ(kinds(bench.service), (std::vector{telemetry::EVENT_KIND_BOOT, telemetry::EVENT_KIND_UNITS_CHANGED}));
  const auto units = bench.service.events()[1].units();
  ASSERT_EQ(units.size(), 4);
  EXPECT_EQ(units[3].unit_no(), 3u);
  EXPECT_EQ(units[3].model(), "KPEP-A");
  EXPECT_EQ(units[3].serial(), "00009005EV1");
  EXPECT_EQ(units[3].kind(), telemetry::UNIT_KIND_EV_PCS);
  EXPECT_EQ(units[3].firmware(), "1.0");
  bench.restart();
  start(bench);
  bench.run_for(1min);
  EXPECT_EQ(count(bench.service, telemetry::EVENT_KIND_UNITS_CHANGED), 1);
  EXPECT_EQ(bench.service.received.back().has_hello(), false);
}

TEST(Gateway, AnotherPcsIsE6_4UntilSomebodyConfirmsIt) {
  Bench bench;
  start(bench);
  bench.run_for(1min);
  bench.set_counters(Bench::pcs1, 9'000'000, 0);
  bench.unit(Bench::pcs1).silent = true;  // while it is changed
  bench.run_for(20s);
  bench.unit(Bench::pcs1).set("id.serial", "00009005PV9");
  bench.unit(Bench::pcs1).silent = false;
  bench.run_for(1min);
  EXPECT_EQ(count(bench.service, telemetry::EVENT_KIND_FAULT_RAISED, "E6-4"), 1);
  EXPECT_EQ(bench.service.events().back().detail(), "found KPV-A55-J4 00009005PV9");
  EXPECT_EQ(count(bench.service, telemetry::EVENT_KIND_UNITS_CHANGED), 1) << "the list is as it was";
  EXPECT_EQ(bench.service.samples().back().pv_wh(), 0u) << "the past of a stranger is not our energy";
  bench.restart();
  start(bench);
  bench.run_for(1min);
  EXPECT_EQ(count(bench.service, telemetry::EVENT_KIND_FAULT_RAISED, "E6-4"), 1);
  bench.gateway().confirm_units(bench.now);
  bench.settle();
  EXPECT_EQ(count(bench.service, telemetry::EVENT_KIND_FAULT_CLEARED, "E6-4"), 1);
  EXPECT_EQ(bench.service.events().back().units(1).serial(), "00009005PV9");
}

TEST(Gateway, TheListedPcsThatReturnsEndsE6_4ByItself) {
  Bench bench;
  start(bench);
  bench.run_for(1min);
  for (const char* serial : {"00009005PV9", "00009005PV1"}) {
    bench.unit(Bench::pcs1).silent = true;
    bench.run_for(20s);
    bench.unit(Bench::pcs1).set("id.serial", serial);
    bench.unit(Bench::pcs1).silent = false;
    bench.run_for(1min);
  }
  EXPECT_EQ(count(bench.service, telemetry::EVENT_KIND_FAULT_CLEARED, "E6-4"), 1);
}

TEST(Gateway, AnotherMeterIsTakenAtOnce) {
  Bench bench;
  start(bench);
  bench.run_for(1min);
  bench.restart();
  bench.unit(Bench::meter).set("id.serial", "00009005MT9");
  start(bench);
  bench.run_for(1min);
  EXPECT_EQ(count(bench.service, telemetry::EVENT_KIND_UNITS_CHANGED), 2);
  EXPECT_EQ(count(bench.service, telemetry::EVENT_KIND_FAULT_RAISED, "E6-4"), 0);
}

TEST(Gateway, APvUnitMaySleepFromSunsetUntilHalfAnHourAfterSunrise) {
  Bench bench([](GatewayConfig& config) { config.sleeps_at = Place{35.03, 135.75}; });
  start(bench);
  bench.run_to(kNoon + 6h + 30min);  // sunset in Kyoto: 18:21
  bench.unit(Bench::pcs1).silent = true;
  bench.run_to(kNoon + 18h);  // sunrise: 5:43
  EXPECT_EQ(count(bench.service, telemetry::EVENT_KIND_FAULT_RAISED, "E6-2"), 0);
  bench.run_to(kNoon + 18h + 30min);
  EXPECT_EQ(count(bench.service, telemetry::EVENT_KIND_FAULT_RAISED, "E6-2"), 1);
}

TEST(Gateway, AnEvUnitMayNotSleepAtNight) {
  Bench bench([](GatewayConfig& config) { config.sleeps_at = Place{35.03, 135.75}; });
  bench.now = kNoon + 12h;
  start(bench);
  bench.unit(Bench::v2h).silent = true;
  bench.run_for(2min);
  EXPECT_EQ(count(bench.service, telemetry::EVENT_KIND_FAULT_RAISED, "E6-2"), 1);
}

TEST(Gateway, TellsWhenTheVehicleIsUnplugged) {
  Bench bench;
  bench.unit(Bench::v2h).set("vehicle.plug", "plugged");
  start(bench);
  bench.run_for(30s);
  bench.unit(Bench::v2h).set("vehicle.plug", "unplugged");
  bench.run_for(30s);
  EXPECT_EQ(count(bench.service, telemetry::EVENT_KIND_VEHICLE_UNPLUGGED), 1);
}

}  // namespace
}  // namespace v2x::gateway
