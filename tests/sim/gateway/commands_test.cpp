// Commands as the service sees them: a gateway with its units, one answer for each correlation id.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/sim/gateway/bench.hpp"

namespace v2x::gateway {
namespace {

constexpr std::uint16_t kChargeMethod = 40586 + 6;  // 64901: ChaMth
constexpr std::uint16_t kSocFloor = 40586 + 10;     // SocFlr, 0.1 %
constexpr std::uint16_t kOutageMode = 40586 + 13;   // OutMode
constexpr std::uint16_t kOutageFloor = 40586 + 14;  // OutFlr, 0.1 %

class Commands : public ::testing::Test {
 protected:
  Commands() {
    bench.unit(Bench::v2h).set("vehicle.plug", "plugged");
    bench.unit(Bench::v2h).set("storage.soc", 60);
    bench.boot();
    bench.connect();
    bench.run_for(10s);
  }

  template <class Body>
  void command(std::uint64_t id, Duration lasts, Body fill) {
    bench.service.say([&](telemetry::Down& down) {
      down.mutable_command()->set_correlation_id(id);
      down.mutable_command()->set_expires_ms((bench.now + lasts).time_since_epoch() / 1ms);
      fill(*down.mutable_command());
    });
    bench.settle();
  }
  void read(std::uint64_t id) {
    command(id, 60s, [](auto& c) { c.mutable_read_settings(); });
  }
  void write(std::uint64_t id, const std::vector<NamedSetting>& values, Duration lasts = 90s) {
    command(id, lasts, [&](telemetry::Command& c) { fill(*c.mutable_write_settings(), values); });
  }
  static void fill(telemetry::WriteSettings& write, const std::vector<NamedSetting>& values) {
    for (const auto& [name, value] : values) {
      auto& setting = *write.add_values();
      setting.set_name(name);
      setting.set_value(value);
    }
  }
  void go_live(std::uint64_t id, Duration period, Duration lasts) {
    command(id, 60s, [&](telemetry::Command& c) {
      c.mutable_live()->set_period_ms(static_cast<std::uint32_t>(period / 1ms));
      c.mutable_live()->set_duration_ms(static_cast<std::uint32_t>(lasts / 1ms));
    });
  }
  std::vector<telemetry::CommandResult> results() const { return bench.service.results(); }
  telemetry::CommandResult result() const { return results().empty() ? telemetry::CommandResult() : results().back(); }
  static std::string value(const telemetry::CommandResult& result, const std::string& name) {
    for (const auto& setting : result.values())
      if (setting.name() == name) return setting.value();
    return "absent";
  }
  FakeUnit& v2h() { return bench.unit(Bench::v2h); }
  std::vector<telemetry::Event> changes() const {
    std::vector<telemetry::Event> list;
    for (const auto& event : bench.service.events())
      if (event.kind() == telemetry::EVENT_KIND_SETTINGS_CHANGED) list.push_back(event);
    return list;
  }

