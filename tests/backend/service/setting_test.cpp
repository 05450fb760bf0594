// The life of requests for settings: SET-01 … SET-07, LINK-07, GW-10, DEAL-18.
#include <gmock/gmock.h>

#include "backend/service/ports/links.hpp"
#include "backend/service/refusals.hpp"
#include "backend/service/releasing.hpp"
#include "backend/service/setting_fields.hpp"
#include "backend/service/unlinking.hpp"
#include "tests/backend/setting_fixture.hpp"

namespace v2x::service {
namespace {

using std::chrono::days;
using std::chrono::seconds;
using test::at;
using test::kGateway;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class SettingTest : public test::SettingFixture {
 protected:
  void expire_at(const std::string& time) {
    clock_.advance_to(at(time));
    core_.setting_deadline_duty.run(clock_.now());
  }
};

TEST_F(SettingTest, A_ReadIsHandedOverOnceAndItsValuesAreKnown_SET02) {
  const auto id = ask_read(hanako());
  EXPECT_EQ(state(id), "queued");
  const auto commands = hand_over();
  ASSERT_THAT(commands, SizeIs(1));
  EXPECT_EQ(commands[0].correlation_id, static_cast<std::uint64_t>(id));
  EXPECT_EQ(commands[0].expires, at("12:01:00"));
  EXPECT_EQ(state(id), "sent");
  EXPECT_THAT(hand_over(), IsEmpty());
  answer(commands[0].correlation_id);
  EXPECT_EQ(state(id), "done");
  const auto shown = settings_.show(hanako(), kGateway);
  ASSERT_TRUE(shown->known);
  EXPECT_EQ(shown->known->values, test::factory_settings());
  EXPECT_THAT(history(hanako()), IsEmpty()) << "what was never known has not changed";
}

TEST_F(SettingTest, A_WriteNamesWhatChangesAndTheRevisionThatWasRead_SET03) {
  read_now();
  const auto asked = ask(hanako(), settings_in(form_of_settings({{"operatingMode", "green"}})));
  EXPECT_FALSE(asked->errors.empty()) << "a form that lacks everything";
  Form wanted = settings_in(form_of_settings(test::factory_settings()));
  wanted["socEconomyMode"] = "50";
  const auto id = ask(hanako(), wanted)->request_id;
  const auto commands = execute();
  ASSERT_THAT(commands, SizeIs(1));
  EXPECT_EQ(commands[0].values, (Form{{"socEconomyMode", "50"}}));
  EXPECT_EQ(commands[0].if_revision, 1u);
  EXPECT_EQ(commands[0].expires, at("12:01:30"));
  EXPECT_EQ(state(id), "done");
  EXPECT_EQ(result_text(request(id)), "設定が完了しました。");
  EXPECT_THAT(history(hanako()), ElementsAre("お客様: 経済・グリーンモードの放電下限 30 % → 50 %, 完了"));
}

TEST_F(SettingTest, WindowsAndWeekdaysAreOneItemOfTheHistoryEach_SET07) {
  read_now();
  ask(hanako(), {{"chargeStartTimeH", "22"}, {"dischargeDaySun", "0"}, {"dischargeEndTimeH", "21"}}).value();
  execute();
  EXPECT_THAT(history(hanako()),
              ::testing::UnorderedElementsAre("お客様: 充電時間帯 23:00~07:00 → 22:00~07:00, 完了",
                                              "お客様: 放電時間帯 07:00~23:00 → 07:00~21:00, 完了",
                                              "お客様: 放電する曜日 日月火水木金土 → 月火水木金土, 完了"));
}

TEST_F(SettingTest, BadValuesAreRefusedBesideTheirField) {
  read_now();
  const auto errors = [&](const Form& values) {
    std::vector<std::string> lines;
    const auto asked = ask(hanako(), values);
    for (const auto& error : asked->errors) lines.push_back(error.name + ": " + error.text);
    return lines;
  };
  EXPECT_THAT(errors({{"operatingMode", "turbo"}}), ElementsAre("operatingMode: 運転モードの値が正しくありません。"));
  EXPECT_THAT(errors({{"socEconomyMode", "35"}}),
              ElementsAre("socEconomyMode: 経済・グリーンモードの放電下限の値が正しくありません。"));
  EXPECT_THAT(errors({{"chargeEndTimeH", "23"}}), ElementsAre("chargeStartTimeH: 充電時間帯の値が正しくありません。"));
  EXPECT_THAT(errors({{"chargeEndTimeH", "8"}}),
              ElementsAre("dischargeStartTimeH: 充電時間帯と放電時間帯が重なっています。"));
  EXPECT_THAT(errors({{"night_ceiling", "10"}}), ElementsAre("night_ceiling: night_ceilingの値が正しくありません。"));
  EXPECT_THAT(errors({{"dischargeDaySun", "yes"}}),
              ElementsAre("dischargeDaySun: 放電する曜日の値が正しくありません。"));
  EXPECT_THAT(hand_over(), IsEmpty());
}

std::vector<std::string> offered(const Form& known, const std::string& name) {
  std::vector<std::string> values;
  for (const FieldGroup& group : device_setting_fields(known))
    for (const Field& field : group.fields)
      if (field.names[0] == name)
        for (const Choice& choice : field.choices[0]) values.push_back(choice.value);
  return values;
}

TEST_F(SettingTest, OnlyWhatTheDeviceOffersCanBeChosen_SET11) {
  device_["socEconomyMode.candidates"] = "30..80/10";
  device_["socChargeMode.candidates"] = "50..80/10";
  read_now();
  const Form known = settings_.show(hanako(), kGateway)->known->values;
  EXPECT_THAT(offered(known, "socEconomyMode"), ElementsAre("30", "40", "50", "60", "70", "80"));
  EXPECT_THAT(offered(known, "socChargeMode"), ElementsAre("50", "60", "70", "80", "100")) << "and what is in force";
  EXPECT_THAT(offered(known, "outageFloor"), ElementsAre("10", "20", "30", "40", "50")) << "the device says nothing";
  EXPECT_THAT(ask(hanako(), {{"socEconomyMode", "20"}})->errors, SizeIs(1));
  EXPECT_THAT(ask(hanako(), {{"socEconomyMode.candidates", "10..90/10"}})->errors, SizeIs(1)) << "it is no setting";
  ask(hanako(), {{"socEconomyMode", "80"}}).value();
  execute();
  EXPECT_THAT(history(hanako()), ElementsAre("お客様: 経済・グリーンモードの放電下限 30 % → 80 %, 完了"));
  change_at_device("socEconomyMode.candidates", "10..90/10");
  read_now();
  EXPECT_THAT(history(hanako()), SizeIs(1)) << "another car is no change of a setting";
  EXPECT_THAT(ask(hanako(), {{"socEconomyMode", "20"}})->errors, IsEmpty());
}

TEST(OfferedSettings, WhatIsNoRangeLimitsNothing_SET11) {
  for (const char* said :
       {"", "30", "30..80", "30..80/0", "30..80/x", "a..80/10", "/10..", "..", "30..8000000000000/10"})
    EXPECT_THAT(offered({{"socEconomyMode.candidates", said}}, "socEconomyMode"), SizeIs(9)) << said;
}

TEST_F(SettingTest, OneWriteAtATimeAndOnlyOfTheRevisionThatWasRead_SET03) {
  read_now();
  const auto first = ask(hanako(), {{"operatingMode", "standby"}})->request_id;
  const auto second = ask(dealer(dealer_), {{"operatingMode", "economy"}});
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, "busy");
  EXPECT_EQ(second.error().message, "ほかの設定を送信しています。しばらくしてからもう一度お試しください。");
  execute();
  EXPECT_EQ(state(first), "done");
  const auto stale = settings_.write(dealer(dealer_), kGateway, {1, {{"operatingMode", "economy"}}}, {});
  ASSERT_FALSE(stale);
  EXPECT_EQ(stale.error().code, "stale_revision");
  EXPECT_EQ(stale.error().message, "設定が変更されています。現在値を取得し直してください。");
}

TEST_F(SettingTest, A_SilentOrUnknownGatewayIsAskedForNothing_SET04) {
  read_now();
  fall_silent();
  const auto read = settings_.read(hanako(), kGateway);
  const auto write = ask(hanako(), {{"operatingMode", "standby"}});
  ASSERT_FALSE(read);
  ASSERT_FALSE(write);
  EXPECT_EQ(read.error().message, "ゲートウェイと通信できないため、設定できません。");
  EXPECT_EQ(write.error().code, "offline");
  EXPECT_THAT(hand_over(), IsEmpty());
}

TEST_F(SettingTest, RequestsEndAtTheirDeadlineAndLateAnswersAreKept_SET02) {
  read_now();
  const auto write = ask(hanako(), {{"operatingMode", "standby"}})->request_id;
  const auto command = hand_over().at(0);
  EXPECT_EQ(core_.setting_deadline_duty.next_due(), at("12:01:30"));
  expire_at("12:01:29");
  EXPECT_EQ(state(write), "sent");
  expire_at("12:01:30");
  EXPECT_EQ(state(write), "timeout");
  EXPECT_EQ(result_text(request(write)), "時間内に応答がありませんでした。現在値を取得して確認してください。");
  EXPECT_THAT(history(hanako()), ElementsAre("お客様: 運転モード グリーンモード → 待機, 応答なし"));
  change_at_device("operatingMode", "standby");
  answer(command.correlation_id);
  EXPECT_EQ(request(write).late, "done");
  EXPECT_EQ(state(write), "timeout") << "what people were told stays";
  EXPECT_THAT(history(hanako()), ElementsAre("お客様: 運転モード グリーンモード → 待機, 応答なし(後から完了)"));
  EXPECT_EQ(entered(settings_.show(hanako(), kGateway)->known->values, "operatingMode"), "standby");
}

TEST_F(SettingTest, A_RefusalNamesItsReason_SET06) {
  read_now();
  const auto id = ask(hanako(), {{"operatingMode", "standby"}})->request_id;
  answer(hand_over().at(0).correlation_id, Status::refused, "unit 3 refuses the write (Modbus exception 3)");
  EXPECT_EQ(state(id), "refused");
  EXPECT_EQ(result_text(request(id)),
            "機器が設定を受け付けませんでした。(unit 3 refuses the write (Modbus exception 3))");
  EXPECT_EQ(entered(settings_.show(hanako(), kGateway)->known->values, "operatingMode"), "green");
  EXPECT_THAT(history(hanako()), ElementsAre("お客様: 運転モード グリーンモード → 待機, 受付不可"));
}

TEST_F(SettingTest, WaitsForTheConnectionAndLeavesAgainOverANewOne) {
  connected_ = false;
  const auto id = ask_read(hanako());
  EXPECT_THAT(hand_over(), IsEmpty());
  EXPECT_EQ(state(id), "queued");
  connected_ = true;
  const auto first = hand_over();
  ASSERT_THAT(first, SizeIs(1));
  core_.registry.transact([&](Transaction& tx) { core_.setting_exchange.reconnected(tx, kGateway); });
  const auto again = hand_over();
  ASSERT_THAT(again, SizeIs(1));
  EXPECT_EQ(again[0].correlation_id, first[0].correlation_id) << "a gateway executes an id once";
}

TEST_F(SettingTest, RightsAreCheckedAgainAtTheHandOver_SET05) {
  const auto id = ask_read(dealer(dealer_));
  core_.registry.transact([&](Transaction& tx) { tx.links().end(tx.links().find(ownership_, dealer_)->id); });
  EXPECT_THAT(hand_over(), IsEmpty());
  EXPECT_EQ(state(id), "cancelled");
}

TEST_F(SettingTest, UnlinkingCancelsWhatTheDealerAskedForAndWasNotSent_LINK07) {
  Unlinking unlinking(core_.registry, core_.settings);
  connected_ = false;
  const auto theirs = ask_read(dealer(dealer_));
  const auto own = ask_read(hanako());
  ASSERT_TRUE(unlinking.submit(hanako(), "session", kGateway, std::to_string(dealer_), {}));
  EXPECT_EQ(state(theirs), "cancelled");
  EXPECT_EQ(state(own), "queued");
}

TEST_F(SettingTest, ReleasingCancelsAllAndSwitchesAiControlOff_GW10) {
  const auto former_owner = hanako();
  read_now();
  const auto sent = ask(hanako(), {{"operatingMode", "standby"}})->request_id;
  const auto command = hand_over().at(0);
  const auto queued = ask_read(dealer(dealer_));
  core_.registry.transact([&](Transaction& tx) {
    tx.ai_controls().put(
        {.ownership_id = ownership_, .choice = {"26", "26", true, true}, .next_forecast = at("17:05:00")});
    end_ownership(tx, core_.alarms, *tx.gateways().owned(kGateway), {"operator", ""});
  });
  EXPECT_EQ(state(sent), "cancelled");
  EXPECT_EQ(state(queued), "cancelled");
  EXPECT_FALSE(core_.ai_duty.next_due());
  answer(command.correlation_id);
  EXPECT_EQ(state(sent), "cancelled") << "what comes afterwards is nobody's";
  EXPECT_FALSE(settings_.show(former_owner, kGateway));
}

TEST_F(SettingTest, A_ChangeAtTheDeviceIsFoundByTheNextRead_SET07) {
  read_now();
  change_at_device("operatingMode", "standby");
  read_now();
  EXPECT_THAT(history(hanako()), ElementsAre("本体操作: 運転モード グリーンモード → 待機, 完了"));
}

TEST_F(SettingTest, A_GatewayThatTellsOfAChangeIsRead_SET07) {
  read_now();
  const auto tell = [&](std::uint64_t revision) {
    core_.registry.transact([&](Transaction& tx) { core_.setting_exchange.changed_at_device(tx, kGateway, revision); });
  };
  tell(revision_);
  EXPECT_THAT(hand_over(), IsEmpty()) << "that revision is known";
  change_at_device("socChargeMode", "80");
  tell(revision_);
  ASSERT_THAT(execute(), SizeIs(1));
  EXPECT_THAT(history(hanako()), ElementsAre("本体操作: 充電上限 100 % → 80 %, 完了"));
}

TEST_F(SettingTest, A_WriteThatMissesTheDevicesRevisionSaysReadAgain_SET03) {
  read_now();
  const auto id = ask(hanako(), {{"operatingMode", "standby"}})->request_id;
  const auto command = hand_over().at(0);
  change_at_device("operatingMode", "economy");
  answer(command.correlation_id, Status::refused, "the settings have revision 2 by now, expected 1");
  EXPECT_EQ(result_text(request(id)), "設定が変更されています。現在値を取得し直してください。");
  ASSERT_THAT(execute(), SizeIs(1)) << "what they are now is read";
  EXPECT_EQ(entered(settings_.show(hanako(), kGateway)->known->values, "operatingMode"), "economy");
}

TEST_F(SettingTest, WhyItWasRefusedIsSaidInWordsAndTheRestIsForRepair_SET06) {
  read_now();
  const auto id = ask(hanako(), {{"operatingMode", "standby"}})->request_id;
  answer(hand_over().at(0).correlation_id, Status::refused, "unit_refused: v2h, Modbus exception 3");
  EXPECT_EQ(result_text(request(id)), "機器が設定を受け付けませんでした。(パワーコンディショナが拒否しました)");
  EXPECT_EQ(refusal_detail(request(id).reason), "v2h, Modbus exception 3");
}

TEST(RefusalText, ReasonsOfOtherGatewaysAreShownAsTheyCame) {
  EXPECT_EQ(refusal_text("no way"), "no way");
  EXPECT_EQ(refusal_detail("no way"), "");
  EXPECT_EQ(refusal_text("busy"), "busy") << "a code without a detail is none";
  EXPECT_EQ(refusal_text(""), "理由の通知がありません");
}

TEST_F(SettingTest, NamesInTheHistoryDependOnWhoLooks_DEAL18) {
  const int other = add_dealer("販売店4002");
  link(ownership_, other);
  read_now();
  ask(hanako(), {{"socChargeMode", "90"}}).value();
  execute();
  clock_.advance_to(at("12:00:10"));
  ask(dealer(dealer_), {{"socChargeMode", "80"}}).value();
  execute();
  EXPECT_THAT(history(hanako()),
              ElementsAre("販売店4001(4001): 充電上限 90 % → 80 %, 完了", "お客様: 充電上限 100 % → 90 %, 完了"));
  EXPECT_THAT(history(dealer(dealer_)),
              ElementsAre("販売店4001(4001): 充電上限 90 % → 80 %, 完了", "お客様: 充電上限 100 % → 90 %, 完了"));
  EXPECT_THAT(history(dealer(other)),
              ElementsAre("他の販売店様: 充電上限 90 % → 80 %, 完了", "お客様: 充電上限 100 % → 90 %, 完了"));
}

TEST_F(SettingTest, StrangersSeeNeitherSettingsNorRequests) {
  const auto id = ask_read(hanako());
  const auto stranger = dealer(add_dealer("販売店4002"));
  EXPECT_FALSE(settings_.show(stranger, kGateway));
  EXPECT_FALSE(settings_.find(stranger, id));
  EXPECT_EQ(settings_.read(stranger, kGateway).error().code, "not_found");
  EXPECT_EQ(ask(stranger, {{"operatingMode", "standby"}}).error().code, "not_found");
  EXPECT_THAT(history(stranger), IsEmpty());
}

TEST_F(SettingTest, AnAnswerOfAnotherGatewayCountsForNothing) {
  const auto id = ask_read(hanako());
  hand_over();
  core_.registry.transact([&](Transaction& tx) {
    core_.setting_exchange.answer(tx, {.gateway_id = "01AB12345679", .correlation_id = static_cast<std::uint64_t>(id)});
  });
  EXPECT_EQ(state(id), "sent");
}

TEST_F(SettingTest, TheHistoryIsKeptForTwoYears_SET07) {
  read_now();
  ask(hanako(), {{"socChargeMode", "90"}}).value();
  execute();
  clock_.advance_to(at("12:00:00") + days(730));
  core_.retention_duty.run(clock_.now());
  EXPECT_THAT(history(hanako()), SizeIs(1));
  clock_.advance_to(at("12:00:00") + days(731));
  core_.retention_duty.run(clock_.now());
  EXPECT_THAT(history(hanako()), IsEmpty());
}

}  // namespace
}  // namespace v2x::service
