// The telemetry store on SQLite, by its C interface: appends by gateway, reads by time.
#pragma once

#include <filesystem>
#include <memory>

#include "backend/service/telemetry.hpp"
#include "backend/store/durability.hpp"
#include "backend/store/pool.hpp"

namespace v2x::store {

/// One writes, a few read beside it and each other.
class TelemetrySqlite : public service::TelemetryStore {
 public:
  /// Opens or makes the file. Throws BadInput when that fails.
  TelemetrySqlite(const std::filesystem::path& file, Durability durability);
  ~TelemetrySqlite() override;

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
  struct Writer;
  struct Reader;
  std::unique_ptr<Writer> writer_;
  std::unique_ptr<Pool<Reader>> readers_;
};

}  // namespace v2x::store
