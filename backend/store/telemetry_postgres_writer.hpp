// What writes into the telemetry tables of PostgreSQL: commits, kept half-hours, retention.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "backend/service/telemetry.hpp"
#include "backend/store/postgres.hpp"

namespace v2x::store {

/// Used by one thread at a time. Every function is one transaction and throws service::StoreError when it fails.
class TelemetryPostgresWriter {
 public:
  /// Makes the tables, or brings them up to date by numbered layouts.
  explicit TelemetryPostgresWriter(const std::string& url);

  void commit(const std::vector<service::TelemetryBatch>& batches);
  void keep(const std::string& gateway_id, const std::vector<service::HalfHour>& computed,
            const std::vector<service::TouchedHalfHour>& touched);

  /// Samples that ended before it are forgotten.
  Time forgotten_until();
  /// Moves that limit and drops the weeks that lie before it. Gives how many samples it hid.
  std::int64_t forget(Time before);

 private:
  /// A stream as the database has it, locked until the transaction's end.
  struct Stream {
    std::int64_t id = 0;
    std::uint64_t mark = 0;
  };

  void make_weeks(const std::vector<service::TelemetryBatch>& batches);
  std::vector<Stream> lock_streams(const std::vector<service::TelemetryBatch>& batches);
  void copy_samples(const std::vector<service::TelemetryBatch>& batches, const std::vector<Stream>& streams);
  void copy_numbers(const std::vector<service::TelemetryBatch>& batches, const std::vector<Stream>& streams);
  void touch(const std::vector<service::TelemetryBatch>& batches);
  void set_marks(const std::vector<service::TelemetryBatch>& batches, const std::vector<Stream>& streams);
  void drop_week(std::int64_t week);

  postgres::Connection connection_;
  std::set<std::int64_t> weeks_;  ///< partitions that are there
};

}  // namespace v2x::store
