// Two processes send from one outbox: each mail leaves once, and none is lost with a process that dies over it.
#include <gmock/gmock.h>

#include <map>
#include <mutex>
#include <thread>

#include "backend/service/mail_texts.hpp"
#include "backend/service/outbox_duty.hpp"
#include "backend/service/ports/outbox.hpp"
#include "backend/store/open.hpp"
#include "common/jst.hpp"
#include "common/resources.hpp"
#include "common/scratch_directory.hpp"
#include "tests/backend/test_store.hpp"

namespace v2x::test {
namespace {

using service::OutboxDuty;
using service::Transaction;
using std::chrono::minutes;
using ::testing::Each;
using ::testing::Pair;
using ::testing::SizeIs;

constexpr int kMails = 40;
constexpr Duration kLease = minutes(2);
const Time kStart = parse_time("2026-04-01T12:00:00+09:00").value();

struct NoTexts final : service::MailTexts {
  service::MailText render(const service::OutboxMail&) const override { return {"subject", "body"}; }
};

/// A mail server that both processes know.
class Server final : public service::MailTransport {
 public:
  service::HandoverResult send(const service::DueMail& mail, Time) override {
    const std::lock_guard lock(mutex_);
    ++times_[mail.message_id];
    return {service::Handover::accepted, "250 ok"};
  }
  const std::map<std::string, int>& times() const { return times_; }

 private:
  std::mutex mutex_;  // guards times_
  std::map<std::string, int> times_;
};

class SharedOutbox : public ::testing::Test {
 protected:
  std::unique_ptr<service::Registry> open() {
    return store::open_registry(
        {store::parse_store_url(registry_url(scratch_)), store::Durability::normal, resource("migrations")}, clock_,
        texts_);
  }
  void enqueue(int count) {
    one_->transact([&](Transaction& tx) {
      for (int i = 0; i < count; ++i)
        tx.outbox().enqueue({.kind = "M-30", .cause = "fault " + std::to_string(i), .to = "a@example.jp"});
    });
  }

  ScratchDirectory scratch_;
  SteppedClock clock_{kStart};
  NoTexts texts_;
  Server server_;
  std::unique_ptr<service::Registry> one_ = open(), other_ = open();
};

TEST_F(SharedOutbox, OneFaultIsOneMailWithTwoProcesses) {
  enqueue(kMails);
  OutboxDuty first(*one_, server_, kLease), second(*other_, server_, kLease);
  std::thread beside([&] { second.run(clock_.now()); });
  first.run(clock_.now());
  beside.join();
  EXPECT_THAT(server_.times(), SizeIs(kMails));
  EXPECT_THAT(server_.times(), Each(Pair(::testing::_, 1)));
  EXPECT_EQ(first.next_due(), std::nullopt);
}

TEST_F(SharedOutbox, WhoDiesOverAMailHasNotLostIt) {
  enqueue(1);
  const auto leased =
      one_->transact([&](Transaction& tx) { return tx.outbox().lease(clock_.now(), clock_.now() + kLease, 1); });
  ASSERT_THAT(leased, SizeIs(1));
  OutboxDuty second(*other_, server_, kLease);
  second.run(clock_.now());
  EXPECT_THAT(server_.times(), SizeIs(0)) << "somebody else is sending it";
  EXPECT_EQ(second.next_due(), kStart + kLease);
  clock_.advance_to(kStart + kLease);
  second.run(clock_.now());
  EXPECT_THAT(server_.times(), SizeIs(1));
  EXPECT_EQ(second.next_due(), std::nullopt);
}

}  // namespace
}  // namespace v2x::test
