// Mails over a real socket: every cause gives one accepted message, whatever the server and the process do.
#include <gmock/gmock.h>

#include "backend/service/outbox_duty.hpp"
#include "backend/store/registry_sqlite.hpp"
#include "common/failpoint.hpp"
#include "tests/backend/mail/smtp_sink.hpp"
#include "tests/backend/service_fixture.hpp"

namespace v2x::mail {
namespace {

using service::DueMail;
using service::OutboxDuty;
using service::OutboxMail;
using service::Transaction;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using test::at;
using test::kGateway;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class OutboxTest : public test::ServiceFixture {
 protected:
  void TearDown() override { failpoint::clear(); }

  OutboxMail mail() {
    OutboxMail mail{.kind = "M-01", .cause = "registration/1", .to = "hanako@example.jp"};
    mail.fields = {{"name", "御室 花子"}, {"token", "T0KEN"}, {"date", "2026 年 4 月 8 日"}};
    return mail;
  }
  std::optional<std::int64_t> enqueue(const OutboxMail& given) {
    return core_.registry.transact([&](Transaction& transaction) { return transaction.outbox().enqueue(given); });
  }
  /// Runs what is due until `t`; gives the instants of the runs.
  std::vector<Time> run_until(Time t) {
    std::vector<Time> runs;
    for (auto due = duty_.next_due(); due && *due <= t; due = duty_.next_due()) {
      clock_.advance_to(*due);
      duty_.run(clock_.now());
      runs.push_back(clock_.now());
    }
    clock_.advance_to(t);
    return runs;
  }

  test::SmtpSink sink_;
  SmtpTransport transport_{{sink_.server(), std::chrono::milliseconds(20'000)}};
  OutboxDuty duty_{core_.registry, transport_};
};

std::string message_id_of(const std::string& message) {
  const auto at = message.find("Message-Id: ");
  return at == std::string::npos ? "" : message.substr(at, message.find("\r\n", at) - at);
}

TEST_F(OutboxTest, OneCauseIsOneMail) {
  EXPECT_TRUE(enqueue(mail()));
  EXPECT_FALSE(enqueue(mail()));
  OutboxMail other_case = mail();
  other_case.to = "Hanako@Example.JP";
  EXPECT_FALSE(enqueue(other_case));
  run_until(at("12:00:00"));
  EXPECT_EQ(sink_.messages().size(), 1u);
  EXPECT_THAT(trail(), ElementsAre("M-01 queued hanako@example.jp", "M-01 duplicate hanako@example.jp",
                                   "M-01 duplicate Hanako@Example.JP", "M-01 sent hanako@example.jp"));
}

TEST_F(OutboxTest, TheMessageHasItsHeaders) {
  enqueue(mail());
  run_until(at("12:00:00"));
  ASSERT_EQ(sink_.messages().size(), 1u);
  EXPECT_THAT(sink_.messages()[0],
              AllOf(HasSubstr("From: no-reply@kp-net.com\r\n"), HasSubstr("To: hanako@example.jp\r\n"),
                    HasSubstr("Date: Wed, 01 Apr 2026 12:00:00 +0900\r\n"),
                    HasSubstr("Message-Id: <1.M-01@kp-net.com>\r\n"), HasSubstr("Auto-Submitted: auto-generated\r\n"),
                    HasSubstr("Subject: =?"), HasSubstr("Content-Type: text/plain; charset=utf-8")));
  EXPECT_THAT(sink_.recipients(), ElementsAre("RCPT TO:<hanako@example.jp>"));
}

TEST_F(OutboxTest, A_RolledBackCauseIsNoMail) {
  struct Refused {};
  EXPECT_THROW(core_.registry.transact([&](Transaction& transaction) {
    transaction.outbox().enqueue(mail());
    throw Refused{};
  }),
               Refused);
  const Status failed = core_.registry.transact([&](Transaction& transaction) -> Status {
    transaction.outbox().enqueue(mail());
    return fail("no", "the act failed");
  });
  EXPECT_FALSE(failed);
  EXPECT_EQ(duty_.next_due(), std::nullopt);
}

TEST_F(OutboxTest, A_TemporaryRefusalIsTriedAgainByTheTable) {
  sink_.script({"451 later", "451 later", "451 later", "451 later", "451 later", "451 later", "451 later", "250 ok"});
  enqueue(mail());
  const Time t = at("12:00:00");
  EXPECT_THAT(run_until(t + hours(24)), ElementsAre(t, t + minutes(1), t + minutes(3), t + minutes(8), t + minutes(23),
                                                    t + minutes(53), t + minutes(113), t + minutes(173)));
  EXPECT_EQ(decisions().back().decision, "sent");
  for (const auto& message : sink_.messages()) EXPECT_EQ(message_id_of(message), "Message-Id: <1.M-01@kp-net.com>");
}

TEST_F(OutboxTest, AfterADayItIsGivenUp) {
  sink_.script(std::deque<std::string>(100, "451 later"));
  enqueue(mail());
  const auto runs = run_until(at("12:00:00") + hours(48));
  EXPECT_LE(runs.back(), at("12:00:00") + hours(24));
  EXPECT_GT(runs.back(), at("12:00:00") + hours(22));
  EXPECT_EQ(decisions().back().decision, "failed");
}

TEST_F(OutboxTest, A_PermanentRefusalIsFinal) {
  sink_.script({"550 no such user"});
  enqueue(mail());
  run_until(at("12:00:00") + hours(24));
  EXPECT_EQ(sink_.messages().size(), 1u);
  EXPECT_EQ(decisions().back().decision, "failed");
  EXPECT_EQ(decisions().back().reply, "550 no such user");
}

TEST_F(OutboxTest, A_ServerThatHangsUpIsTriedAgain) {
  sink_.script({"hang up"});
  enqueue(mail());
  run_until(at("12:01:00"));
  EXPECT_EQ(decisions().back().decision, "sent");
}

TEST_F(OutboxTest, AnAbsentServerIsTriedAgain) {
  SmtpTransport nowhere({"127.0.0.1:1", std::chrono::milliseconds(1000)});
  OutboxDuty duty(core_.registry, nowhere);
  enqueue(mail());
  duty.run(clock_.now());
  EXPECT_EQ(decisions().back().decision, "deferred");
  EXPECT_EQ(duty.next_due(), at("12:01:00"));
}

TEST_F(OutboxTest, A_MailWhoseUrlDiedIsNotSent) {
  sink_.script({"451 later", "451 later"});
  OutboxMail dying = mail();
  dying.expires = at("12:02:00");
  enqueue(dying);
  run_until(at("12:30:00"));
  EXPECT_EQ(sink_.messages().size(), 2u);
  EXPECT_EQ(decisions().back().decision, "expired");
  EXPECT_EQ(decisions().back().time, at("12:02:00"));
}

TEST_F(OutboxTest, FailingBeforeTheServerLosesNothing) {
  ASSERT_TRUE(failpoint::arm("outbox.before_smtp", failpoint::Action::error, 1));
  enqueue(mail());
  run_until(at("12:01:00"));
  EXPECT_EQ(sink_.messages().size(), 1u);
}

TEST_F(OutboxTest, FailingAfterTheServerRepeatsTheSameMessage) {
  ASSERT_TRUE(failpoint::arm("outbox.after_smtp", failpoint::Action::error, 1));
  enqueue(mail());
  run_until(at("12:01:00"));
  ASSERT_EQ(sink_.messages().size(), 2u);
  EXPECT_EQ(message_id_of(sink_.messages()[0]), message_id_of(sink_.messages()[1]));
}

TEST_F(OutboxTest, A_RowThatADeadProcessLeftIsSentByTheNext) {
  enqueue(mail());
  store::RegistrySqlite next({options(scratch_).registry_file(), store::Durability::normal, resource("migrations")},
                             clock_, core_.texts);
  OutboxDuty duty(next, transport_);
  duty.run(clock_.now());
  EXPECT_EQ(sink_.messages().size(), 1u);
}

TEST_F(OutboxTest, WhoeverLostTheLinkMeanwhileGetsNothing) {
  set_up_linked_home();
  OutboxMail alarm{.kind = "M-32", .cause = "x", .to = "former@example.jp"};
  alarm.gateway_id = kGateway;
  alarm.ownership_id = ownership_;
  alarm.fields = {{"gw", kGateway}, {"site", "s"}, {"minutes", "30"}, {"last_seen", "t"}, {"name", "n"}};
  enqueue(alarm);
  run_until(at("12:00:00"));
  EXPECT_TRUE(sink_.messages().empty());
  EXPECT_EQ(decisions().back().decision, "unlinked");
}

class AlarmMailTest : public OutboxTest {
 protected:
  void SetUp() override {
    OutboxTest::SetUp();
    set_up_linked_home();
  }
  OutboxMail alarm(const std::string& to, const std::string& cause = "x") {
    OutboxMail mail{.kind = "M-32", .cause = cause, .to = to};
    mail.gateway_id = kGateway;
    mail.ownership_id = ownership_;
    mail.recipient = "contact 1";
    mail.fields = {{"gw", kGateway}, {"site", "s"}, {"minutes", "30"}, {"last_seen", "t"}, {"name", "n"}};
    return mail;
  }
  void change_contact(const std::function<void(service::Contact&)>& change) {
    core_.registry.transact([&](Transaction& transaction) {
      auto contact = transaction.contacts().of_dealer(dealer_).at(0);
      change(contact);
      transaction.contacts().update(contact);
    });
  }
  service::Contact contact() {
    return core_.registry.read(
        [&](Transaction& transaction) { return transaction.contacts().of_dealer(dealer_).at(0); });
  }
};

TEST_F(AlarmMailTest, WhoeverOptedOutMeanwhileGetsNothing) {
  enqueue(alarm("contact1@example.jp"));
  change_contact([](service::Contact& contact) { contact.notify_offline = false; });
  run_until(at("12:00:00"));
  EXPECT_TRUE(sink_.messages().empty());
  EXPECT_EQ(decisions().back().decision, "opted_out");
}

TEST_F(AlarmMailTest, WhoeverIsNoLongerConfirmedGetsNothing) {
  enqueue(alarm("Contact1@example.jp"));
  change_contact([](service::Contact& contact) { contact.state = service::ContactState::pending; });
  run_until(at("12:00:00"));
  EXPECT_TRUE(sink_.messages().empty());
  EXPECT_EQ(decisions().back().decision, "unverified");
}

TEST_F(AlarmMailTest, NewsOfAnEarlierOwnershipIsDropped) {
  enqueue(alarm("contact1@example.jp"));
  core_.registry.transact([&](Transaction& transaction) { transaction.gateways().release(ownership_); });
  run_until(at("12:00:00"));
  EXPECT_TRUE(sink_.messages().empty());
  EXPECT_EQ(decisions().back().decision, "released");
}

TEST_F(AlarmMailTest, ThreeFailuresInARowMakeAContactUndeliverable) {
  sink_.script({"550 no", "550 no", "250 ok", "550 no", "550 no", "550 no"});
  for (int i = 0; i < 5; ++i) {
    enqueue(alarm("contact1@example.jp", "cause " + std::to_string(i)));
    run_until(clock_.now());
  }
  EXPECT_EQ(contact().state, service::ContactState::verified) << "a mail that arrived begins the count anew";
  enqueue(alarm("contact1@example.jp", "cause 5"));
  run_until(clock_.now());
  EXPECT_EQ(contact().state, service::ContactState::undeliverable);
  enqueue(alarm("contact1@example.jp", "cause 6"));
  run_until(clock_.now());
  EXPECT_EQ(decisions().back().decision, "unverified");
  EXPECT_EQ(sink_.messages().size(), 6u) << "undeliverable: nothing more is tried";
}

TEST_F(AlarmMailTest, OutagesOfTheServerBlameNoContact) {
  sink_.script(std::deque<std::string>(1000, "451 later"));  // more than four mails are tried in 24 h
  for (int i = 0; i < 4; ++i) enqueue(alarm("contact1@example.jp", "cause " + std::to_string(i)));
  run_until(at("12:00:00") + hours(48));
  EXPECT_EQ(decisions().back().decision, "failed");
  EXPECT_EQ(contact().state, service::ContactState::verified);
}

TEST_F(AlarmMailTest, RecoveryEndsAsItsAlarmMailDid) {
  sink_.script({"550 no"});
  OutboxMail recovery = alarm("contact1@example.jp");
  recovery.kind = "M-33";
  recovery.after_id = enqueue(alarm("contact1@example.jp"));
  recovery.fields.insert({{"raised", "t"}, {"cleared", "t"}});
  enqueue(recovery);
  run_until(at("12:00:00"));
  EXPECT_EQ(sink_.messages().size(), 1u);
  EXPECT_EQ(trail().back(), "M-33 failed contact1@example.jp");
}

TEST_F(OutboxTest, ForgettingAnAccountLeavesOthersWithTheSameAddress) {
  OutboxMail customers = mail(), dealers = mail();
  customers.recipient = "account 1";
  dealers.cause = "registration/2";
  dealers.recipient = "account 2";
  enqueue(customers);
  run_until(at("12:00:00"));
  enqueue(dealers);
  OutboxMail last = mail();
  last.cause = "release";
  last.recipient = "account 1";
  enqueue(last);
  core_.registry.transact([](Transaction& transaction) { transaction.outbox().forget("account 1"); });
  EXPECT_THAT(trail(), ElementsAre("M-01 queued account 1", "M-01 sent account 1", "M-01 queued hanako@example.jp",
                                   "M-01 queued account 1"));
  run_until(at("12:00:00"));
  EXPECT_EQ(sink_.recipients().size(), 3u) << "what was still to be sent is sent";
  EXPECT_THAT(sink_.recipients(), ::testing::Each("RCPT TO:<hanako@example.jp>"));
  EXPECT_THAT(trail(), ElementsAre("M-01 queued account 1", "M-01 sent account 1", "M-01 queued hanako@example.jp",
                                   "M-01 queued account 1", "M-01 sent hanako@example.jp", "M-01 sent account 1"));
}

TEST_F(OutboxTest, ErrorsAtTheCommitRepeatTheSameMessage) {
  ASSERT_TRUE(failpoint::arm("outbox.before_commit", failpoint::Action::error, 1));
  enqueue(mail());
  EXPECT_THROW(run_until(at("12:00:00")), service::StoreError);
  run_until(at("12:00:00"));
  ASSERT_EQ(sink_.messages().size(), 2u);
  EXPECT_EQ(message_id_of(sink_.messages()[0]), message_id_of(sink_.messages()[1]));
}

TEST_F(OutboxTest, A_MailThatBreaksOffIsSentAgain) {
  ASSERT_TRUE(failpoint::arm("smtp.in_data", failpoint::Action::error, 1));
  enqueue(mail());
  run_until(at("12:01:00"));
  EXPECT_EQ(sink_.messages().size(), 1u);
  EXPECT_EQ(decisions().back().decision, "sent");
}

TEST_F(OutboxTest, WhatIsPutInCannotMakeHeadersOrLines) {
  OutboxMail evil = mail();
  evil.fields["name"] = "御室\r\nBcc: all@example.jp\r\n 花子";
  enqueue(evil);
  const auto due =
      core_.registry.read([&](Transaction& transaction) { return transaction.outbox().due(clock_.now(), 1); });
  EXPECT_THAT(due.at(0).body, HasSubstr("御室Bcc: all@example.jp 花子 様\n"));
}

}  // namespace
}  // namespace v2x::mail
