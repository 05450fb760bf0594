// What PV units are told of the output control: the calendar's limit, the house's load beside it, the heartbeat.
#include "sim/gateway/output_control.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "sim/gateway/pv_registers.hpp"
#include "tests/sim/gateway/bench.hpp"

namespace v2x::gateway {
namespace {

constexpr std::uint16_t kLimit = 40228 + 5;    // 123: WMaxLimPct, %
constexpr std::uint16_t kEnabled = 40228 + 9;  // WMaxLim_Ena
constexpr std::uint16_t kBeat = 40551 + 6;     // 715: ControllerHb, low word

/// 40 % from noon to 12:30, else 100 %.
OutputControl noon() {
  OutputControl control;
  control.limit_pct.fill(100);
  control.limit_pct[24] = 40;
  return control;
}

TEST(LimitPct, IsTheHalfHoursOnTheGatewaysClock) {
  EXPECT_EQ(limit_pct(noon(), kNoon - 1us, 5'000), 100);
  EXPECT_EQ(limit_pct(noon(), kNoon, 5'000), 40);
  EXPECT_EQ(limit_pct(noon(), kNoon + 30min - 1us, {}), 40);
  EXPECT_EQ(limit_pct(noon(), kNoon + 30min, {}), 100);
  EXPECT_EQ(limit_pct(noon(), kNoon + 24h, {}), 40) << "each day";
}

TEST(LimitPct, OfExportAloneIsRaisedByTheLoad) {
  OutputControl control = noon();
  control.export_only = true;
  control.rated_w = 10'000;
  EXPECT_EQ(limit_pct(control, kNoon, 1'290), 52) << "never more than is allowed";
  EXPECT_EQ(limit_pct(control, kNoon, 9'000), 100);
  EXPECT_EQ(limit_pct(control, kNoon, -50), 40);
  EXPECT_EQ(limit_pct(control, kNoon, {}), 40) << "a load that isn't known allows nothing";
}

class OutputControlled : public ::testing::Test {
 protected:
  void start(std::optional<OutputControl> control) {
    bench = std::make_unique<Bench>([&](GatewayConfig& config) { config.output_control = control; });
    bench->now = kNoon - 70s;  // no repetition falls on noon
    bench->boot();
    bench->run_to(kNoon - 10s);
  }
  FakeUnit& pcs() { return bench->unit(Bench::pcs1); }
  int writes_to(std::uint16_t address) {
    return static_cast<int>(std::count_if(pcs().writes.begin(), pcs().writes.end(),
                                          [&](const FakeUnit::Write& write) { return write.address == address; }));
  }
  std::set<std::uint16_t> beats_for(Duration d) {
    std::set<std::uint16_t> seen;
    for (const Time end = bench->now + d; bench->now < end; bench->run_for(1s)) seen.insert(pcs().reg(kBeat));
    return seen;
  }

  std::unique_ptr<Bench> bench;
};

TEST_F(OutputControlled, EachPvUnitIsToldAtTheBeginningOfASlot) {
  start(noon());
  EXPECT_EQ(pcs().reg(kLimit), 100);
  EXPECT_EQ(pcs().reg(kEnabled), 1);
  bench->run_to(kNoon + 2s);
  EXPECT_EQ(pcs().reg(kLimit), 40);
  EXPECT_EQ(bench->unit(Bench::pcs2).reg(kLimit), 40);
  EXPECT_TRUE(std::none_of(bench->unit(Bench::v2h).writes.begin(), bench->unit(Bench::v2h).writes.end(),
                           [](const FakeUnit::Write& write) { return write.address == kLimit; }))
      << "the car sells nothing";
  bench->run_to(kNoon + 30min + 2s);
  EXPECT_EQ(pcs().reg(kLimit), 100);
}

TEST_F(OutputControlled, TheHeartbeatGoesOnAndTheLimitWithIt) {
  start(noon());
  const int told = writes_to(kLimit);
  EXPECT_GE(beats_for(2min).size(), 6U) << "a unit may wait for it as little as 30 s";
  EXPECT_GE(writes_to(kLimit), told + 6) << "a unit that was switched off has forgotten it";
  EXPECT_LE(writes_to(kLimit), told + 8);
}

TEST_F(OutputControlled, WhatTheUnitRefusesIsWrittenAgainAtTheNextPoll) {
  start(noon());
  pcs().write_exception = 6;
  bench->run_to(kNoon + 2s);
  EXPECT_EQ(pcs().reg(kLimit), 100);
  pcs().write_exception.reset();
  bench->run_to(kNoon + 12s);
  EXPECT_EQ(pcs().reg(kLimit), 40);
}

TEST_F(OutputControlled, ASilentUnitIsToldWhenItIsBack) {
  start(noon());
  pcs().silent = true;
  bench->run_to(kNoon + 1min);
  pcs().silent = false;
  EXPECT_EQ(pcs().reg(kLimit), 100);
  bench->run_to(kNoon + 2min);
  EXPECT_EQ(pcs().reg(kLimit), 40);
}

TEST_F(OutputControlled, ALimitOnWhatIsSoldFollowsTheLoad) {
  OutputControl control = noon();
  control.export_only = true;
  control.rated_w = 11'000;
  start(control);
  bench->unit(Bench::meter).set("ac.power", -2'000);
  bench->unit(Bench::v2h).set("ac.power", -1'000);
  for (const auto pv : {Bench::pcs1, Bench::pcs2}) bench->unit(pv).set("ac.power", 2'600);
  bench->run_to(kNoon + 12s);
  EXPECT_EQ(pcs().reg(kLimit), 40 + 20) << "5.2 kW of PV less 2 kW sold less 1 kW charged are 2.2 kW of load";
  bench->unit(Bench::meter).silent = true;
  bench->run_to(kNoon + 1min);
  EXPECT_EQ(pcs().reg(kLimit), 40);
}

TEST_F(OutputControlled, WithoutACalendarNothingIsWritten) {
  start({});
  bench->run_for(5min);
  EXPECT_TRUE(pcs().writes.empty());
}

TEST(EncodeLimit, FollowsTheUnitsMap) {
  const auto plain = core::RegisterMap::load_named("plain-pv", quantities());
  const auto writes = encode_limit(plain, 40, 7);
  ASSERT_EQ(writes.size(), 2U) << "it has no heartbeat";
  EXPECT_EQ(writes[0].values, (std::vector<std::uint16_t>{400, 0})) << "in 0.1 %, then no end of it";
  EXPECT_EQ(writes[1].values, std::vector<std::uint16_t>{1}) << "on comes last";
  EXPECT_TRUE(encode_limit(map_of(UnitKind::meter), 40, 7).empty());
}

}  // namespace
}  // namespace v2x::gateway
