// What the telemetry on SQLite does beside the contract of all stores: files of earlier and of newer programs, holes.
#include "backend/store/telemetry_sqlite.hpp"

#include <gmock/gmock.h>

#include <atomic>
#include <thread>

#include "backend/store/sqlite.hpp"
#include "common/bad_input.hpp"
#include "common/scratch_directory.hpp"
#include "tests/backend/store/samples.hpp"

namespace v2x::test {
namespace {

using store::TelemetrySqlite;
using ::testing::HasSubstr;

/// The first layout, as programs made it that did not count layouts: samples with their gateway.
constexpr auto kFirstLayout = R"(
CREATE TABLE streams (
  id INTEGER PRIMARY KEY, gateway BLOB NOT NULL, stream BLOB NOT NULL, mark INTEGER NOT NULL, UNIQUE (gateway, stream));
CREATE TABLE samples (
  gateway BLOB NOT NULL, stream INTEGER NOT NULL, seq INTEGER NOT NULL,
  end_us INTEGER NOT NULL, length_us INTEGER NOT NULL, skewed INTEGER NOT NULL,
  pv_w INTEGER, load_w INTEGER, buy_w INTEGER, sell_w INTEGER, charge_w INTEGER, discharge_w INTEGER,
  pv_wh INTEGER, load_wh INTEGER, buy_wh INTEGER, sell_wh INTEGER, charge_wh INTEGER, discharge_wh INTEGER,
  throttle INTEGER NOT NULL, island INTEGER NOT NULL,
  ev_state INTEGER, soc_permille INTEGER, remaining_wh INTEGER, units BLOB NOT NULL);
CREATE INDEX samples_by_time ON samples (gateway, skewed, end_us);
INSERT INTO streams VALUES (1, CAST('01AB12345678' AS BLOB), x'00112233445566778899aabbccddeeff', 1);
INSERT INTO samples VALUES (CAST('01AB12345678' AS BLOB), 1, 1, 1775012460000000, 60000000, 0, 700, NULL, NULL, NULL,
  NULL, NULL, 5, 1, 1, 5, 0, 0, 0, 0, NULL, NULL, NULL, x'00');
)";

class TelemetryOnSqlite : public ::testing::Test {
 protected:
  ScratchDirectory scratch_;
  const std::filesystem::path file_ = scratch_.path() / "telemetry.db";
};

TEST_F(TelemetryOnSqlite, AFileOfTheFirstLayoutIsConverted) {
  store::sqlite::Connection(file_).run(kFirstLayout);
  TelemetrySqlite store(file_, store::Durability::normal);
  const auto found = store.newest(kMeter, jst("00:00"), jst("23:00"));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->end(), jst("12:01"));
  EXPECT_EQ(found->mean_w.pv, 700);
  EXPECT_EQ(found->counter_wh.pv, 5);
  EXPECT_EQ(found->units, std::string(1, '\0'));
  ASSERT_TRUE(store.commit({batch(2, {sample(jst("12:02"), counters(2))})}));
  EXPECT_EQ(store.ledger(kMeter).at(0).stored, 2u);
  EXPECT_EQ(store.counters(kMeter, jst("00:00"), jst("23:00")).size(), 2u);
}

TEST_F(TelemetryOnSqlite, AFileOfANewerProgramIsRefused) {
  store::sqlite::Connection(file_).run("PRAGMA user_version = 99");
  try {
    TelemetrySqlite store(file_, store::Durability::normal);
    FAIL();
  } catch (const BadInput& error) {
    EXPECT_THAT(error.what(), HasSubstr("telemetry.db: its layout is 99, expected at most"));
  }
}

