// Mails over a real socket: every cause gives one accepted message, whatever the server and the process do.
#include <gmock/gmock.h>

#include "backend/service/outbox_duty.hpp"
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
  alarm.fields = {{"gw", kGateway}, {"site", "s"}, {"minutes", "30"}, {"last_seen", "t"}, {"name", "n"}};
  enqueue(alarm);
  run_until(at("12:00:00"));
  EXPECT_TRUE(sink_.messages().empty());
  EXPECT_EQ(decisions().back().decision, "unlinked");
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
