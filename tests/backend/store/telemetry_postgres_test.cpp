// What the telemetry on PostgreSQL does beside the contract of all stores: several processes, weeks, lost connections.
#include "backend/store/telemetry_postgres.hpp"

#include <gmock/gmock.h>

#include "backend/store/postgres.hpp"
#include "common/bad_input.hpp"
#include "tests/backend/store/end_connections.hpp"
#include "tests/backend/store/samples.hpp"
#include "tests/backend/test_store.hpp"

namespace v2x::test {
namespace {

using store::TelemetryPostgres;
using ::testing::HasSubstr;
using ::testing::Not;

class TelemetryOnPostgres : public ::testing::Test {
 protected:
  std::string ask(const char* sql) { return store::postgres::Connection(url_).query(sql).text(0, 0); }

  ScratchDirectory scratch_;
  std::string url_ = postgres_url(scratch_);
};

TEST_F(TelemetryOnPostgres, TwoProcessesStoreARecordOnce) {
  TelemetryPostgres one(url_), other(url_);
  const auto first = batch(1, {sample(jst("12:01"), counters(1)), sample(jst("12:02"), counters(2))});
  ASSERT_TRUE(one.commit({first}));
  ASSERT_TRUE(other.commit({first})) << "sent again, because the acknowledgement was lost";
  ASSERT_TRUE(other.commit({batch(2, {sample(jst("12:02"), counters(2)), sample(jst("12:03"), counters(3))})}));
  const auto ledger = one.ledger(kMeter).at(0);
  EXPECT_EQ(ledger.mark, 3u);
  EXPECT_EQ(ledger.stored, 3u);
  EXPECT_EQ(ledger.doubled, 0u);
}

TEST_F(TelemetryOnPostgres, ABatchBehindTheMarkLeavesItWhereItIs) {
  TelemetryPostgres store(url_);
  ASSERT_TRUE(store.commit({batch(1, {sample(jst("12:01"), counters(1)), sample(jst("12:02"), counters(2))})}));
  ASSERT_TRUE(store.commit({batch(1, {sample(jst("12:01"), counters(1))})}));
  EXPECT_EQ(store.mark({kMeter, kStreamOne}), 2u);
}

TEST_F(TelemetryOnPostgres, ABatchThatWouldLeaveAHoleIsRefusedAsAWhole) {
  TelemetryPostgres store(url_);
  const auto refused = store.commit({batch(1, {sample(jst("12:01"), counters(1))}, kStreamOne, "01AB12345679"),
                                     batch(3, {sample(jst("12:03"), counters(3))})});
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("mark is 0"));
  EXPECT_EQ(store.mark({"01AB12345679", kStreamOne}), 0u) << "all or nothing";
}

TEST_F(TelemetryOnPostgres, AWeekGoesAsAWholeAndItsNumbersStayCounted) {
  TelemetryPostgres store(url_);
  ASSERT_TRUE(
      store.commit({batch(1, {sample(jst("2025-01-01T12:00:00"), counters(1)),
                              sample(jst("2025-01-01T12:01:00"), counters(2)), sample(jst("12:01"), counters(3))})}));
  EXPECT_EQ(ask("SELECT count(*) FROM samples"), "3");
  EXPECT_EQ(store.forget_samples(jst("2025-01-01T12:01:00"), 1000).value(), 1);
  EXPECT_EQ(ask("SELECT count(*) FROM samples"), "3") << "hidden only: the week isn't over";
  EXPECT_EQ(store.counters(kMeter, jst("2024-01-01T00:00:00"), jst("13:00")).size(), 2u);
  EXPECT_EQ(store.forget_samples(jst("2025-02-01T00:00:00"), 1000).value(), 1);
  EXPECT_EQ(ask("SELECT count(*) FROM samples"), "1");
  TelemetryPostgres next(url_);
  EXPECT_EQ(next.counters(kMeter, jst("2024-01-01T00:00:00"), jst("13:00")).size(), 1u);
  EXPECT_EQ(next.ledger(kMeter).at(0).stored, 3u);
  EXPECT_EQ(next.ledger(kMeter).at(0).missing, 0u);
  ASSERT_TRUE(next.commit({batch(4, {sample(jst("2025-01-01T13:00:00"), counters(1))})})) << "the week is made anew";
}

TEST_F(TelemetryOnPostgres, ALostConnectionCostsNothing) {
  TelemetryPostgres store(url_);
  ASSERT_TRUE(store.commit({batch(1, {sample(jst("12:01"), counters(1))})}));
  EXPECT_EQ(store.mark({kMeter, kStreamOne}), 1u);
  end_all_connections(url_);
  EXPECT_TRUE(store.commit({batch(2, {sample(jst("12:02"), counters(2))})}));
  EXPECT_EQ(store.mark({kMeter, kStreamOne}), 2u);
}

TEST_F(TelemetryOnPostgres, ADatabaseOfANewerProgramIsRefused) {
  { TelemetryPostgres makes_the_tables(url_); }
  { TelemetryPostgres finds_them(url_); }
  EXPECT_EQ(ask("SELECT count(*) FROM telemetry_layout"), "1");
  store::postgres::Connection(url_).run("INSERT INTO telemetry_layout VALUES (99)");
  try {
    TelemetryPostgres store(url_);
    FAIL();
  } catch (const BadInput& error) {
    EXPECT_THAT(error.what(), HasSubstr("layout is 99, expected at most 1"));
  }
}

TEST_F(TelemetryOnPostgres, AServerThatCannotBeReachedIsToldWithoutThePassword) {
  try {
    TelemetryPostgres store("postgresql://v2x:secret@127.0.0.1:1/nowhere");
    FAIL();
  } catch (const BadInput& error) {
    EXPECT_THAT(error.what(), testing::AllOf(HasSubstr("127.0.0.1"), Not(HasSubstr("secret"))));
  }
}

}  // namespace
}  // namespace v2x::test
