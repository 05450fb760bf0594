// The telemetry store on PostgreSQL: binary COPY into weekly partitions, keyed by stream and time.
#pragma once

#include <memory>
#include <string>

#include "backend/service/telemetry.hpp"

namespace v2x::store {

/// Several processes may write into one database: a commit holds the rows of its streams' marks. A week of samples goes
/// as a whole; until then forgotten samples are hidden.
class TelemetryPostgres final : public service::TelemetryStore {
 public:
  /// Makes the tables when they aren't there. Throws BadInput when the server cannot be reached; `url` is shown
  /// nowhere, it may hold a password.
  explicit TelemetryPostgres(const std::string& url);
  ~TelemetryPostgres() override;

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
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace v2x::store
