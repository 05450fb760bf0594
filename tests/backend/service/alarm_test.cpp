#include <gmock/gmock.h>

#include "backend/service/ports/accounts.hpp"
#include "backend/service/ports/alarms.hpp"
#include "backend/service/ports/contacts.hpp"
#include "tests/backend/service_fixture.hpp"

namespace v2x::service {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using test::at;
using test::kGateway;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

class AlarmTest : public test::ServiceFixture {
 protected:
  using ServiceFixture::ServiceFixture;
  void SetUp() override {
    ServiceFixture::SetUp();
    set_up_linked_home();
  }
  void raise(const std::string& code, int unit, Time when) {
    core_.registry.transact([&](Transaction& transaction) {
      core_.alarms.raise(transaction, {kGateway, unit, code, "", when});
    });
  }
  void clear(const std::string& code, int unit, Time when) {
    core_.registry.transact([&](Transaction& transaction) {
      core_.alarms.clear(transaction, {kGateway, unit, code, "", when});
    });
  }
  void raise_now(const std::string& code, int unit = 1) { raise(code, unit, clock_.now()); }
  void clear_now(const std::string& code, int unit = 1) { clear(code, unit, clock_.now()); }
  std::vector<std::string> states() {
    std::vector<std::string> words;
    for (const auto& episode : core_.registry.read(
             [&](Transaction& transaction) { return transaction.alarms().history(kGateway, ownership_, 100, 0); }))
      words.push_back(to_string(episode.state));
    return words;
  }
  std::vector<DueMail> mails(const std::string& kind) {
    std::vector<DueMail> found;
    for (auto& mail :
         core_.registry.read([](Transaction& transaction) { return transaction.outbox().due(at("23:59:59"), 100); }))
      if (mail.kind == kind) found.push_back(mail);
    return found;
  }
  void send_all() {
    core_.registry.transact([&](Transaction& transaction) {
      for (const auto& mail : transaction.outbox().due(clock_.now(), 100))
        transaction.outbox().finish(mail, MailDecision::sent, "250 ok");
    });
  }
};

TEST_F(AlarmTest, A_GridFaultIsMailedAfterTenMinutes) {
  raise_now("E1-1");
  pass_until(at("12:09:59.999999"));
  EXPECT_THAT(trail(), IsEmpty());
  pass_until(at("12:10:00"));
  EXPECT_THAT(trail(), ElementsAre("M-30 queued contact1@example.jp", "M-30 queued contact2@example.jp",
                                   "M-30 opted_out hanako@example.jp"));
}

TEST_F(AlarmTest, A_HardwareFaultIsMailedAtOnce) {
  const auto& all = core_.faults.all();
  const auto hardware = std::find_if(all.begin(), all.end(), [](const auto& fault) {
    return fault.fault_class == contracts::FaultClass::hardware && fault.mail;
  });
  ASSERT_NE(hardware, all.end());
  raise_now(hardware->code);
  pass_until(clock_.now());
  EXPECT_EQ(mails("M-30").size(), 2u);
}

TEST_F(AlarmTest, ClearedBeforeItsHoldIsOverItIsHeld) {
  raise_now("E1-1");
  pass_until(at("12:08:00"));
  clear_now("E1-1");
  pass_until(at("13:00:00"));
  EXPECT_THAT(trail(), ElementsAre("M-30 held_cleared"));
  EXPECT_THAT(states(), ElementsAre("closed"));
}

TEST_F(AlarmTest, RecoveryIsMailedWhenTheFaultStayedAwayForFiveMinutes) {
  raise_now("E1-1");
  pass_until(at("12:20:00"));
  send_all();
  clear_now("E1-1");
  pass_until(at("12:24:59"));
  EXPECT_THAT(states(), ElementsAre("clearing"));
  EXPECT_THAT(mails("M-31"), IsEmpty());
  pass_until(at("12:25:00"));
  EXPECT_THAT(states(), ElementsAre("closed"));
  ASSERT_EQ(mails("M-31").size(), 2u);
  EXPECT_THAT(mails("M-31")[0].body, HasSubstr("発生日時:2026/04/01 12:00  復旧日時:2026/04/01 12:20\n"));
}

TEST_F(AlarmTest, TenFlapsAreOneMailAndOneRecovery) {
  raise_now("E1-1");
  pass_until(at("12:11:00"));
  for (int flap = 0; flap < 10; ++flap) {
    clear_now("E1-1");
    pass_until(clock_.now() + seconds(100));
    raise_now("E1-1");
    pass_until(clock_.now() + minutes(11));
  }
  send_all();
  clear_now("E1-1");
  pass_until(clock_.now() + minutes(6));
  EXPECT_THAT(states(), ElementsAre("closed"));
  EXPECT_THAT(trail(), Not(::testing::Contains(HasSubstr("duplicate"))));
  ASSERT_EQ(mails("M-31").size(), 2u);
  EXPECT_THAT(mails("M-31")[0].body, HasSubstr("繰り返し回数:10"));
}

TEST_F(AlarmTest, A_FaultThatComesBackAfterItWasHeldIsMailedOnce) {
  raise_now("E1-1");
  pass_until(at("12:09:00"));
  clear_now("E1-1");
  pass_until(at("12:11:00"));
  raise_now("E1-1");
  pass_until(at("13:00:00"));
  EXPECT_THAT(trail(), ElementsAre("M-30 held_cleared", "M-30 queued contact1@example.jp",
                                   "M-30 queued contact2@example.jp", "M-30 opted_out hanako@example.jp"));
}

TEST_F(AlarmTest, UnitsThatTripTogetherShareTheirMails) {
  core_.registry.transact([&](Transaction& transaction) {
    transaction.inventory().report_units(kGateway, {{1, "KPV", "PV1", "pv_pcs", ""}, {2, "KPV", "PV2", "pv_pcs", ""}});
  });
  raise_now("E1-1", 1);
  pass_until(at("12:00:40"));
  raise_now("E1-1", 2);
  pass_until(at("12:20:00"));
  ASSERT_EQ(mails("M-30").size(), 2u) << "one for each contact";
  EXPECT_THAT(mails("M-30")[0].body,
              HasSubstr("対象:ユニットNo 1 KPV(PV1)\n対象:ユニットNo 2 KPV(PV2)\n異常コード:E1-1 系統過電圧\n"));
  send_all();
  clear_now("E1-1", 1);
  pass_until(at("12:30:00"));
  EXPECT_THAT(mails("M-31"), IsEmpty()) << "the other unit still stands";
  clear_now("E1-1", 2);
  pass_until(at("12:40:00"));
  ASSERT_EQ(mails("M-31").size(), 2u);
  EXPECT_THAT(mails("M-31")[0].body, HasSubstr("ユニットNo 1 KPV(PV1)\n対象:ユニットNo 2 KPV(PV2)"));
}

TEST_F(AlarmTest, UnitsThatTripAMinuteApartAreMailedApart) {
  raise_now("E1-1", 1);
  pass_until(at("12:01:01"));
  raise_now("E1-1", 2);
  pass_until(at("12:20:00"));
  EXPECT_EQ(mails("M-30").size(), 4u);
}

TEST_F(AlarmTest, TheMailSaysWhatTheCatalogueOfMailsSays) {
  core_.registry.transact([&](Transaction& transaction) {
    transaction.inventory().report_units(kGateway, {{1, "KPV-A55", "9005PV1", "pv_pcs", ""}});
  });
  raise_now("E1-1");
  pass_until(at("12:10:00"));
  ASSERT_EQ(mails("M-30").size(), 2u);
  EXPECT_EQ(mails("M-30")[0].subject, "【異常発生のお知らせ】");
  EXPECT_EQ(mails("M-30")[0].body,
            "販売店4001 御中\n\n"
            "下記のシステムで異常が発生しました。\n"
            "ゲートウェイID:01AB12345678  設置先:御室邸  お客様:御室 花子 様\n"
            "対象:ユニットNo 1 KPV-A55(9005PV1)\n"
            "異常コード:E1-1 系統過電圧\n"
            "発生日時:2026/04/01 12:00\n"
            "http://ctrl/ctrl/faults?gw=01AB12345678\n\n"
            "本メールは送信専用です。ご返信いただいてもお答えできません。\n");
}

TEST_F(AlarmTest, NoticesAreShownAndNotMailed) {
  raise_now("E1-0");
  pass_until(at("13:00:00"));
  EXPECT_THAT(trail(), IsEmpty());
  EXPECT_THAT(states(), ElementsAre("open"));
}

TEST_F(AlarmTest, UnknownCodesAreHeldForAMinute) {
  raise_now("E9-9");
  pass_until(at("12:00:59"));
  EXPECT_THAT(mails("M-30"), IsEmpty());
  pass_until(at("12:01:00"));
  EXPECT_EQ(mails("M-30").size(), 2u);
}

TEST_F(AlarmTest, BackFilledAndClearedCausesNoStorm) {
  raise("E1-1", 1, at("09:00:00"));
  clear("E1-1", 1, at("11:00:00"));
  pass_until(at("13:00:00"));
  EXPECT_THAT(trail(), ElementsAre("M-30 held_cleared"));
}

TEST_F(AlarmTest, BackFilledAndStandingIsMailedWithBothTimes) {
  raise("E1-1", 1, at("09:00:00"));
  pass_until(clock_.now());
  ASSERT_EQ(mails("M-30").size(), 2u);
  EXPECT_THAT(mails("M-30")[0].body, HasSubstr("発生日時:2026/04/01 09:00  受信日時:2026/04/01 12:00\n"));
}

TEST_F(AlarmTest, BackFilledEpisodesKeepTheirOwnTimes) {
  raise("E1-1", 1, at("09:00:00"));
  clear("E1-1", 1, at("09:30:00"));
  raise("E1-1", 1, at("11:00:00"));  // more than 300 s after the clear: not a flap
  pass_until(at("12:00:00"));
  EXPECT_THAT(states(), UnorderedElementsAre("open", "closed"));
  EXPECT_THAT(trail(), ElementsAre("M-30 held_cleared", "M-30 queued contact1@example.jp",
                                   "M-30 queued contact2@example.jp", "M-30 opted_out hanako@example.jp"));
  ASSERT_EQ(mails("M-30").size(), 2u);
  EXPECT_THAT(mails("M-30")[0].body, HasSubstr("発生日時:2026/04/01 11:00"));
}

TEST_F(AlarmTest, A_GatewayWhoseClockIsAheadDelaysNoMail) {
  raise("E1-1", 1, at("18:00:00"));
  pass_until(at("12:10:00"));
  EXPECT_EQ(mails("M-30").size(), 2u);
}

TEST_F(AlarmTest, RaisedMoreThanADayAgoIsTooLate) {
  raise("E1-1", 1, at("12:00:00") - hours(24) - seconds(1));
  pass_until(at("13:00:00"));
  EXPECT_THAT(trail(), ElementsAre("M-30 late"));
}

TEST_F(AlarmTest, WhoMayHearIsFoundWhenTheMailIsDue) {
  raise_now("E1-1");
  pass_until(at("12:05:00"));
  add_contact(dealer_, "late@example.jp");
  add_contact(dealer_, "unverified@example.jp", false);
  add_contact(dealer_, "quiet@example.jp", true, false);
  pass_until(at("12:10:00"));
  EXPECT_THAT(trail(), ElementsAre("M-30 queued contact1@example.jp", "M-30 queued contact2@example.jp",
                                   "M-30 queued late@example.jp", "M-30 unverified unverified@example.jp",
                                   "M-30 opted_out quiet@example.jp", "M-30 opted_out hanako@example.jp"));
}

TEST_F(AlarmTest, WhoeverIsLinkedLaterHearsNothingOfThisEpisode) {
  add_contact(dealer_, "quiet@example.jp", true, false);
  raise_now("E1-1");
  pass_until(at("12:11:00"));
  const int later = add_dealer("販売店4002");
  link(ownership_, later);
  add_contact(later, "later@example.jp");
  clear_now("E1-1");
  pass_until(at("12:12:00"));
  raise_now("E1-1");  // a flap
  pass_until(at("12:40:00"));
  EXPECT_THAT(trail(), Not(::testing::Contains(HasSubstr("later@example.jp"))));
}

TEST_F(AlarmTest, EachDealerWithoutAContactHasARow) {
  link(ownership_, add_dealer("販売店4002"));
  raise_now("E1-1");
  pass_until(at("12:10:00"));
  EXPECT_THAT(trail(), ElementsAre("M-30 queued contact1@example.jp", "M-30 queued contact2@example.jp",
                                   "M-30 no_contact", "M-30 opted_out hanako@example.jp"));
}

TEST_F(AlarmTest, TheOwnerWhoOptedInIsAddressedAsOne) {
  core_.registry.transact([&](Transaction& transaction) {
    auto hanako = *transaction.accounts().of_login(model::AccountKind::customer, "hanako@example.jp");
    hanako.notify_fault = true;
    transaction.accounts().update(hanako);
  });
  raise_now("E1-1");
  pass_until(at("12:10:00"));
  ASSERT_EQ(mails("M-30").size(), 3u);
  EXPECT_THAT(mails("M-30")[2].body, HasSubstr("御室 花子 様\n\n下記のシステムで"));
  EXPECT_THAT(mails("M-30")[2].body, Not(HasSubstr("お客様")));
  EXPECT_THAT(mails("M-30")[2].body, HasSubstr("\n保守を任せている販売店様にご相談ください。\n"));
}

TEST_F(AlarmTest, RecoveryGoesToWhoeverGotTheAlarmAndStillListens) {
  raise_now("E1-1");
  pass_until(at("12:11:00"));
  send_all();
  core_.registry.transact([&](Transaction& transaction) {
    auto contact = transaction.contacts().of_dealer(dealer_).at(0);
    contact.notify_fault = false;
    transaction.contacts().update(contact);
  });
  add_contact(dealer_, "new@example.jp");
  clear_now("E1-1");
  pass_until(at("12:20:00"));
  EXPECT_THAT(trail(), ::testing::Contains("M-31 opted_out contact1@example.jp"));
  ASSERT_EQ(mails("M-31").size(), 1u);
  EXPECT_EQ(mails("M-31")[0].to, "contact2@example.jp");
}

TEST_F(AlarmTest, OneAddressOfTwoDealersGetsOneMail) {
  const int other = add_dealer("販売店4002");
  link(ownership_, other);
  add_contact(other, "Contact1@Example.jp");
  raise_now("E1-1");
  pass_until(at("12:10:00"));
  EXPECT_THAT(trail(), ElementsAre("M-30 queued contact1@example.jp", "M-30 queued contact2@example.jp",
                                   "M-30 duplicate Contact1@Example.jp", "M-30 opted_out hanako@example.jp"));
}

TEST_F(AlarmTest, ReleasedEpisodesCloseWithoutMail) {
  raise_now("E1-1");
  core_.registry.transact([&](Transaction& transaction) { core_.alarms.release(transaction, ownership_); });
  pass_until(at("13:00:00"));
  EXPECT_THAT(trail(), ElementsAre("M-30 released"));
  EXPECT_THAT(states(), ElementsAre("closed"));
}

TEST_F(AlarmTest, A_ClearWithoutARaiseIsNothing) {
  clear_now("E1-1");
  EXPECT_THAT(states(), IsEmpty());
}

TEST_F(AlarmTest, RecoveryWaitsForItsAlarmMail) {
  raise_now("E1-1");
  pass_until(at("12:10:00"));  // queued, not sent
  clear_now("E1-1");
  pass_until(at("12:20:00"));
  EXPECT_THAT(mails("M-31"), IsEmpty()) << "queued, but not due before its alarm mail";
  send_all();
  EXPECT_EQ(mails("M-31").size(), 2u);
}

class UnlinkedAlarmTest : public AlarmTest {
 protected:
  void SetUp() override {
    ServiceFixture::SetUp();
    import_gateway();
  }
};

TEST_F(UnlinkedAlarmTest, WithoutAnOwnerNobodyIsTold) {
  raise_now("E1-1");
  pass_until(at("12:10:00"));
  EXPECT_THAT(trail(), ElementsAre("M-30 no_owner"));
}

TEST_F(UnlinkedAlarmTest, TheFirstOwnerSeesWhatStandsAndWhenItGoes) {
  raise_now("E1-1");
  pass_until(at("12:20:00"));
  ownership_ = claim();
  EXPECT_THAT(states(), ElementsAre("open"));
  clear_now("E1-1");
  pass_until(at("12:30:00"));
  EXPECT_THAT(states(), ElementsAre("closed"));
  EXPECT_THAT(trail(), ElementsAre("M-30 no_owner"));
}

TEST_F(UnlinkedAlarmTest, WithoutALinkEachWhoIsNotToldHasARow) {
  claim();
  raise_now("E1-1");
  pass_until(at("12:10:00"));
  EXPECT_THAT(trail(), ElementsAre("M-30 unlinked", "M-30 opted_out hanako@example.jp"));
}

TEST_F(UnlinkedAlarmTest, WithoutAContactEachWhoIsNotToldHasARow) {
  link(claim(), add_dealer("販売店4001"));
  raise_now("E1-1");
  pass_until(at("12:10:00"));
  EXPECT_THAT(trail(), ElementsAre("M-30 no_contact", "M-30 opted_out hanako@example.jp"));
}

class OfflineTest : public AlarmTest {
 protected:
  using AlarmTest::AlarmTest;
  void SetUp() override {
    AlarmTest::SetUp();
    duties_.changed();
    core_.offline_duty.came_up(at("12:00:00"));
  }
  void hear(Time t) {
    core_.registry.transact([&](Transaction& transaction) { transaction.inventory().seen({{kGateway, t}}); });
  }
};

TEST_F(OfflineTest, SilenceIsFoundAfterThirtyMinutes) {
  hear(at("12:05:00"));
  EXPECT_EQ(core_.offline_duty.next_due(), at("12:35:00"));
  clock_.advance_to(at("12:35:00"));
  core_.offline_duty.run(clock_.now());
  pass_until(clock_.now());
  EXPECT_THAT(trail(), ElementsAre("M-32 queued contact1@example.jp", "M-32 opted_out contact2@example.jp",
                                   "M-32 opted_out hanako@example.jp"));
  EXPECT_THAT(mails("M-32")[0].body, HasSubstr("通信が 30 分以上途絶えています"));
  EXPECT_THAT(mails("M-32")[0].body, HasSubstr("最終通信日時:2026/04/01 12:05\n"));
  EXPECT_EQ(core_.offline_duty.next_due(), std::nullopt) << "known to be silent";
}

TEST_F(OfflineTest, SilenceCountsFromWhenGatewaysCouldBeHeard) {
  hear(at("12:00:00"));
  core_.offline_duty.came_up(at("12:20:00"));
  EXPECT_EQ(core_.offline_duty.next_due(), at("12:50:00"));
}

TEST_F(OfflineTest, SilenceFromBeforeTheClaimCountsFromTheClaim) {
  hear(at("12:05:00"));
  core_.registry.transact([&](Transaction& transaction) { transaction.gateways().release(ownership_); });
  clock_.advance_to(at("14:00:00"));
  const std::int64_t taro = claim("taro@example.jp");
  EXPECT_EQ(core_.offline_duty.next_due(), at("14:30:00"));
  core_.offline_duty.run(clock_.now());
  const auto standing = [&] {
    return core_.registry.read(
        [&](Transaction& transaction) { return transaction.alarms().standing(kGateway, taro).size(); });
  };
  EXPECT_EQ(standing(), 0u) << "nobody owned it while it was silent";
  clock_.advance_to(at("14:30:00"));
  core_.offline_duty.run(clock_.now());
  EXPECT_EQ(standing(), 1u);
}

TEST_F(OfflineTest, AClaimIsNoReport) {
  core_.registry.transact([&](Transaction& transaction) { transaction.gateways().release(ownership_); });
  claim("taro@example.jp");
  EXPECT_EQ(core_.offline_duty.next_due(), std::nullopt) << "it has never reported";
}

TEST_F(OfflineTest, GatewaysThatNeverReportedAreNotSilent) {
  EXPECT_EQ(core_.offline_duty.next_due(), std::nullopt);
}

class ShortSilenceTest : public OfflineTest {
 protected:
  ShortSilenceTest() : OfflineTest([](app::BackendOptions& options) { options.offline_after_min = 5; }) {}
};

TEST_F(ShortSilenceTest, TheSettingHoldsForTimerAndText) {
  hear(at("12:01:00"));
  EXPECT_EQ(core_.offline_duty.next_due(), at("12:06:00"));
  clock_.advance_to(at("12:06:00"));
  core_.offline_duty.run(clock_.now());
  pass_until(clock_.now());
  ASSERT_EQ(mails("M-32").size(), 1u);
  EXPECT_THAT(mails("M-32")[0].body, HasSubstr("通信が 5 分以上途絶えています"));
}

}  // namespace
}  // namespace v2x::service
