#include "sim/gateway/energy_counters.hpp"

#include <gtest/gtest.h>

#include "tests/sim/gateway/bench.hpp"

namespace v2x::gateway {
namespace {

constexpr std::uint64_t kAcc32 = std::uint64_t{1} << 32;

std::uint64_t total_after(std::uint64_t modulus, std::initializer_list<std::uint64_t> values) {
  DeviceCounter counter(modulus);
  for (const std::uint64_t value : values) counter.read(value);
  return counter.total_wh();
}

TEST(DeviceCounter, FirstValueIsOnlyABase) {
  EXPECT_EQ(total_after(0, {5'000'000}), 0u);
}

TEST(DeviceCounter, CountsWhatTheDeviceCounts) {
  EXPECT_EQ(total_after(0, {100, 130, 130, 150}), 50u);
}

TEST(DeviceCounter, SurvivesTheWrapOf32Bits) {
  EXPECT_EQ(total_after(kAcc32, {4'294'967'290, 4'294'967'295, 4}), 10u);
}

TEST(DeviceCounter, AWrapToExactlyZeroIsAWrap) {
  EXPECT_EQ(total_after(kAcc32, {4'294'967'295, 0, 1}), 2u);
}

TEST(DeviceCounter, A64BitCounterThatFallsHasRestarted) {
  EXPECT_EQ(total_after(0, {4'294'967'290, 4, 10}), 6u);
}

TEST(DeviceCounter, ARestartOfTheDeviceLosesNothingCountedBefore) {
  EXPECT_EQ(total_after(kAcc32, {1000, 1500, 1200, 1210}), 510u);
}

TEST(DeviceCounter, ZeroAfterACountIsTheSentinel) {
  DeviceCounter counter(kAcc32);
  counter.read(1000);
  EXPECT_FALSE(counter.read(0));
  EXPECT_TRUE(counter.read(1004));
  EXPECT_EQ(counter.total_wh(), 4u);
}

class Counters : public ::testing::Test {
 protected:
  Counters() {
    for (const UnitKind kind : {UnitKind::pv_pcs, UnitKind::meter, UnitKind::ev_pcs})
      counters.add_unit({"", kind, number(kind), 1, &map_of(kind)});
  }
  static std::uint32_t number(UnitKind kind) { return static_cast<std::uint32_t>(kind) + 1; }
  void read(UnitKind kind, Reading first, double a, Reading second, double b) {
    Readings readings;
    readings.set(first, a);
    readings.set(second, b);
    counters.on_poll(number(kind), readings);
  }
  void read_all(double pv, double buy, double sell, double discharge, double charge) {
    read(UnitKind::pv_pcs, Reading::injected_wh, pv, Reading::ac_w, 0);
    read(UnitKind::meter, Reading::buy_wh, buy, Reading::sell_wh, sell);
    read(UnitKind::ev_pcs, Reading::injected_wh, discharge, Reading::absorbed_wh, charge);
  }
  EnergyCounters counters;
};

TEST_F(Counters, LoadClosesTheBalanceExactly) {
  read_all(100, 200, 300, 400, 500);
  counters.close_period();
  read_all(150, 210, 305, 407, 520);
  const SiteTotals totals = counters.close_period();
  EXPECT_EQ(totals.pv_wh, 50u);
  EXPECT_EQ(totals.buy_wh, 10u);
  EXPECT_EQ(totals.sell_wh, 5u);
  EXPECT_EQ(totals.discharge_wh, 7u);
  EXPECT_EQ(totals.charge_wh, 20u);
  EXPECT_EQ(totals.load_wh, 50u + 10 + 7 - 5 - 20);
}

TEST_F(Counters, AUnitWithoutAnAnswerLeavesItsTotalAndTheLoadAbsent) {
  read_all(0, 0, 0, 0, 0);
  counters.close_period();
  read(UnitKind::meter, Reading::buy_wh, 10, Reading::sell_wh, 0);
  const SiteTotals totals = counters.close_period();
  EXPECT_EQ(totals.buy_wh, 10u);
  EXPECT_FALSE(totals.pv_wh.has_value());
  EXPECT_FALSE(totals.load_wh.has_value());
}

TEST_F(Counters, AnOutflowThatIsAheadIsToldLaterSoThatTheBalanceCloses) {
  read_all(0, 0, 0, 0, 0);
  counters.close_period();
  std::uint64_t load_before = 0;
  const auto expect_closed = [&](std::uint64_t sell_wh, std::uint64_t charge_wh) {
    const SiteTotals t = counters.close_period();
    EXPECT_EQ(t.sell_wh, sell_wh);
    EXPECT_EQ(t.charge_wh, charge_wh);
    EXPECT_EQ(*t.pv_wh + *t.buy_wh + *t.discharge_wh, *t.load_wh + *t.sell_wh + *t.charge_wh);
    EXPECT_GE(*t.load_wh, load_before);
    load_before = *t.load_wh;
  };
  read_all(10, 0, 0, 0, 0);
  expect_closed(0, 0);
  read_all(10, 0, 2, 0, 1);  // sold and charged before the panel's counter moved
  expect_closed(0, 0);
  read_all(12, 0, 2, 0, 1);
  expect_closed(1, 1);
  read_all(15, 0, 2, 0, 1);
  expect_closed(2, 1);
}

TEST_F(Counters, WhatIsSoldThoughNothingIsSeenToGenerateIsToldAsItIs) {
  read_all(0, 0, 0, 0, 0);
  counters.close_period();
  read_all(10, 0, 0, 0, 0);
  counters.close_period();
  read_all(10, 0, 500, 0, 30);
  const SiteTotals totals = counters.close_period();
  EXPECT_EQ(totals.sell_wh, 500u);
  EXPECT_EQ(totals.charge_wh, 30u);
  EXPECT_EQ(totals.load_wh, 10u) << "and never falls";
}

TEST_F(Counters, WhatWasCountedWhileTheGatewayWasAwayIsInTheNextTotal) {
  read_all(100, 0, 0, 0, 0);
  read_all(110, 0, 0, 0, 0);
  const std::string kept = counters.text();
  EnergyCounters after;
  for (const UnitKind kind : {UnitKind::pv_pcs, UnitKind::meter, UnitKind::ev_pcs})
    after.add_unit({"", kind, number(kind), 1, &map_of(kind)});
  after.restore(kept);
  counters = after;
  read_all(180, 0, 0, 0, 0);
  EXPECT_EQ(counters.close_period().pv_wh, 80u);
}

TEST_F(Counters, AReplacedUnitBringsNoEnergyOfItsPast) {
  read_all(100, 0, 0, 0, 0);
  read_all(110, 0, 0, 0, 0);
  counters.unit_replaced(number(UnitKind::pv_pcs));
  read_all(9'000'000, 0, 0, 0, 0);
  read_all(9'000'001, 0, 0, 0, 0);
  EXPECT_EQ(counters.close_period().pv_wh, 11u);
}

}  // namespace
}  // namespace v2x::gateway
