// Periods and totals against the calendar: midnight in Japan, the gateway's own clock, devices whose counters wrap.
#include <gtest/gtest.h>

#include "tests/sim/gateway/bench.hpp"

namespace v2x::gateway {
namespace {

constexpr Duration kToMidnight = 12h;

void start(Bench& bench) {
  bench.boot();
  bench.connect();
}

TEST(Days, APeriodEndsAtMidnightInJapan) {
  Bench bench;
  bench.service.period_ms = 7 * 60'000;
  bench.now = kNoon + kToMidnight - 10min;
  start(bench);
  bench.run_for(30min);
  bool found = false;
  for (const auto& sample : bench.service.samples())
    found = found || sample.start_ms() + sample.length_ms() == (kNoon + kToMidnight).time_since_epoch() / 1ms;
  EXPECT_TRUE(found);
}

// DEV-14: the meter's 32-bit counter wraps in the evening, the device restarts at night.
TEST(Days, TheDaysTotalIsRightOverAWrapAndARestart) {
  Bench bench;
  bench.set_counters(Bench::meter, 4'294'967'000, 0);
  bench.now = kNoon + kToMidnight - 5min;
  start(bench);
  bench.run_for(2min);
  bench.set_counters(Bench::meter, 4'294'967'295, 0);
  bench.run_for(1min);
  bench.set_counters(Bench::meter, 0, 0);  // wrapped: 1 Wh more
  bench.run_for(1min);
  bench.set_counters(Bench::meter, 104, 0);
  bench.run_to(kNoon + kToMidnight + 4s);
  const auto day_end = bench.service.samples().back();
  EXPECT_EQ(day_end.start_ms() + day_end.length_ms(), (kNoon + kToMidnight).time_since_epoch() / 1ms);
  EXPECT_EQ(day_end.buy_wh(), 295u + 1 + 104);
  bench.set_counters(Bench::meter, 150, 0);
  bench.run_for(1min);
  bench.set_counters(Bench::meter, 120, 0);  // restarted with what it had saved
  bench.run_for(1min);
  bench.set_counters(Bench::meter, 130, 0);
  bench.run_for(1min);
  EXPECT_EQ(bench.service.samples().back().buy_wh() - day_end.buy_wh(), 46u + 10);
}

TEST(Days, BalanceClosesOverAGapOfAnyUnit) {
  Bench bench;
  start(bench);
  bench.run_for(1min);
  const auto closes = [](const telemetry::Sample& a, const telemetry::Sample& b) {
    const auto rise = [&](auto get) { return (b.*get)() - (a.*get)(); };
    using S = telemetry::Sample;
    return rise(&S::pv_wh) + rise(&S::buy_wh) + rise(&S::discharge_wh) ==
           rise(&S::load_wh) + rise(&S::sell_wh) + rise(&S::charge_wh);
  };
  for (const size_t silent : {Bench::meter, Bench::pcs1, Bench::v2h}) {
    bench.run_for(1min);
    const auto before = bench.service.samples().back();
    ASSERT_TRUE(before.has_load_wh());
    bench.unit(silent).silent = true;
    bench.run_for(3min);
    EXPECT_FALSE(bench.service.samples().back().has_load_wh());
    bench.set_counters(Bench::pcs1, static_cast<double>(before.pv_wh() + 500), 0);
    bench.set_counters(Bench::v2h, static_cast<double>(before.discharge_wh() + 40),
                       static_cast<double>(before.charge_wh() + 100));
    bench.set_counters(Bench::meter, static_cast<double>(before.buy_wh() + 50),
                       static_cast<double>(before.sell_wh() + 301));
    bench.unit(silent).silent = false;
    bench.run_for(3min);
    const auto after = bench.service.samples().back();
    ASSERT_TRUE(after.has_load_wh());
    EXPECT_EQ(after.load_wh() - before.load_wh(), 500u + 50 + 40 - 301 - 100);
    EXPECT_TRUE(closes(before, after));
  }
}

TEST(Clock, StampsAreThoseOfTheGatewaysClockAndNothingElseJumps) {
  Bench bench;
  start(bench);
  bench.run_to(kNoon + 90s);
  bench.gateway().set_clock(bench.now, 10min);
  bench.settle();
  bench.run_for(2min + 5s);
  const auto samples = bench.service.samples();
  ASSERT_EQ(samples.size(), 4u);
  EXPECT_EQ(samples[1].start_ms(), (kNoon + 1min).time_since_epoch() / 1ms);
  EXPECT_EQ(samples[1].length_ms(), 30'000u);
  EXPECT_EQ(samples[2].start_ms(), (kNoon + 11min + 30s).time_since_epoch() / 1ms);
  EXPECT_EQ(samples[2].length_ms(), 30'000u);
  EXPECT_EQ(samples[3].start_ms(), (kNoon + 12min).time_since_epoch() / 1ms);
  bench.connect();
  EXPECT_EQ(bench.service.last_hello.clock_ms(), (bench.now + 10min).time_since_epoch() / 1ms);
}

TEST(Clock, ThatGoesBackGoesOnReporting) {
  Bench bench;
  start(bench);
  bench.run_to(kNoon + 5min + 10s);
  bench.gateway().set_clock(bench.now, -1h);
  bench.run_for(5min);
  EXPECT_EQ(bench.service.samples().size(), 5u + 1 + 5);
  EXPECT_EQ(bench.spool().size(), 0u);
}

TEST(Clock, KeepsItsErrorOverAReboot) {
  Bench bench;
  bench.gateway().set_clock(bench.now, 10min);
  start(bench);
  EXPECT_EQ(bench.service.last_hello.clock_ms(), (bench.now + 10min).time_since_epoch() / 1ms);
}

TEST(BackOff, ASilentUnitIsAskedLessOftenAndAnswersSoonAgain) {
  Bench bench;
  start(bench);
  bench.run_for(1min);
  bench.unit(Bench::v2h).silent = true;
  bench.run_for(1min);
  const int before = bench.unit(Bench::v2h).requests;
  bench.run_for(1min);
  const int silent = bench.unit(Bench::v2h).requests - before;
  EXPECT_LE(silent, 3 * 4) << "every 20 s, identification and poll, each tried twice";
  EXPECT_GE(silent, 2 * 4);
  bench.unit(Bench::v2h).silent = false;
  bench.run_for(25s);
  const int back = bench.unit(Bench::v2h).requests;
  bench.run_for(10s);
  EXPECT_GE(bench.unit(Bench::v2h).requests - back, 2);
}

}  // namespace
}  // namespace v2x::gateway
