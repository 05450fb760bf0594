#include "backend/ingest/delivery.hpp"

#include <gmock/gmock.h>

#include "backend/service/ports/alarms.hpp"
#include "backend/service/ports/marks.hpp"
#include "backend/service/ports/setting_requests.hpp"
#include "common/failpoint.hpp"
#include "tests/backend/ingest/frames.hpp"
#include "tests/backend/service_fixture.hpp"

namespace v2x::ingest {
namespace {

using test::at;
using test::batch_of;
using test::dropped;
using test::fault;
using test::hello;
using test::kGateway;
using test::kStream;
using test::up;
using ::testing::ElementsAre;

constexpr auto kRaised = telemetry::EVENT_KIND_FAULT_RAISED;

class DeliveryTest : public test::ServiceFixture {
 protected:
  void SetUp() override {
    ServiceFixture::SetUp();
    import_gateway();
    ownership_ = claim();
  }
  void TearDown() override { failpoint::clear(); }

  PeerFrame frame(const std::string& data, const std::string& connection = "A") {
    return {connection, user_id_of(kGateway, keys_.public_key), data};
  }
  /// The answers, as "connection: word".
  std::vector<std::string> take(const std::vector<PeerFrame>& frames) {
    answers_.clear();
    const std::uint64_t sent = delivery_.take(frames);
    EXPECT_EQ(sent, answers_.size());
    return answers_;
  }
  std::vector<std::string> take(const std::string& data) { return take({frame(data)}); }
  service::StreamLedger ledger() { return core_.telemetry.ledger(kGateway).at(0); }
  size_t episodes() {
    return core_.registry.read([&](service::Transaction& transaction) {
      return transaction.alarms().history(kGateway, ownership_, 100, 0).size();
    });
  }

