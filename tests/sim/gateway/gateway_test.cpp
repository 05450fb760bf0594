#include "sim/gateway/gateway.hpp"

#include <gtest/gtest.h>

#include "tests/sim/gateway/bench.hpp"

namespace v2x::gateway {
namespace {

void start(Bench& bench) {
  bench.boot();
  bench.connect();
}

/// pcs1 and pcs2 generate, the car charges, the rest is bought or sold.
void set_powers(Bench& bench, double pv1_w, double pv2_w, double ev_w, double grid_w) {
  bench.unit(Bench::pcs1).set("ac.power", pv1_w);
  bench.unit(Bench::pcs2).set("ac.power", pv2_w);
  bench.unit(Bench::v2h).set("ac.power", -ev_w);
  bench.unit(Bench::meter).set("ac.power", grid_w);
}

TEST(Gateway, ReportsOneSampleForEachMinuteWithoutHoles) {
  Bench bench;
  start(bench);
  bench.run_past(kNoon + 10min);
  const auto samples = bench.service.samples();
  ASSERT_EQ(samples.size(), 10u);
  for (size_t i = 0; i < samples.size(); ++i) {
    EXPECT_EQ(samples[i].start_ms(), (kNoon + i * 1min).time_since_epoch() / 1ms);
    EXPECT_EQ(samples[i].length_ms(), 60'000u);
  }
  EXPECT_EQ(bench.spool().size(), 0u);
}

TEST(Gateway, AFirstPeriodEndsAtTheServiceMinute) {
  Bench bench;
  bench.now = kNoon + 25s;
  start(bench);
  bench.run_past(kNoon + 1min);
  ASSERT_EQ(bench.service.samples().size(), 1u);
  EXPECT_EQ(bench.service.samples()[0].length_ms(), 35'000u);
}

TEST(Gateway, MeansCloseTheEnergyBalanceExactly) {
  Bench bench;
  set_powers(bench, 2'111, 899, 1'203, -777);
  start(bench);
  bench.run_to(kNoon + 33s);
  set_powers(bench, 1'500, 433, -300, 512);
  bench.run_past(kNoon + 2min);
  for (const auto& s : bench.service.samples())
    EXPECT_EQ(s.load_w(), s.pv_w() + s.buy_w() + s.discharge_w() - s.sell_w() - s.charge_w());
  const auto last = bench.service.samples().back();
  EXPECT_EQ(last.pv_w(), 1'933u);
  EXPECT_EQ(last.buy_w(), 512u);
  EXPECT_EQ(last.sell_w(), 0u);
  EXPECT_EQ(last.discharge_w(), 300u);
  EXPECT_EQ(last.charge_w(), 0u);
  EXPECT_EQ(last.load_w(), 1'933u + 512 + 300);
}

TEST(Gateway, MeansAreWeightedByTime) {
  Bench bench;
  set_powers(bench, 0, 0, 0, 1'000);
  start(bench);
  bench.run_to(kNoon + 32s);  // the meter is asked at 30 s and at 35 s
  set_powers(bench, 0, 0, 0, -1'000);
  bench.run_past(kNoon + 1min);
  const auto sample = bench.service.samples().front();
  EXPECT_NEAR(sample.buy_w(), 1'000 * 32.5 / 60, 10);
  EXPECT_NEAR(sample.sell_w(), 1'000 * 27.5 / 60, 10);
}

TEST(Gateway, CountersCloseTheEnergyBalanceExactly) {
  Bench bench;
  bench.set_counters(Bench::pcs1, 1'000, 0);
  bench.set_counters(Bench::meter, 4'294'967'290, 7);
  start(bench);
  bench.run_to(kNoon + 30s);
  bench.set_counters(Bench::pcs1, 1'040, 0);
  bench.set_counters(Bench::pcs2, 22, 0);
  bench.set_counters(Bench::v2h, 3, 14);
  bench.set_counters(Bench::meter, 4'294'967'296 + 9, 12);  // bought 15, over the wrap of 32 bits
  bench.run_past(kNoon + 1min);
  const auto s = bench.service.samples().back();
  EXPECT_EQ(s.pv_wh(), 62u);
  EXPECT_EQ(s.buy_wh(), 15u);
  EXPECT_EQ(s.sell_wh(), 5u);
  EXPECT_EQ(s.discharge_wh(), 3u);
  EXPECT_EQ(s.charge_wh(), 14u);
  EXPECT_EQ(s.load_wh(), 62u + 15 + 3 - 5 - 14);
}

TEST(Gateway, CountersSurviveItsOwnRestart) {
  Bench bench;
  start(bench);
  bench.run_for(1s);
  bench.set_counters(Bench::pcs1, 100, 0);
  bench.run_past(kNoon + 1min);
  bench.restart();
  bench.set_counters(Bench::pcs1, 250, 0);  // while it was off
  bench.now = kNoon + 1h;
  start(bench);
  bench.run_past(kNoon + 1h + 1min);
  EXPECT_EQ(bench.service.samples().back().pv_wh(), 250u);
}

TEST(Gateway, AUnitThatRefusesIsAbsentAndNeverZero) {
  Bench bench;
  set_powers(bench, 2'000, 1'000, 0, 500);
  start(bench);
  bench.run_past(kNoon + 1min);
  bench.unit(Bench::pcs2).exception = 4;
  bench.run_past(kNoon + 3min);
  const auto sample = bench.service.samples().back();
  EXPECT_FALSE(sample.has_pv_w());
  EXPECT_FALSE(sample.has_pv_wh());
  EXPECT_FALSE(sample.has_load_w());
  EXPECT_FALSE(sample.has_load_wh());
  EXPECT_TRUE(sample.has_buy_w());
  EXPECT_EQ(sample.units(1).quality(), telemetry::QUALITY_GOOD);
  EXPECT_EQ(sample.units(2).quality(), telemetry::QUALITY_EXCEPTION);
  EXPECT_FALSE(sample.units(2).has_ac_w());
  EXPECT_FALSE(sample.units(2).has_volts_u_cv());
  EXPECT_EQ(sample.units(2).state(), 0xFFu);
  EXPECT_EQ(sample.units(2).strings_size(), 0);
}

TEST(Gateway, ASilentUnitIsAbsentAndTheOthersGoOn) {
  Bench bench;
  set_powers(bench, 2'000, 1'000, 0, 500);
  start(bench);
  bench.run_past(kNoon + 1min);
  bench.unit(Bench::v2h).silent = true;
  bench.run_past(kNoon + 3min);
  const auto sample = bench.service.samples().back();
  EXPECT_EQ(sample.pv_w(), 3'000u);
  EXPECT_FALSE(sample.has_charge_w());
  EXPECT_FALSE(sample.has_ev());
  EXPECT_FALSE(sample.has_load_w());
  EXPECT_EQ(sample.units(3).quality(), telemetry::QUALITY_NO_ANSWER);
}

TEST(Gateway, ASilenceWithinAPeriodMakesItsQualityStale) {
  Bench bench;
  set_powers(bench, 2'000, 1'000, 0, 500);
  start(bench);
  bench.run_past(kNoon + 1min);
  bench.unit(Bench::pcs1).silent = true;
  bench.run_for(15s);
  bench.unit(Bench::pcs1).silent = false;
  bench.run_past(kNoon + 2min);
  const auto unit = bench.service.samples().back().units(1);
  EXPECT_EQ(unit.quality(), telemetry::QUALITY_STALE);
  EXPECT_EQ(unit.ac_w(), 2'000);
}

TEST(Gateway, AUnitLineCarriesWhatTheUnitMeasures) {
  Bench bench;
  FakeUnit& pcs = bench.unit(Bench::pcs1);
  pcs.set("ac.power", 1'234);
  pcs.set("ac.voltage_u", 101.3);
  pcs.set("ac.frequency", 59.98);
  pcs.set("dc[2].voltage", 183.4);
  pcs.set("dc[2].current", 7.25);
  pcs.set("state", "throttled");
  pcs.set("suppression", "output_control");
  start(bench);
  bench.run_past(kNoon + 1min);
  const auto sample = bench.service.samples().back();
  const auto& unit = sample.units(1);
  EXPECT_EQ(unit.unit_no(), 1u);
  EXPECT_EQ(unit.state(), 4u);  // SunSpec 701: THROTTLED
  EXPECT_EQ(unit.ac_w(), 1'234);
  EXPECT_EQ(unit.volts_u_cv(), 10'130u);
  EXPECT_EQ(unit.frequency_mhz(), 59'980u);
  EXPECT_EQ(unit.temperature_cc(), 3'150);
  ASSERT_EQ(unit.strings_size(), 2);
  EXPECT_FALSE(unit.strings(0).has_volts_cv());
  EXPECT_EQ(unit.strings(1).volts_cv(), 18'340u);
  EXPECT_EQ(unit.strings(1).amperes_ca(), 725);
  EXPECT_EQ(sample.throttle(), telemetry::THROTTLE_OUTPUT_CONTROL);
}

TEST(Gateway, NothingIsLostOrDoubledOverOutageAndRestart) {
  Bench bench;
  start(bench);
  bench.run_past(kNoon + 5min);
  bench.disconnect();
  bench.run_past(kNoon + 20min);
  EXPECT_EQ(bench.service.samples().size(), 5u);
  bench.restart();
  bench.boot(telemetry::BOOT_REASON_REBOOT);
  bench.connect();
  bench.service.lose_acks = 1;
  bench.run_past(kNoon + 30min);
  const auto samples = bench.service.samples();
  EXPECT_EQ(samples.size(), 30u);
  for (size_t i = 0; i < bench.service.records.size(); ++i) EXPECT_EQ(bench.service.records[i].seq(), i + 1);
  const StreamLedger ledger = bench.gateway().ledger();
  EXPECT_EQ(ledger.made, ledger.acknowledged);
  EXPECT_EQ(ledger.made, bench.service.records.size());
}

TEST(Gateway, SamplesOfAnUndeliveredDayAreKept) {
  Bench bench;
  bench.boot();
  bench.run_past(kNoon + 24h);
  EXPECT_EQ(bench.spool().size(), 1440u + 2);
  bench.connect();
  EXPECT_EQ(bench.service.samples().size(), 1440u);
  EXPECT_EQ(bench.spool().size(), 0u);
}

TEST(Gateway, ChargesFromSurplusAndRewritesBeforeTheUnitReverts) {
  Bench bench;
  FakeUnit& v2h = bench.unit(Bench::v2h);
  v2h.set("vehicle.plug", "plugged");
  v2h.set("storage.soc", 60);
  v2h.set("vehicle.min_soc", 10);
  v2h.set("vehicle.max_soc", 100);
  start(bench);
  bench.run_for(10s);
  ASSERT_FALSE(v2h.writes.empty());
  EXPECT_EQ(v2h.writes.back().address, 40'592);
  EXPECT_EQ(v2h.writes.back().values, (std::vector<std::uint16_t>{1, 1, 5'700, 6'000, 300, 1'000, 60}));
  v2h.writes.clear();
  bench.run_for(5min);
  EXPECT_GE(v2h.writes.size(), 8u);
  EXPECT_LE(v2h.writes.size(), 11u) << "every 30 s, not at every decision";
  EXPECT_EQ(bench.gateway().quantities().text(bench.gateway().quantities().slot("reason")), "green");
}

TEST(Gateway, ABriefSilenceOfTheCarChangesNoDecisionALongOneEndsTheWrites) {
  Bench bench;
  FakeUnit& v2h = bench.unit(Bench::v2h);
  v2h.set("vehicle.plug", "plugged");
  v2h.set("storage.soc", 60);
  start(bench);
  bench.run_for(22s);
  const auto reason = [&] { return bench.gateway().quantities().text(bench.gateway().quantities().slot("reason")); };
  v2h.silent = true;
  bench.run_for(20s);
  EXPECT_EQ(reason(), "green");
  bench.run_for(20s);
  EXPECT_EQ(reason(), "comms");
  const int asked = v2h.requests;
  bench.run_for(1min);
  EXPECT_EQ(v2h.requests - asked, 6 * 2) << "polls every 10 s and their repetitions, no write";
}

TEST(Gateway, ChargingKeepsToTheContractWhateverThePhaseOfTheMetersPolls) {
  Bench bench;
  bench.slow[Bench::meter] = 900ms;  // its poll is under way when the car's ends
  FakeUnit& v2h = bench.unit(Bench::v2h);
  v2h.set("vehicle.plug", "plugged");
  v2h.set("storage.soc", 60);
  bench.unit(Bench::meter).set("ac.power", 3'000);
  start(bench);
  bench.run_for(10s);
  v2h.writes.clear();
  bench.run_for(2min);
  ASSERT_FALSE(v2h.writes.empty());
  for (const auto& write : v2h.writes) EXPECT_EQ(write.values[2], 2'700) << "0.95 of 6000 W less 3000 W";
}

TEST(Gateway, AFullSpoolIsToldOnceForEachMarkAtWhichTheServiceStands) {
  Bench bench([](GatewayConfig& config) { config.spool_days = 1, config.units.resize(1); });
  bench.boot();
  const std::vector<Spool::NewRecord> filler(Spool::kRecordsPerDay + Spool::kEventReserve, {Priority::sample, ""});
  ASSERT_TRUE(bench.spool().append(filler, {}).has_value());
  bench.run_past(kNoon + 10min);
  int told = 0;
  bench.spool().read(1, [&](std::uint64_t, std::string_view bytes) {
    telemetry::Record record;
    record.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
    told += record.event().kind() == telemetry::EVENT_KIND_RECORDS_DROPPED ? 1 : 0;
    return true;
  });
  EXPECT_EQ(told, 1);
  EXPECT_GE(bench.spool().dropped(), 10u);
}

TEST(Gateway, ARefusedCommandIsWrittenAgainAtTheNextDecision) {
  Bench bench;
  FakeUnit& v2h = bench.unit(Bench::v2h);
  v2h.set("vehicle.plug", "plugged");
  v2h.set("storage.soc", 60);
  v2h.write_exception = 4;
  start(bench);
  bench.run_for(22s);
  EXPECT_TRUE(v2h.writes.empty());
  v2h.write_exception.reset();
  bench.run_for(5s);
  EXPECT_EQ(v2h.writes.size(), 1u);
}

TEST(Gateway, PoweredOffItWantsNothingAndHearsNothing) {
  Bench bench;
  start(bench);
  bench.run_for(10s);
  bench.gateway().power_off(bench.now);
  EXPECT_FALSE(bench.gateway().next_wake().has_value());
  bench.gateway().on_reply(0, bench.now);
  bench.gateway().wake(bench.now);
  const auto& table = bench.gateway().quantities();
  EXPECT_EQ(table.number(table.slot("powered")), 0);
  EXPECT_EQ(table.number(table.slot("connected")), 0);
}

TEST(Gateway, TheSameSeedGivesTheSameRecords) {
  const auto run = [] {
    Bench bench;
    set_powers(bench, 2'000, 1'000, 0, 500);
    start(bench);
    bench.run_past(kNoon + 5min);
    std::string all;
    for (const auto& record : bench.service.records) all += record.SerializeAsString();
    return all;
  };
  EXPECT_EQ(run(), run());
}

}  // namespace
}  // namespace v2x::gateway
