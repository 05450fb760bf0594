// The telemetry store on ClickHouse: gateways spread over shards that are written directly.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "backend/service/telemetry.hpp"
#include "backend/store/clickhouse.hpp"

namespace v2x::store {

class ClickhouseShard;

/// ClickHouse has no transactions (LAW-5): a batch's rows go first, its mark last; what was written twice is dropped by
/// the table engine in its own time and by every query at once. Several processes may write.
class TelemetryClickhouse final : public service::TelemetryStore {
 public:
  /// Makes the tables when they aren't there. The number and order of shards decide where a gateway's rows are: they
  /// stay for ever. Throws BadInput when a server cannot be reached.
  explicit TelemetryClickhouse(const std::vector<clickhouse::Address>& shards);
  ~TelemetryClickhouse() override;

  Status commit(const std::vector<service::TelemetryBatch>& batches) override;
  std::uint64_t mark(const service::StreamKey& key) override;
  std::optional<service::TelemetrySample> newest(const std::string& gateway_id, Time from, Time until) override;
  std::vector<service::CounterReading> counters(const std::string& gateway_id, Time from, Time until) override;
  std::optional<service::CounterReading> counter_before(const std::string& gateway_id, Time from, Time at) override;
  std::optional<service::CounterReading> counter_after(const std::string& gateway_id, Time at) override;
  bool has_skewed(const std::string& gateway_id, Time from) override;
  std::vector<service::HalfHour> half_hours(const std::string& gateway_id, Time from, Time until) override;
  std::vector<service::TouchedHalfHour> touched(const std::string& gateway_id) override;
  std::vector<std::string> touched_gateways(Time before, size_t most) override;
  Status keep(const std::string& gateway_id, const std::vector<service::HalfHour>& computed,
              const std::vector<service::TouchedHalfHour>& touched) override;
  Result<int> forget_samples(Time before, int most) override;
  std::vector<service::StreamLedger> ledger(const std::string& gateway_id) override;

 private:
  size_t place_of(const std::string& gateway_id) const;
  ClickhouseShard& shard_of(const std::string& gateway_id) const { return *shards_[place_of(gateway_id)]; }

  std::vector<std::unique_ptr<ClickhouseShard>> shards_;
};

}  // namespace v2x::store