  std::vector<std::string> answers_;
  Counters counters_;
  Delivery delivery_{core_.registry,
                     core_.telemetry,
                     core_.alarms,
                     core_.commands,
                     counters_,
                     [this](const std::string& to, const std::string& data) {
                       answers_.push_back(to + ": " + test::word_of(data));
                       return true;
                     }};
};

TEST_F(DeliveryTest, EveryFrameIsAnswered) {
  EXPECT_THAT(take(hello()), ElementsAre("A: welcome 0"));
  EXPECT_THAT(take(up(batch_of(1, 3))), ElementsAre("A: ack 3"));
  EXPECT_THAT(take(up(batch_of(1, 3))), ElementsAre("A: ack 3")) << "a repetition";
  EXPECT_THAT(take(up(batch_of(6, 1))), ElementsAre("A: gap 4")) << "a hole";
  EXPECT_THAT(take(up(dropped(4, 5))), ElementsAre("A: ack 5"));
  EXPECT_THAT(take(up(batch_of(6, 1))), ElementsAre("A: ack 6"));
  EXPECT_THAT(take(hello()), ElementsAre("A: welcome 6"));
  EXPECT_THAT(take("no message at all"), ElementsAre("A: refused frame"));
  EXPECT_THAT(take(""), ElementsAre("A: refused frame")) << "over-long frames come empty";
  EXPECT_THAT(take(hello(2)), ElementsAre("A: refused frame")) << "unknown version";
  EXPECT_THAT(take(up(batch_of(0, 1))), ElementsAre("A: refused frame"));
  EXPECT_THAT(take(up(batch_of(7, 513))), ElementsAre("A: refused frame"));
}

TEST_F(DeliveryTest, TheLedgerCountsWhatIsThere) {
  take(up(batch_of(1, 3)));
  take(up(batch_of(2, 3)));
  take(up(dropped(5, 9)));
  take(up(fault(10, kRaised, "E1-1", at("11:59:00"))));
  telemetry::Batch bad = batch_of(11, 2);
  bad.mutable_records(0)->clear_sample();
  EXPECT_THAT(take(up(bad)), ElementsAre("A: refused 11", "A: ack 12"));
  const auto found = ledger();
  EXPECT_EQ(found.mark, 12u);
  EXPECT_EQ(found.stored, 6u) << "samples 1 to 4 and 12, the event 10";
  EXPECT_EQ(found.dropped, 5u);
  EXPECT_EQ(found.put_aside, 1u);
  EXPECT_EQ(found.missing, 0u);
  EXPECT_EQ(found.doubled, 0u);
}

TEST_F(DeliveryTest, FramesOfOneGroupAreTakenInOrderOfTheirNumbers) {
  EXPECT_THAT(take({frame(up(batch_of(4, 2))), frame(up(batch_of(1, 3)))}), ElementsAre("A: ack 3", "A: ack 5"));
}

TEST_F(DeliveryTest, TheNewestHelloGetsTheReplies) {
  take({frame(hello(), "old")});
  EXPECT_THAT(take({frame(hello(), "new")}), ElementsAre("new: welcome 0"));
  EXPECT_THAT(take({frame(up(batch_of(1, 1)), "old")}), ElementsAre("new: ack 1"));
}

TEST_F(DeliveryTest, HelloTellsTheInventoryAndTheFirstContact) {
  take(hello());
  const auto device =
      core_.registry.read([](service::Transaction& transaction) { return transaction.inventory().find(kGateway); });
  ASSERT_TRUE(device);
  EXPECT_EQ(device->report.model, "GW-M001");
  ASSERT_EQ(device->report.units.size(), 1u);
  EXPECT_EQ(device->report.units[0].kind, "pv_pcs");
  EXPECT_EQ(device->first_seen, at("12:00:00"));
}

TEST_F(DeliveryTest, A_RevokedKeyGetsNothingAndLeavesNothing) {
  core_.registry.transact([&](service::Transaction& transaction) {
    ASSERT_TRUE(transaction.inventory().revoke_key(keys_.public_key, transaction.now()));
  });
  EXPECT_THAT(take({frame(hello()), frame(up(batch_of(1, 1)))}), ElementsAre());
  EXPECT_TRUE(core_.telemetry.ledger(kGateway).empty());
}

TEST_F(DeliveryTest, AnEventRaisesItsAlarmOnceHoweverOftenItIsSent) {
  const std::string raised = up(fault(1, kRaised, "E1-1", at("11:59:00")));
  take(raised);
  take(raised);
  EXPECT_EQ(episodes(), 1u);
}

TEST_F(DeliveryTest, A_CrashBetweenTheTwoCommitsIsRepairedByResending) {
  ASSERT_TRUE(failpoint::arm("ingest.after_registry_commit", failpoint::Action::error, 1));
  const std::string raised = up(fault(1, kRaised, "E1-1", at("11:59:00")));
  EXPECT_THAT(take(raised), ElementsAre("A: busy"));
  EXPECT_EQ(episodes(), 1u);
  EXPECT_TRUE(core_.telemetry.ledger(kGateway).empty());
  core_.registry.transact([&](service::Transaction& transaction) {
    core_.alarms.clear(transaction, {kGateway, 1, "E1-1", "", at("12:00:00")});
  });
  EXPECT_THAT(take(raised), ElementsAre("A: ack 1"));
  EXPECT_EQ(episodes(), 1u) << "the registry's own mark drops the repetition: no flap";
  EXPECT_EQ(ledger().stored, 1u);
}

TEST_F(DeliveryTest, A_CrashBeforeTheAnswerIsRepairedByResending) {
  ASSERT_TRUE(failpoint::arm("ingest.before_ack", failpoint::Action::error, 1));
  EXPECT_THAT(take(up(batch_of(1, 2))), ElementsAre());
  EXPECT_THAT(take(up(batch_of(1, 2))), ElementsAre("A: ack 2"));
  EXPECT_EQ(ledger().doubled, 0u);
}

TEST_F(DeliveryTest, A_ReportEndsTheSilence) {
  core_.registry.transact([&](service::Transaction& transaction) {
    core_.alarms.raise(transaction, {kGateway, 0, service::kOfflineCode, "", at("11:00:00")});
  });
  take(up(batch_of(1, 1)));
  const auto standing = core_.registry.read(
      [&](service::Transaction& transaction) { return transaction.alarms().standing(kGateway, ownership_); });
  EXPECT_TRUE(standing.empty());
}

TEST_F(DeliveryTest, CommandsLeaveForConnectedGatewaysAndTheirResultsAreTakenIn_SET02) {
  core_.registry.transact([&](service::Transaction& tx) { tx.inventory().seen({{kGateway, tx.now()}}); });
  const auto ask = [&] {
    return core_.registry.transact([&](service::Transaction& tx) {
      return core_.setting_exchange
          .ask(tx, {.gateway_id = kGateway, .ownership_id = ownership_, .author = service::SettingAuthor::device})
          .value();
    });
  };
  const auto send_commands = [&] {
    answers_.clear();
    core_.commands.wanted();
    delivery_.send_commands();
    return answers_;
  };
  const auto id = ask();
  EXPECT_THAT(send_commands(), ElementsAre()) << "nobody is there";
  take(hello());
  EXPECT_THAT(send_commands(), ElementsAre("A: read " + std::to_string(id)));
  EXPECT_THAT(send_commands(), ElementsAre()) << "only once";
  take({frame(hello(), "B")});
  EXPECT_THAT(send_commands(), ElementsAre("B: read " + std::to_string(id))) << "a new connection may have missed it";
  EXPECT_THAT(take(test::result(id, {{"operatingMode", "green"}})), ElementsAre());
  const auto known =
      core_.registry.read([&](service::Transaction& tx) { return tx.setting_requests().known(ownership_); });
  ASSERT_TRUE(known);
  EXPECT_EQ(known->values, (service::Form{{"operatingMode", "green"}}));
  EXPECT_EQ(known->revision, 7);
}

TEST_F(DeliveryTest, LiveSamplesAreShownAndNotStored) {
  take(hello());
  core_.live.watch(kGateway);
  core_.commands.wanted();
  answers_.clear();
  delivery_.send_commands();
  ASSERT_EQ(answers_.size(), 1u);
  EXPECT_THAT(answers_[0], ::testing::StartsWith("A: live 2000 60000"));
  EXPECT_THAT(take(test::live(clock_.now())), ElementsAre());
  const auto sample = core_.live.newest(kGateway, Time{});
  ASSERT_TRUE(sample);
  EXPECT_EQ(sample->mean_w.pv, 700);
  EXPECT_TRUE(core_.telemetry.ledger(kGateway).empty());
}

TEST_F(DeliveryTest, WhatAnotherProcessTookInIsNoGap) {
  Counters counters;
  Delivery other(core_.registry, core_.telemetry, core_.alarms, core_.commands, counters,
                 [](const std::string&, const std::string&) { return true; });
  EXPECT_THAT(take(up(batch_of(1, 3))), ElementsAre("A: ack 3"));
  other.take({frame(up(batch_of(4, 2)))});
  EXPECT_THAT(take(up(batch_of(6, 1))), ElementsAre("A: ack 6"));
  EXPECT_THAT(take(up(batch_of(9, 1))), ElementsAre("A: gap 7")) << "a real one";
  EXPECT_EQ(ledger().stored, 6u);
  EXPECT_EQ(ledger().doubled, 0u);
}

TEST_F(DeliveryTest, A_KeyIsForgottenWhenItIsRevoked_SEC14) {
  EXPECT_THAT(take(up(batch_of(1, 1))), ElementsAre("A: ack 1"));
  core_.registry.transact(
      [&](service::Transaction& tx) { ASSERT_TRUE(tx.inventory().revoke_key(keys_.public_key, tx.now())); });
  EXPECT_THAT(take(up(batch_of(2, 1))), ElementsAre());
  EXPECT_EQ(ledger().stored, 1u);
}

TEST_F(DeliveryTest, OnTheWallClockSamplesNeedNoTransactionOfTheRegistry) {
  DeliverySettings settings;
  settings.presence = {std::chrono::seconds(10), std::chrono::milliseconds(0)};
  Delivery delivery(
      core_.registry, core_.telemetry, core_.alarms, core_.commands, counters_,
      [](const std::string&, const std::string&) { return true; }, settings);
  const auto last_seen = [&] {
    return core_.registry.read([](service::Transaction& tx) { return tx.inventory().find(kGateway)->last_seen; });
  };
  int commits = 0;
  core_.registry.on_commit([&](const auto&) { ++commits; });
  delivery.take({frame(up(batch_of(1, 1)))});
  EXPECT_EQ(last_seen(), at("12:00:00"));
  clock_.advance_to(at("12:00:09"));
  delivery.take({frame(up(batch_of(2, 1)))});
  EXPECT_EQ(last_seen(), at("12:00:00"));
  EXPECT_EQ(commits, 1);
  clock_.advance_to(at("12:00:10"));
  delivery.take({frame(up(batch_of(3, 1)))});
  EXPECT_EQ(last_seen(), at("12:00:10"));
  EXPECT_EQ(ledger().stored, 3u);
  EXPECT_EQ(counters_.gateways, 1u);
}

TEST_F(DeliveryTest, SendOffsetsAreSpreadAndStay) {
  const Duration period = std::chrono::seconds(60);
  EXPECT_EQ(send_offset(kGateway, period), send_offset(kGateway, period));
  EXPECT_NE(send_offset(kGateway, period), send_offset("SIM000000001", period));
  EXPECT_LT(send_offset(kGateway, period), period);
}

}  // namespace
}  // namespace v2x::ingest
