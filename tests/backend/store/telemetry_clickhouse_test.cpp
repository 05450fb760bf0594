// What the telemetry on ClickHouse does beside the contract of all stores: there are no transactions.
#include "backend/store/telemetry_clickhouse.hpp"

#include <gtest/gtest.h>

#include <fmt/format.h>

#include "backend/store/open.hpp"
#include "tests/backend/store/samples.hpp"
#include "tests/backend/test_store.hpp"

namespace v2x::test {
namespace {

using store::clickhouse::literal;

class TelemetryOnClickhouse : public ::testing::Test {
 protected:
  /// As a crash between the last rows and their mark leaves it.
  void set_mark_back(std::uint64_t mark) {
    store::clickhouse::Client client(store::parse_store_url(telemetry_url(scratch_)).shards.front());
    client.run("TRUNCATE TABLE marks");
    client.run(fmt::format("INSERT INTO marks VALUES ({},{},{})", literal(kMeter),
                           literal(store::bytes_of_hex(kStreamOne)), mark));
  }
  service::StreamLedger ledger() { return store_->ledger(kMeter).at(0); }

  ScratchDirectory scratch_;
  std::unique_ptr<service::TelemetryStore> store_ =
      store::open_telemetry(store::parse_store_url(telemetry_url(scratch_)), store::Durability::normal);
};

TEST_F(TelemetryOnClickhouse, RowsBeyondTheMarkAreNotCounted) {
  const auto four = batch(1, {sample(jst("12:01"), counters(1)), sample(jst("12:02"), counters(2)),
                              sample(jst("12:03"), counters(3)), sample(jst("12:04"), counters(4))});
  ASSERT_TRUE(store_->commit({four}));
  set_mark_back(2);
  EXPECT_EQ(ledger().mark, 2u);
  EXPECT_EQ(ledger().stored, 2u);
  EXPECT_EQ(ledger().missing, 0u);
  ASSERT_TRUE(store_->commit({four})) << "its gateway sends it again";
  EXPECT_EQ(ledger().stored, 4u);
  EXPECT_EQ(ledger().doubled, 0u);
}

TEST_F(TelemetryOnClickhouse, RowsBeyondTheMarkHideNoneThatIsMissing) {
  ASSERT_TRUE(store_->commit({batch(3, {sample(jst("12:03"), counters(3)), sample(jst("12:04"), counters(4))})}));
  set_mark_back(3);
  EXPECT_EQ(ledger().stored, 1u);
  EXPECT_EQ(ledger().missing, 2u);
}

}  // namespace
}  // namespace v2x::test