  Bench bench;
};

constexpr auto kDone = telemetry::CommandResult::DONE;
constexpr auto kRefused = telemetry::CommandResult::REFUSED;
constexpr auto kTimedOut = telemetry::CommandResult::TIMED_OUT;

TEST_F(Commands, ReadingAnswersAllSettingsAfterTheUnitWasAsked) {
  read(1);
  EXPECT_TRUE(results().empty());
  bench.run_for(1s);
  ASSERT_EQ(results().size(), 1u);
  EXPECT_EQ(result().correlation_id(), 1u);
  EXPECT_EQ(result().status(), kDone);
  EXPECT_EQ(result().values_size(), 27);
  EXPECT_EQ(value(result(), "operatingMode"), "green");
  EXPECT_EQ(value(result(), "chargeStartTimeH"), "23");
  EXPECT_EQ(value(result(), "onPowerOutageChargePowerW"), "65535");
  EXPECT_EQ(result().settings_revision(), 1u);
}

TEST_F(Commands, WritingReachesTheUnitBeforeItIsDone) {
  write(2, {{"onPowerOutageMode", "standby"}, {"outageFloor", "30"}, {"socEconomyMode", "40"}});
  EXPECT_TRUE(results().empty());
  bench.run_for(1s);
  ASSERT_EQ(results().size(), 1u);
  EXPECT_EQ(result().status(), kDone);
  EXPECT_EQ(value(result(), "outageFloor"), "30");
  EXPECT_EQ(result().settings_revision(), 2u);
  EXPECT_EQ(v2h().reg(kOutageMode), 0);
  EXPECT_EQ(v2h().reg(kOutageFloor), 300);
  EXPECT_EQ(v2h().reg(kSocFloor), 400);
  ASSERT_EQ(changes().size(), 1u);
  EXPECT_EQ(changes()[0].detail(), "by command 2 socEconomyMode=40 onPowerOutageMode=standby outageFloor=30");
}

TEST_F(Commands, ANewModeIsWhatTheUnitDoesFromThenOn) {
  EXPECT_EQ(v2h().reg(kChargeMethod), 1);
  write(2, {{"operatingMode", "standby"}});
  bench.run_for(1s);
  EXPECT_EQ(result().status(), kDone);
  EXPECT_EQ(v2h().reg(kChargeMethod), 0);
  bench.run_for(1min);
  EXPECT_EQ(v2h().reg(kChargeMethod), 0);
}

TEST_F(Commands, WhatIsNoSettingIsRefusedByName) {
  write(3, {{"operatingMode", "turbo"}});
  EXPECT_EQ(result().status(), kRefused);
  EXPECT_THAT(result().reason(), ::testing::HasSubstr("bad_value: operatingMode: 'turbo'"));
  write(4, {{"operatingMod\x01", "green"}});
  EXPECT_EQ(result().status(), kRefused);
  EXPECT_THAT(result().reason(), ::testing::HasSubstr("'operatingMod?' is no setting"));
  EXPECT_LE(result().reason().size(), 120u);
  EXPECT_TRUE(changes().empty());
}

TEST_F(Commands, ARefusalOfTheUnitIsTold) {
  v2h().write_exception = 4;
  write(5, {{"outageFloor", "30"}});
  bench.run_for(1s);
  EXPECT_EQ(result().status(), kRefused);
  EXPECT_EQ(result().reason(), "unit_refused: v2h, Modbus exception 4");
  v2h().write_exception.reset();
  read(6);
  bench.run_for(1s);
  EXPECT_EQ(value(result(), "outageFloor"), "10");
  EXPECT_TRUE(changes().empty());
}

TEST_F(Commands, ABusyUnitIsAskedAgain) {
  v2h().write_exception = 6;
  write(5, {{"outageFloor", "30"}});
  bench.run_for(8s);
  EXPECT_TRUE(results().empty());
  v2h().write_exception.reset();
  bench.run_for(6s);
  EXPECT_EQ(result().status(), kDone);
}

TEST_F(Commands, AUnitThatStaysBusyRefuses) {
  v2h().write_exception = 6;
  write(5, {{"outageFloor", "30"}});
  bench.run_for(25s);
  EXPECT_EQ(result().status(), kRefused);
}

TEST_F(Commands, ASilentUnitTimesOutAndLaterCommandsWork) {
  v2h().silent = true;
  write(7, {{"outageFloor", "30"}});
  read(8);
  bench.run_for(CommandDesk::kPatience + 1s);
  ASSERT_EQ(results().size(), 1u);
  EXPECT_EQ(result().status(), kTimedOut);
  EXPECT_EQ(result().reason(), "unit_silent: v2h");
  v2h().silent = false;
  bench.run_for(10s);
  ASSERT_EQ(results().size(), 2u);
  EXPECT_EQ(result().correlation_id(), 8u);
  EXPECT_EQ(result().status(), kDone);
  EXPECT_EQ(value(result(), "outageFloor"), "10");
}

TEST_F(Commands, AreExecutedOnceHoweverOftenTheyAreDelivered) {
  write(9, {{"outageFloor", "30"}});
  write(9, {{"outageFloor", "30"}});
  bench.run_for(1s);
  ASSERT_EQ(results().size(), 1u);
  write(10, {{"outageFloor", "20"}});
  bench.run_for(1s);
  write(9, {{"outageFloor", "30"}});
  bench.run_for(1s);
  ASSERT_EQ(results().size(), 3u);
  EXPECT_EQ(result().correlation_id(), 9u);
  EXPECT_EQ(result().status(), kDone);
  EXPECT_EQ(v2h().reg(kOutageFloor), 200);
  EXPECT_EQ(changes().size(), 2u);
}

TEST_F(Commands, AreExecutedOnceOverARestart) {
  write(9, {{"outageFloor", "30"}});
  bench.run_for(1s);
  bench.restart();
  bench.boot();
  bench.connect();
  write(9, {{"outageFloor", "30"}});
  ASSERT_EQ(results().size(), 2u);
  EXPECT_EQ(result().status(), kDone);
  EXPECT_EQ(changes().size(), 1u);
}

TEST_F(Commands, AreNotStartedAfterTheirExpiry) {
  write(11, {{"outageFloor", "30"}}, -1ms);
  EXPECT_EQ(result().status(), kTimedOut);
  bench.run_for(10s);
  EXPECT_EQ(v2h().reg(kOutageFloor), 100);
}

TEST_F(Commands, AreNotStartedAfterTheyWaitedForTooLong) {
  v2h().silent = true;
  read(12);
  write(13, {{"outageFloor", "30"}}, 10s);
  bench.run_for(CommandDesk::kPatience);
  v2h().silent = false;
  bench.run_for(10s);
  ASSERT_EQ(results().size(), 2u);
  EXPECT_EQ(result().correlation_id(), 13u);
  EXPECT_EQ(result().status(), kTimedOut);
  EXPECT_EQ(v2h().reg(kOutageFloor), 100);
}

TEST_F(Commands, ExpireByTheServicesClock) {
  bench.service.time_ms = (bench.now + 10min).time_since_epoch() / 1ms;  // ours is slow
  bench.connect();
  write(14, {{"outageFloor", "30"}}, 9min);
  EXPECT_EQ(result().status(), kTimedOut);
  write(15, {{"outageFloor", "30"}}, 11min);
  bench.run_for(1s);
  EXPECT_EQ(result().status(), kDone);
}

TEST_F(Commands, AWriteIsRefusedWhenTheSettingsAreNotThoseThatWereRead) {
  const auto write_if = [&](std::uint64_t id, std::uint64_t revision) {
    command(id, 90s, [&](telemetry::Command& c) {
      fill(*c.mutable_write_settings(), {{"outageFloor", "30"}});
      c.mutable_write_settings()->set_if_revision(revision);
    });
    bench.run_for(1s);
  };
  write_if(15, 1);
  EXPECT_EQ(result().status(), kDone);
  write_if(16, 1);
  EXPECT_EQ(result().status(), kRefused);
  EXPECT_EQ(result().reason(), "stale_revision: it is 2 by now, not 1");
}

TEST_F(Commands, SettingsSurviveARestart) {
  write(17, {{"operatingMode", "standby"}, {"socChargeMode", "90"}});
  bench.run_for(1s);
  bench.restart();
  bench.boot();
  bench.connect();
  EXPECT_EQ(bench.service.last_hello.settings_revision(), 2u);
  read(18);
  bench.run_for(5s);
  EXPECT_EQ(value(result(), "operatingMode"), "standby");
  EXPECT_EQ(value(result(), "socChargeMode"), "90");
  EXPECT_EQ(result().settings_revision(), 2u);
}

TEST_F(Commands, AChangeAtTheUnitItselfIsTakenOver) {
  v2h().set("set.outage_floor", 40);
  bench.run_for(10s);
  ASSERT_EQ(changes().size(), 1u);
  EXPECT_EQ(changes()[0].detail(), "at v2h outageFloor=40");
  read(19);
  bench.run_for(1s);
  EXPECT_EQ(value(result(), "outageFloor"), "40");
  EXPECT_EQ(result().settings_revision(), 2u);
}

TEST_F(Commands, AnUnknownOneIsUnsupported) {
  command(20, 60s, [](auto&) {});
  EXPECT_EQ(result().status(), telemetry::CommandResult::UNSUPPORTED);
}

TEST_F(Commands, TooManyAreRefused) {
  v2h().silent = true;
  for (std::uint64_t id = 30; id < 40; ++id) read(id);
  ASSERT_EQ(results().size(), 1u);
  EXPECT_EQ(result().correlation_id(), 39u);
  EXPECT_EQ(result().status(), kRefused);
}

TEST_F(Commands, AResultThatCouldNotLeaveFollowsTheNextWelcome) {
  write(21, {{"outageFloor", "30"}});
  bench.disconnect();
  bench.run_for(1min);
  EXPECT_TRUE(results().empty());
  bench.connect();
  ASSERT_EQ(results().size(), 1u);
  EXPECT_EQ(result().status(), kDone);
}

TEST_F(Commands, LiveSamplesComeAtTheAskedPeriodAndEndByThemselves) {
  bench.unit(Bench::meter).set("ac.power", 700);
  go_live(22, 2s, 20s);
  EXPECT_EQ(result().status(), kDone);
  bench.run_for(1min);
  const auto live = bench.service.live();
  ASSERT_EQ(live.size(), 10u);
  for (const auto& sample : live) EXPECT_EQ(sample.length_ms(), 2'000u);
  EXPECT_EQ(live[5].start_ms() - live[4].start_ms(), 2'000);
  EXPECT_EQ(live.back().buy_w(), 700u);
  EXPECT_EQ(live.back().ev().soc_permille(), 600u);
}

TEST_F(Commands, LiveShowsTheNewestAnswerAndNothingForASilentUnit) {
  go_live(23, 1s, 1min);
  bench.run_for(1s);
  bench.unit(Bench::pcs1).set("ac.power", 1'234);
  bench.run_for(2s);
  EXPECT_EQ(bench.service.live().back().pv_w(), 1'234u);
  bench.unit(Bench::pcs1).silent = true;
  bench.run_for(30s);
  EXPECT_FALSE(bench.service.live().back().has_pv_w());
  EXPECT_EQ(bench.service.live().back().units(1).quality(), telemetry::QUALITY_NO_ANSWER);
}

TEST_F(Commands, ANewLiveOrderReplacesTheRunningOne) {
  go_live(24, 1s, 1h);
  bench.run_for(10s);
  const size_t before = bench.service.live().size();
  go_live(25, 10s, 30s);
  bench.run_for(2min);
  EXPECT_EQ(bench.service.live().size(), before + 3);
}

TEST_F(Commands, LiveGoesOnWhileABacklogDrains) {
  bench.disconnect();
  bench.run_for(2h);
  bench.service.answers = false;
  bench.connect();
  bench.service.say([&](telemetry::Down& down) { down.mutable_welcome()->set_mark(bench.service.mark); });
  bench.settle();
  const std::uint64_t queued = bench.spool().size();
  go_live(26, 1s, 10s);
  bench.run_for(10s);
  EXPECT_GE(bench.service.live().size(), 10u);
  EXPECT_GE(bench.spool().size(), queued);
}

TEST_F(Commands, LiveOrdersBeyondTheLimitsAreRefused) {
  go_live(27, 500ms, 10s);
  EXPECT_EQ(result().reason(), "bad_value: period_ms: 500, expected 1000 to 60000");
  go_live(28, 1s, 2h);
  EXPECT_EQ(result().reason(), "bad_value: duration_ms: 7200000, expected up to 3600000");
}

TEST(CommandsWithoutAnEvUnit, AreTheGatewaysAlone) {
  Bench bench([](GatewayConfig& config) { config.units.pop_back(); });
  bench.boot();
  bench.connect();
  bench.service.say([&](telemetry::Down& down) {
    down.mutable_command()->set_correlation_id(1);
    down.mutable_command()->set_expires_ms((bench.now + 1min).time_since_epoch() / 1ms);
    auto& setting = *down.mutable_command()->mutable_write_settings()->add_values();
    setting.set_name("agreementAmpere");
    setting.set_value("40");
  });
  bench.settle();
  ASSERT_EQ(bench.service.results().size(), 1u);
  EXPECT_EQ(bench.service.results()[0].status(), kDone);
}

}  // namespace
}  // namespace v2x::gateway
