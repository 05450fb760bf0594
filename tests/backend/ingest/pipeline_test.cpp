#include "backend/ingest/pipeline.hpp"

#include <gmock/gmock.h>

#include <semaphore>

#include "backend/store/telemetry_sqlite.hpp"
#include "tests/backend/ingest/frames.hpp"
#include "tests/backend/service_fixture.hpp"

namespace v2x::ingest {
namespace {

using test::batch_of;
using test::kGateway;
using test::up;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// Commits only when it is let, and fails when it is told to.
class HeldStore : public store::TelemetrySqlite {
 public:
  using TelemetrySqlite::TelemetrySqlite;

  Status commit(const std::vector<service::TelemetryBatch>& batches) override {
    if (holds) let.acquire();
    if (std::exchange(fails, false)) return fail("store", "the disk is full");
    return TelemetrySqlite::commit(batches);
  }

  bool holds = false, fails = false;
  std::counting_semaphore<> let{0};
};

class PipelineTest : public test::ServiceFixture {
 protected:
  void SetUp() override {
    ServiceFixture::SetUp();
    import_gateway();
    claim();
    pipeline_.emplace(delivery_, [this] { committed_.release(); });
  }

  void take(std::uint64_t first_seq, int count) {
    pipeline_->take({{"A", user_id_of(kGateway, keys_.public_key), up(batch_of(first_seq, count))}});
  }
  service::StreamLedger ledger() { return store_.ledger(kGateway).at(0); }

  std::vector<std::string> answers_;
  HeldStore store_{scratch_.path() / "held.db", store::Durability::normal};
  Counters counters_;
  Delivery delivery_{core_.registry,
                     store_,
                     core_.alarms,
                     core_.commands,
                     counters_,
                     [this](const std::string&, const std::string& data) {
                       answers_.push_back(test::word_of(data));
                       return true;
                     }};
  std::counting_semaphore<> committed_{0};
  std::optional<Pipeline> pipeline_;
};

TEST_F(PipelineTest, NothingIsAcknowledgedBeforeItIsStored) {
  store_.holds = true;
  take(1, 3);
  pipeline_->answer();
  EXPECT_THAT(answers_, IsEmpty());
  store_.let.release();
  committed_.acquire();
  pipeline_->answer();
  EXPECT_THAT(answers_, ElementsAre("ack 3"));
  EXPECT_EQ(ledger().stored, 3u);
}

TEST_F(PipelineTest, TheNextGroupGoesOnWhereTheLastWillEnd) {
  take(1, 3);
  take(4, 2);
  EXPECT_THAT(answers_, ElementsAre("ack 3"));
  take(4, 3);
  pipeline_.reset();
  EXPECT_THAT(answers_, ElementsAre("ack 3", "ack 5", "ack 6"));
  EXPECT_EQ(ledger().stored, 6u);
  EXPECT_EQ(ledger().doubled, 0u);
}

TEST_F(PipelineTest, WhatWasPlannedOnTopOfAFailureIsNotStored) {
  store_.fails = true;
  take(1, 3);
  take(4, 2);
  EXPECT_THAT(answers_, ElementsAre("busy", "busy"));
  EXPECT_THAT(store_.ledger(kGateway), IsEmpty());
  take(1, 3);
  take(4, 2);
  pipeline_.reset();
  EXPECT_THAT(answers_, ElementsAre("busy", "busy", "ack 3", "ack 5"));
  EXPECT_EQ(ledger().stored, 5u);
}

}  // namespace
}  // namespace v2x::ingest
