#include "backend/store/telemetry_clickhouse.hpp"

#include <pthread.h>

#include <algorithm>
#include <thread>

#include "backend/service/registry.hpp"
#include "backend/store/clickhouse_shard.hpp"
#include "common/bad_input.hpp"

namespace v2x::store {
namespace {

using service::TelemetryBatch;

template <class Work>
Status guarded(Work work) {
  try {
    work();
    return done();
  } catch (const service::StoreError& error) {
    return fail("store", error.what());
  }
}

}  // namespace

TelemetryClickhouse::TelemetryClickhouse(const std::vector<clickhouse::Address>& shards) {
  try {
    for (const auto& address : shards) shards_.push_back(std::make_unique<ClickhouseShard>(address));
  } catch (const service::StoreError& error) {
    throw BadInput(std::string("telemetry: ") + error.what());
  }
}

TelemetryClickhouse::~TelemetryClickhouse() = default;

// FNV-1a: the same on every machine and in every version.
size_t TelemetryClickhouse::place_of(const std::string& gateway_id) const {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : gateway_id) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return hash % shards_.size();
}

Status TelemetryClickhouse::commit(const std::vector<TelemetryBatch>& batches) {
  std::vector<std::vector<const TelemetryBatch*>> parts(shards_.size());
  for (const auto& batch : batches) parts[place_of(batch.key.gateway_id)].push_back(&batch);
  std::vector<Status> results(shards_.size(), done());
  std::vector<std::thread> threads;  // "shard": a commit waits for the slowest shard, not for their sum
  const auto store = [&](size_t place) { results[place] = guarded([&] { shards_[place]->commit(parts[place]); }); };
  std::vector<size_t> concerned;
  for (size_t place = 0; place < shards_.size(); ++place)
    if (!parts[place].empty()) concerned.push_back(place);
  for (size_t i = 1; i < concerned.size(); ++i)
    threads.emplace_back([&store, place = concerned[i]] {
      pthread_setname_np(pthread_self(), "shard");
      store(place);
    });
  if (!concerned.empty()) store(concerned.front());
  for (auto& thread : threads) thread.join();
  const auto failed = std::find_if(results.begin(), results.end(), [](const Status& result) { return !result; });
  return failed == results.end() ? done() : *failed;
}

std::uint64_t TelemetryClickhouse::mark(const service::StreamKey& key) {
  return shard_of(key.gateway_id).mark(key);
}

std::optional<service::TelemetrySample> TelemetryClickhouse::newest(const std::string& gateway_id, Time from,
                                                                    Time until) {
  return shard_of(gateway_id).newest(gateway_id, from, until);
}

std::vector<service::CounterReading> TelemetryClickhouse::counters(const std::string& gateway_id, Time from,
                                                                   Time until) {
  return shard_of(gateway_id).counters(gateway_id, from, until);
}

std::optional<service::CounterReading> TelemetryClickhouse::counter_before(const std::string& gateway_id, Time from,
                                                                           Time at) {
  return shard_of(gateway_id).counter_before(gateway_id, from, at);
}

std::optional<service::CounterReading> TelemetryClickhouse::counter_after(const std::string& gateway_id, Time at) {
  return shard_of(gateway_id).counter_after(gateway_id, at);
}

bool TelemetryClickhouse::has_skewed(const std::string& gateway_id, Time from) {
  return shard_of(gateway_id).has_skewed(gateway_id, from);
}

std::vector<service::HalfHour> TelemetryClickhouse::half_hours(const std::string& gateway_id, Time from, Time until) {
  return shard_of(gateway_id).half_hours(gateway_id, from, until);
}

std::vector<service::TouchedHalfHour> TelemetryClickhouse::touched(const std::string& gateway_id) {
  return shard_of(gateway_id).touched(gateway_id);
}

std::vector<std::string> TelemetryClickhouse::touched_gateways(Time before, size_t most) {
  std::vector<std::string> found;
  for (const auto& shard : shards_)
    for (auto& gateway_id : shard->touched_gateways(before, most - found.size()))
      found.push_back(std::move(gateway_id));
  return found;
}

Status TelemetryClickhouse::keep(const std::string& gateway_id, const std::vector<service::HalfHour>& computed,
                                 const std::vector<service::TouchedHalfHour>& touched) {
  return guarded([&] { shard_of(gateway_id).keep(gateway_id, computed, touched); });
}

Result<int> TelemetryClickhouse::forget_samples(Time before, int most) {
  std::int64_t hidden = 0;
  const Status forgotten = guarded([&] {
    for (const auto& shard : shards_) hidden += shard->forget(before);
  });
  if (!forgotten) return fail(forgotten.error());
  return static_cast<int>(std::min<std::int64_t>(hidden, most));
}

std::vector<service::StreamLedger> TelemetryClickhouse::ledger(const std::string& gateway_id) {
  return shard_of(gateway_id).ledger(gateway_id);
}

}  // namespace v2x::store