TEST_F(TelemetryOnSqlite, ABatchThatWouldLeaveAHoleIsRefusedAsAWhole) {
  TelemetrySqlite store(file_, store::Durability::normal);
  const auto good = batch(1, {sample(jst("12:01"), counters(1))}, kStreamOne, "01AB12345679");
  const auto refused = store.commit({good, batch(3, {sample(jst("12:03"), counters(3))})});
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("mark is 0"));
  EXPECT_EQ(store.mark({"01AB12345679", kStreamOne}), 0u) << "all or nothing";
  ASSERT_TRUE(store.commit({good})) << "what was believed of the streams is forgotten with it";
  EXPECT_EQ(store.ledger("01AB12345679").at(0).stored, 1u);
}

TEST_F(TelemetryOnSqlite, AChainGoesOnAfterTheFileWasOpenedAgain) {
  const auto minute = [](int n) { return jst("00:00") + std::chrono::minutes(n); };
  for (int run = 0; run < 4; ++run) {
    TelemetrySqlite store(file_, store::Durability::normal);
    for (int n = 50 * run + 1; n <= 50 * (run + 1); ++n)
      ASSERT_TRUE(store.commit({batch(static_cast<std::uint64_t>(n), {sample(minute(n), counters(n))})}));
    EXPECT_EQ(store.touched(kMeter).size(), static_cast<size_t>((50 * (run + 1) + 29) / 30));
  }
  TelemetrySqlite store(file_, store::Durability::normal);
  EXPECT_EQ(store.counters(kMeter, minute(10), minute(190)).size(), 180u);
  EXPECT_EQ(store.counter_after(kMeter, minute(49))->at, minute(50));
  EXPECT_EQ(store.ledger(kMeter).at(0).stored, 200u);
}

TEST_F(TelemetryOnSqlite, ARowsNumberThatIsGivenAgainJoinsNoChains) {
  TelemetrySqlite store(file_, store::Durability::normal);
  const std::string other = "01AB12345679";
  ASSERT_TRUE(store.commit({batch(1, {sample(jst("12:01"), counters(1)), sample(jst("12:02"), counters(2))})}));
  ASSERT_EQ(store.forget_samples(jst("13:00"), 100).value(), 2);
  ASSERT_TRUE(store.commit({batch(1, {sample(jst("14:01"), counters(7))}, kStreamOne, other)}));
  ASSERT_TRUE(store.commit({batch(2, {sample(jst("14:02"), counters(8))}, kStreamOne, other)}));
  EXPECT_EQ(store.newest(kMeter, jst("00:00"), jst("23:00")), std::nullopt);
  ASSERT_TRUE(store.commit({batch(3, {sample(jst("15:01"), counters(3))})}));
  EXPECT_EQ(store.counters(kMeter, jst("00:00"), jst("23:00")).size(), 1u);
  EXPECT_EQ(store.counters(other, jst("00:00"), jst("23:00")).size(), 2u);
}

TEST_F(TelemetryOnSqlite, ManyReadBesideTheWriterAndSeeWholeCommits) {
  constexpr int kThreads = 8, kCommits = 200;  // more threads than there are readers
  TelemetrySqlite store(file_, store::Durability::normal);
  std::atomic<bool> written{false};
  std::atomic<int> torn{0}, looks{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i)
    threads.emplace_back([&] {
      size_t seen = 0;
      while (!written) {
        const size_t found = store.counters(kMeter, jst("00:00"), jst("23:00")).size();
        if (found % 2 != 0 || found < seen) ++torn;
        seen = found;
        ++looks;
      }
    });
  const std::string other = "ff" + kStreamOne.substr(2);  // a reader asks for one stream after the other
  for (int i = 0; i < kCommits; ++i) {
    const Time end = jst("00:01") + std::chrono::minutes(i);
    const auto seq = static_cast<std::uint64_t>(i + 1);
    EXPECT_TRUE(store.commit({batch(seq, {sample(end, counters(i))}), batch(seq, {sample(end, counters(i))}, other)}));
  }
  written = true;
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(torn, 0);
  EXPECT_GT(looks, 0);
  EXPECT_EQ(store.counters(kMeter, jst("00:00"), jst("23:00")).size(), 2u * kCommits);
}

}  // namespace
}  // namespace v2x::test
