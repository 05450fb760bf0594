// Reads what SampleWriter (samples_sqlite_writer.hpp) has stored: chains are walked back, what is apart has an index.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "backend/service/telemetry.hpp"
#include "backend/store/sqlite.hpp"

namespace v2x::store {

/// Each call sees one state of the file.
class SampleReader {
 public:
  explicit SampleReader(sqlite::Connection& connection);

  std::uint64_t mark(const service::StreamKey& key);
  std::optional<service::TelemetrySample> newest(const std::string& gateway_id, Time from, Time until);
  std::vector<service::CounterReading> counters(const std::string& gateway_id, Time from, Time until);
  std::optional<service::CounterReading> counter_before(const std::string& gateway_id, Time from, Time at);
  std::optional<service::CounterReading> counter_after(const std::string& gateway_id, Time at);
  bool has_skewed(const std::string& gateway_id, Time from);
  std::vector<service::StreamLedger> ledger(const std::string& gateway_id);

 private:
  std::vector<std::int64_t> streams_of(const std::string& gateway_id);
  /// Calls `visit(row)` for the chain's rows, newest first, until it says false. Begins at or after `at`, at most a
  /// waypoint's distance, or at the chain's newest.
  template <class Visit>
  void walk_back(std::int64_t stream, Time at, Visit visit);
  std::vector<std::uint64_t> numbers_of(std::int64_t stream);

  sqlite::Connection& connection_;
  sqlite::Statement begin_;
  sqlite::Statement end_;
  sqlite::Statement streams_;
  sqlite::Statement mark_;
  sqlite::Statement walk_start_;
  sqlite::Statement walk_;
  sqlite::Statement whole_;
  sqlite::Statement newest_apart_;
  sqlite::Statement counters_apart_;
  sqlite::Statement counter_before_apart_;
  sqlite::Statement counter_after_apart_;
  sqlite::Statement numbers_apart_;
  sqlite::Statement skewed_;
  sqlite::Statement ledger_;
};

}  // namespace v2x::store
