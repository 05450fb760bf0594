#include "sim/gateway/spool.hpp"

#include <gtest/gtest.h>

#include <array>
#include <fstream>

#include "common/bad_input.hpp"
#include "tests/sim/gateway/bench.hpp"

namespace v2x::gateway {
namespace {

class SpoolTest : public ::testing::Test {
 protected:
  SpoolTest() { open(); }
  void open(int days = 30, std::uint64_t creation = 0) {
    spool.reset();
    auto options = spool_options(scratch.path() / "spool.db", days);
    options.source.creation = creation;
    spool = std::make_unique<Spool>(options);
  }
  void add(Priority priority, const std::string& bytes = "record") {
    const std::array records = {Spool::NewRecord{priority, bytes}};
    ASSERT_TRUE(spool->append(records, {}).has_value());
  }
  void add_samples(int count) {
    std::vector<Spool::NewRecord> records(static_cast<size_t>(count), {Priority::sample, "s"});
    ASSERT_TRUE(spool->append(records, {}).has_value());
  }
  std::vector<std::uint64_t> numbers() {
    std::vector<std::uint64_t> list;
    spool->read(1, [&](std::uint64_t seq, std::string_view) {
      list.push_back(seq);
      return true;
    });
    return list;
  }
  ScratchDirectory scratch;
  std::unique_ptr<Spool> spool;
};

TEST_F(SpoolTest, NumbersBeginAtOneAndFollowEachOther) {
  add(Priority::sample);
  add(Priority::event);
  EXPECT_EQ(numbers(), (std::vector<std::uint64_t>{1, 2}));
  EXPECT_EQ(spool->next_seq(), 3u);
}

TEST_F(SpoolTest, AReopenedSpoolContinuesItsStreamAndItsNumbers) {
  add(Priority::sample, "one");
  add(Priority::sample, "two");
  const std::string stream = spool->stream_id();
  open();
  EXPECT_EQ(spool->stream_id(), stream);
  EXPECT_EQ(numbers(), (std::vector<std::uint64_t>{1, 2}));
  EXPECT_EQ(spool->next_seq(), 3u);
}

TEST_F(SpoolTest, NumbersOfAcknowledgedRecordsAreNeverGivenAgain) {
  add(Priority::sample);
  add(Priority::sample);
  spool->acknowledge(2);
  open();
  EXPECT_EQ(spool->next_seq(), 3u);
  EXPECT_EQ(spool->acknowledged_seq(), 2u);
}

TEST_F(SpoolTest, AcknowledgedRecordsAreGoneOthersStay) {
  for (int i = 0; i < 5; ++i) add(Priority::sample);
  spool->acknowledge(3);
  EXPECT_EQ(numbers(), (std::vector<std::uint64_t>{4, 5}));
  EXPECT_EQ(spool->first_seq(), 4u);
  EXPECT_EQ(spool->size(), 2u);
  const StreamLedger ledger = spool->ledger();
  EXPECT_EQ(ledger.made, 5u);
  EXPECT_EQ(ledger.acknowledged, 3u);
  EXPECT_EQ(ledger.dropped, 0u);
}

TEST_F(SpoolTest, HoldsThirtyDaysOfMinutes) {
  add_samples(30 * 1440);
  EXPECT_EQ(spool->size(), 30u * 1440);
  EXPECT_EQ(spool->dropped(), 0u);
}

TEST_F(SpoolTest, AFullSpoolDropsItsOldestSamplesFirstAndKeepsItsEvents) {
  open(1);
  const int room = static_cast<int>(Spool::kRecordsPerDay + Spool::kEventReserve);
  add(Priority::event);
  add_samples(room - 1);
  add(Priority::event);
  add(Priority::sample);
  const auto left = numbers();
  EXPECT_EQ(left.size(), static_cast<size_t>(room));
  EXPECT_EQ(left[0], 1u);
  EXPECT_EQ(left[1], 4u);
  EXPECT_EQ(spool->dropped(), 2u);
}

TEST_F(SpoolTest, EventsAreDroppedLast) {
  open(1);
  const int room = static_cast<int>(Spool::kRecordsPerDay + Spool::kEventReserve);
  const std::vector<Spool::NewRecord> events(static_cast<size_t>(room), {Priority::event, "e"});
  ASSERT_TRUE(spool->append(events, {}).has_value());
  add(Priority::event);
  EXPECT_EQ(spool->first_seq(), 2u);
  EXPECT_EQ(spool->size(), static_cast<size_t>(room));
}

TEST_F(SpoolTest, TheLedgerAlwaysAddsUp) {
  open(1);
  add_samples(static_cast<int>(Spool::kRecordsPerDay + Spool::kEventReserve) + 7);
  spool->acknowledge(100);
  open(1);
  const StreamLedger ledger = spool->ledger();
  EXPECT_EQ(ledger.dropped, 7u);
  EXPECT_EQ(ledger.made, ledger.acknowledged + ledger.dropped + spool->size());
}

TEST_F(SpoolTest, StateChangesWithTheRecordThatTellsOfIt) {
  const std::array records = {Spool::NewRecord{Priority::event, "raised"}};
  const std::array state = {Spool::StateEntry{"faults", "1 E1-1\n"}};
  ASSERT_TRUE(spool->append(records, state).has_value());
  open();
  EXPECT_EQ(spool->state("faults"), "1 E1-1\n");
  EXPECT_EQ(spool->state("never written"), "");
}

TEST_F(SpoolTest, ALostSpoolIsANewStream) {
  const std::string first = spool->stream_id();
  spool.reset();
  std::filesystem::remove_all(scratch.path() / "spool.db");
  open(30, 1);
  EXPECT_NE(spool->stream_id(), first);
  EXPECT_EQ(spool->stream_id().size(), 16u);
  EXPECT_EQ(spool->next_seq(), 1u);
}

TEST_F(SpoolTest, TheSameSeedMakesTheSameStream) {
  const std::string first = spool->stream_id();
  spool.reset();
  std::filesystem::remove_all(scratch.path() / "spool.db");
  open();
  EXPECT_EQ(spool->stream_id(), first);
}

TEST_F(SpoolTest, AnOlderCopyMovesItsNumbersBeyondTheMark) {
  add(Priority::sample);
  spool->acknowledge(9);
  EXPECT_EQ(spool->next_seq(), 10u);
}

TEST_F(SpoolTest, AFileThatIsNoSpoolIsRefused) {
  std::ofstream(scratch.path() / "other.db") << "this is no database, and it is long enough to be told apart from one";
  EXPECT_THROW(Spool(spool_options(scratch.path() / "other.db")), BadInput);
  EXPECT_THROW(Spool(spool_options(scratch.path() / "no/such/directory.db")), BadInput);
}

}  // namespace
}  // namespace v2x::gateway
