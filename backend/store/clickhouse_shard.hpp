// One ClickHouse server's share of the telemetry: its tables, what is written into them and asked of them.
#pragma once

#include <atomic>
#include <mutex>
#include <string>
#include <vector>

#include "backend/service/telemetry.hpp"
#include "backend/store/clickhouse.hpp"
#include "backend/store/pool.hpp"

namespace v2x::store {

/// Thread-safe; commits wait for each other. Failures throw service::StoreError.
class ClickhouseShard {
 public:
  /// Makes database and tables, or brings them up to date by numbered layouts.
  explicit ClickhouseShard(const clickhouse::Address& address);

  void commit(const std::vector<const service::TelemetryBatch*>& batches);
  std::uint64_t mark(const service::StreamKey& key);
  std::optional<service::TelemetrySample> newest(const std::string& gateway_id, Time from, Time until);
  std::vector<service::CounterReading> counters(const std::string& gateway_id, Time from, Time until);
  std::optional<service::CounterReading> counter_before(const std::string& gateway_id, Time from, Time at);
  std::optional<service::CounterReading> counter_after(const std::string& gateway_id, Time at);
  bool has_skewed(const std::string& gateway_id, Time from);
  std::vector<service::HalfHour> half_hours(const std::string& gateway_id, Time from, Time until);
  std::vector<service::TouchedHalfHour> touched(const std::string& gateway_id);
  std::vector<std::string> touched_gateways(Time before, size_t most);
  void keep(const std::string& gateway_id, const std::vector<service::HalfHour>& computed,
            const std::vector<service::TouchedHalfHour>& touched);
  /// Hides samples that ended before `before`, drops the weeks that lie before it, and says how many it hid.
  std::int64_t forget(Time before);
  std::vector<service::StreamLedger> ledger(const std::string& gateway_id);

 private:
  std::vector<clickhouse::Row> query(const std::string& sql) { return readers_.take()->query(sql); }
  std::vector<service::CounterReading> readings(const std::string& condition);
  service::StreamLedger ledger_of(const service::StreamKey& key, std::uint64_t mark);
  void make_tables();
  void drop_settled_days();

  std::mutex mutex_;  // guards writer_
  clickhouse::Client writer_;
  Pool<clickhouse::Client> readers_;
  std::atomic<Time> forgotten_until_{};
};

}  // namespace v2x::store
