// AI control: SET-20 … SET-22, with the weather in the file that a scenario would write.
#include <gmock/gmock.h>

#include <fstream>

#include "tests/backend/setting_fixture.hpp"

namespace v2x::service {
namespace {

using std::chrono::minutes;
using test::at;
using test::kGateway;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class AiTest : public test::SettingFixture {
 protected:
  void SetUp() override {
    SettingFixture::SetUp();
    read_now();
  }

  void weather(const std::string& text) { std::ofstream(options(scratch_).weather_file(), std::ios::trunc) << text; }
  void choose(bool night, bool warning) {
    const Form form{{"forecastArea", "26"},
                    {"warningArea", "26"},
                    {"aiNightCharge", night ? "1" : "0"},
                    {"aiWarningCharge", warning ? "1" : "0"}};
    ASSERT_TRUE(ai_.enter(hanako(), "session", kGateway, form)->empty());
    ASSERT_TRUE(ai_.submit(hanako(), "session", {}));
  }
  /// Runs AI control and deadlines up to `t`; the gateway executes what it gets, while it is there.
  void pass_to(Time t) {
    app::DutyRoster duties{{&core_.ai_duty, &core_.setting_deadline_duty}};
    for (auto due = core_.ai_duty.next_due(); due && *due <= t; due = core_.ai_duty.next_due()) {
      clock_.advance_to(*due);
      duties.run_due(clock_.now());
      duties.changed();
      execute();
    }
    clock_.advance_to(t);
  }
  void pass_to(const std::string& time) { pass_to(at(time)); }
  std::vector<std::string> standing() { return ai_.show(hanako(), kGateway)->standing; }

  AiSettings ai_{core_.registry, core_.settings};
};

TEST_F(AiTest, IsOffAtFirstWithTheAreasOfTheSite_SET20) {
  const auto shown = ai_.show(hanako(), kGateway);
  ASSERT_TRUE(shown);
  EXPECT_EQ(shown->form,
            (Form{{"forecastArea", "26"}, {"warningArea", "26"}, {"aiNightCharge", "0"}, {"aiWarningCharge", "0"}}));
  EXPECT_FALSE(core_.ai_duty.next_due());
}

TEST_F(AiTest, TomorrowsWeatherSetsTheNightChargeAt1705_SET21) {
  weather(
      "forecasts:\n  - {area: 26, day: 2026-04-02, weather: cloudy}\n  - {area: 27, day: 2026-04-02, weather: "
      "sunny}\n");
  choose(true, false);
  pass_to("17:04:59");
  EXPECT_EQ(entered(device_, "night_ceiling"), "0");
  pass_to("17:05:00");
  EXPECT_EQ(entered(device_, "night_ceiling"), "40");
  EXPECT_THAT(history(hanako()), ElementsAre("AI制御: 夜間充電の上限 0 % → 40 %, 完了"));
  EXPECT_THAT(standing(), ElementsAre("本日の夜間充電の上限は 40 % です。"));
}

TEST_F(AiTest, EachClassOfWeatherHasItsCeiling_SET21) {
  EXPECT_EQ(night_ceiling_pct(Weather::sunny), 0);
  EXPECT_EQ(night_ceiling_pct(Weather::partly), 20);
  EXPECT_EQ(night_ceiling_pct(Weather::cloudy), 40);
  EXPECT_EQ(night_ceiling_pct(Weather::rain), 50);
  EXPECT_EQ(night_ceiling_pct(Weather::snow), 50);
}

TEST_F(AiTest, WithoutAForecastThereIsNoControlThatDayAndItSaysSo_SET21) {
  weather("forecasts:\n  - {area: 26, day: 2026-04-02, weather: rain}\n");
  choose(true, false);
  pass_to("17:10:00");
  EXPECT_EQ(entered(device_, "night_ceiling"), "50");
  for (const auto* text :
       {"forecasts: []\n", "forecasts: [nonsense", "forecasts:\n  - {area: 99, day: x, weather: y}\n"}) {
    weather(text);
    pass_to(*core_.ai_duty.next_due());
    EXPECT_THAT(standing(), ElementsAre("予報を取得できなかったため、本日のAI制御は行いません。")) << text;
    EXPECT_EQ(entered(device_, "night_ceiling"), "0") << "yesterday's ceiling must not count today";
    pass_to(clock_.now() + minutes(10));
  }
}

TEST_F(AiTest, A_WarningChargesAndItsEndBringsTheEarlierModeBack_SET22) {
  weather("warnings: []\n");
  choose(false, true);
  pass_to("13:00:00");
  EXPECT_EQ(entered(device_, "operatingMode"), "green");
  weather("warnings: [26]\n");
  pass_to("13:05:00");
  EXPECT_EQ(entered(device_, "operatingMode"), "charge");
  EXPECT_THAT(standing(), ElementsAre("警報が発令されているため、充電上限まで充電します。"));
  weather("warnings: []\n");
  pass_to("13:10:00");
  EXPECT_EQ(entered(device_, "operatingMode"), "green");
  EXPECT_THAT(history(hanako()), ElementsAre("AI制御: 運転モード 強制充電 → グリーンモード, 完了",
                                             "AI制御: 運転モード グリーンモード → 強制充電, 完了"));
  pass_to("13:15:00");
  EXPECT_THAT(standing(), IsEmpty());
}

TEST_F(AiTest, A_ModeChosenByHandIsKeptUntilTheWarningEnds_SET22) {
  weather("warnings: [26]\n");
  choose(false, true);
  pass_to("12:01:00");
  ASSERT_EQ(entered(device_, "operatingMode"), "charge");
  ask(hanako(), {{"operatingMode", "standby"}}).value();
  execute();
  pass_to("14:00:00");
  EXPECT_EQ(entered(device_, "operatingMode"), "standby");
  EXPECT_THAT(standing(), ElementsAre("警報が発令されていますが、選択された運転モードを優先しています。"));
  weather("warnings: []\n");
  pass_to("14:05:00");
  EXPECT_EQ(entered(device_, "operatingMode"), "standby") << "nobody's choice is undone";
  weather("warnings: [26]\n");
  pass_to("14:10:00");
  EXPECT_EQ(entered(device_, "operatingMode"), "charge") << "the next warning counts again";
}

TEST_F(AiTest, WaitsForAGatewayThatIsSilentAndForAnotherWrite_SET22) {
  weather("forecasts:\n  - {area: 26, day: 2026-04-02, weather: cloudy}\n");
  choose(true, false);
  pass_to("17:04:30");
  connected_ = false;
  const auto mine = ask(hanako(), {{"socChargeMode", "90"}})->request_id;
  pass_to("17:05:00");
  EXPECT_EQ(state(mine), "queued");
  fall_silent();
  pass_to("17:10:00");
  EXPECT_EQ(entered(device_, "night_ceiling"), "0");
  EXPECT_THAT(standing(), ElementsAre("本日の夜間充電の上限は 40 % です。(送信待ち)"));
  connected_ = true;
  core_.registry.transact([&](Transaction& tx) { core_.alarms.clear(tx, {kGateway, 0, kOfflineCode, "", tx.now()}); });
  core_.registry.transact([&](Transaction& tx) {
    for (auto episode : tx.alarms().active_of(ownership_)) core_.alarms.close(tx, episode);
  });
  pass_to("17:15:00");
  EXPECT_EQ(entered(device_, "night_ceiling"), "40");
}

TEST_F(AiTest, A_RefusedWriteIsRepeatedOnlyAfterAWhile) {
  weather("forecasts:\n  - {area: 26, day: 2026-04-02, weather: cloudy}\n");
  choose(true, false);
  clock_.advance_to(at("17:05:00"));
  app::DutyRoster duties{{&core_.ai_duty}};
  duties.run_due(clock_.now());
  answer(hand_over().at(0).correlation_id, Status::refused, "busy");
  pass_to("17:34:00");
  EXPECT_THAT(history(hanako()), SizeIs(1));
  pass_to("17:40:00");
  EXPECT_EQ(entered(device_, "night_ceiling"), "40");
}

TEST_F(AiTest, SwitchingOffPutsTheNightChargeBack) {
  weather("forecasts:\n  - {area: 26, day: 2026-04-02, weather: rain}\n");
  choose(true, false);
  pass_to("18:00:00");
  ASSERT_EQ(entered(device_, "night_ceiling"), "50");
  choose(false, false);
  pass_to("18:06:00");
  EXPECT_EQ(entered(device_, "night_ceiling"), "0");
  EXPECT_FALSE(core_.ai_duty.next_due()) << "nothing is left to do";
}

TEST_F(AiTest, StrangersFindNothing) {
  EXPECT_FALSE(ai_.show(dealer(add_dealer("販売店4002")), kGateway));
  EXPECT_FALSE(ai_.enter(dealer(add_dealer("販売店4003")), "session", kGateway, {}));
}

}  // namespace
}  // namespace v2x::service
