#include "backend/store/telemetry_postgres.hpp"

#include <algorithm>
#include <atomic>
#include <limits>
#include <mutex>

#include "backend/service/registry.hpp"
#include "backend/store/pool.hpp"
#include "backend/store/telemetry_postgres_writer.hpp"
#include "common/bad_input.hpp"

namespace v2x::store {
namespace {

using postgres::Rows;
using service::CounterReading;
using service::Flows;
using service::StreamKey;
using service::StreamLedger;
using service::TelemetryBatch;
using service::TelemetrySample;

constexpr size_t kMostReaders = 8;
// One plan per statement: with the values of each call it would be made anew for all weeks.
constexpr auto kReaderSettings = "SET plan_cache_mode = force_generic_plan; SET default_transaction_read_only = on";

#define V2X_READING "end_us, pv_wh, load_wh, buy_wh, sell_wh, charge_wh, discharge_wh, length_us, soc_permille "

constexpr auto kNewest =
    "SELECT found.* FROM streams, LATERAL (SELECT end_us, length_us, pv_w, load_w, buy_w, sell_w, charge_w, "
    "discharge_w, pv_wh, load_wh, buy_wh, sell_wh, charge_wh, discharge_wh, throttle, island, ev_state, soc_permille, "
    "remaining_wh, units FROM samples WHERE stream = streams.id AND NOT skewed AND end_us >= $4 AND end_us > $2 "
    "AND end_us <= $3 AND end_us - length_us >= $2 ORDER BY end_us DESC LIMIT 1) AS found "
    "WHERE gateway = $1 ORDER BY end_us DESC LIMIT 1";

constexpr auto kCounters = "SELECT " V2X_READING
                           "FROM samples WHERE stream = ANY (ARRAY (SELECT id FROM streams WHERE gateway = $1)) "
                           "AND NOT skewed AND end_us > $2 AND end_us <= $3 ORDER BY end_us, seq";

constexpr auto kCounterBefore =
    "SELECT found.* FROM streams, LATERAL (SELECT " V2X_READING
    "FROM samples WHERE stream = streams.id "
    "AND NOT skewed AND end_us >= $2 AND end_us <= $3 ORDER BY end_us DESC LIMIT 1) AS found "
    "WHERE gateway = $1 ORDER BY end_us DESC LIMIT 1";

constexpr auto kCounterAfter =
    "SELECT found.* FROM streams, LATERAL (SELECT " V2X_READING
    "FROM samples WHERE stream = streams.id "
    "AND NOT skewed AND end_us > $2 ORDER BY end_us LIMIT 1) AS found WHERE gateway = $1 ORDER BY end_us LIMIT 1";

#undef V2X_READING

constexpr auto kSkewed =
    "SELECT EXISTS (SELECT 1 FROM samples WHERE stream = ANY (ARRAY (SELECT id FROM streams WHERE gateway = $1)) "
    "AND skewed AND end_us >= $2)";

// Per stream: distinct and all rows of samples, and of each other kind the numbers that they cover.
constexpr auto kLedger = R"(
SELECT encode(stream, 'hex'), mark,
  (SELECT count(DISTINCT seq) FROM samples WHERE samples.stream = streams.id),
  (SELECT count(*) FROM samples WHERE samples.stream = streams.id),
  (SELECT count(DISTINCT first_seq) FROM numbers WHERE numbers.stream = streams.id AND kind = 1),
  (SELECT count(*) FROM numbers WHERE numbers.stream = streams.id AND kind = 1),
  (SELECT count(DISTINCT first_seq) FROM numbers WHERE numbers.stream = streams.id AND kind = 2),
  (SELECT coalesce(sum(last_seq - first_seq + 1), 0) FROM numbers WHERE numbers.stream = streams.id AND kind = 3),
  (SELECT coalesce(sum(samples), 0) FROM forgotten WHERE forgotten.stream = streams.id)
FROM streams WHERE gateway = $1 ORDER BY id)";

Flows<std::int64_t> flows_of(const Rows& rows, int row, int first_column) {
  Flows<std::int64_t> flows;
  int column = first_column;
  for (auto* flow : flows.all()) *flow = rows.maybe_number(row, column++);
  return flows;
}

std::optional<int> small_number(const Rows& rows, int row, int column) {
  const auto number = rows.maybe_number(row, column);
  return number ? std::optional(static_cast<int>(*number)) : std::nullopt;
}

CounterReading reading_of(const Rows& rows, int row) {
  return {rows.time(row, 0), flows_of(rows, row, 1), Duration(rows.number(row, 7)), small_number(rows, row, 8)};
}

std::optional<CounterReading> first_reading(const Rows& rows) {
  if (rows.size() == 0) return std::nullopt;
  return reading_of(rows, 0);
}

TelemetrySample sample_of(const Rows& rows, int row) {
  TelemetrySample sample;
  sample.length = Duration(rows.number(row, 1));
  sample.start = rows.time(row, 0) - sample.length;
  sample.mean_w = flows_of(rows, row, 2);
  sample.counter_wh = flows_of(rows, row, 8);
  sample.throttle = static_cast<service::Throttle>(rows.number(row, 14));
  sample.island = rows.truth(row, 15);
  if (const auto state = small_number(rows, row, 16))
    sample.ev = service::EvReading{static_cast<service::VehicleState>(*state), small_number(rows, row, 17),
                                   small_number(rows, row, 18)};
  sample.units = rows.bytes(row, 19);
  return sample;
}

StreamLedger ledger_of(const Rows& rows, int row) {
  const auto count = [&](int column) { return static_cast<std::uint64_t>(rows.number(row, column)); };
  StreamLedger ledger;
  ledger.stream = rows.text(row, 0);
  ledger.mark = count(1);
  ledger.stored = count(2) + count(4) + count(8);
  ledger.doubled = count(3) - count(2) + count(5) - count(4);
  ledger.put_aside = count(6);
  ledger.dropped = count(7);
  const auto known = ledger.stored + ledger.put_aside + ledger.dropped;
  ledger.missing = ledger.mark > known ? ledger.mark - known : 0;
  return ledger;
}

}  // namespace

struct TelemetryPostgres::Impl {
  explicit Impl(const std::string& url)
      : writer(url),
        forgotten_until(writer.forgotten_until()),
        readers(kMostReaders, [url] { return std::make_unique<postgres::Connection>(url, kReaderSettings); }) {}

  /// Runs `work(writer)`.
  template <class Work>
  Status write(Work work) {
    const std::lock_guard lock(mutex);
    try {
      work(writer);
      return done();
    } catch (const service::StoreError& error) {
      return fail("store", error.what());
    }
  }
  template <class... Values>
  Rows read(const char* sql, const Values&... values) {
    return readers.take()->query(sql, values...);
  }

  std::mutex mutex;  // guards writer
  TelemetryPostgresWriter writer;
  std::atomic<Time> forgotten_until;
  Pool<postgres::Connection> readers;
};

TelemetryPostgres::TelemetryPostgres(const std::string& url) {
  try {
    impl_ = std::make_unique<Impl>(url);
  } catch (const service::StoreError& error) {
    throw BadInput(std::string("telemetry: ") + error.what());
  }
}

TelemetryPostgres::~TelemetryPostgres() = default;

Status TelemetryPostgres::commit(const std::vector<TelemetryBatch>& batches) {
  return impl_->write([&](auto& writer) { writer.commit(batches); });
}

std::uint64_t TelemetryPostgres::mark(const StreamKey& key) {
  const Rows rows = impl_->read("SELECT mark FROM streams WHERE gateway = $1 AND stream = $2", key.gateway_id,
                                postgres::to_bytea(bytes_of_hex(key.stream)));
  return rows.size() == 0 ? 0 : static_cast<std::uint64_t>(rows.number(0, 0));
}

std::optional<TelemetrySample> TelemetryPostgres::newest(const std::string& gateway_id, Time from, Time until) {
  const Rows rows = impl_->read(kNewest, gateway_id, from, until, impl_->forgotten_until.load());
  if (rows.size() == 0) return std::nullopt;
  return sample_of(rows, 0);
}

std::vector<CounterReading> TelemetryPostgres::counters(const std::string& gateway_id, Time from, Time until) {
  const Rows rows =
      impl_->read(kCounters, gateway_id, std::max(from, impl_->forgotten_until.load() - Duration(1)), until);
  std::vector<CounterReading> readings;
  for (int row = 0; row < rows.size(); ++row) readings.push_back(reading_of(rows, row));
  return readings;
}

std::optional<CounterReading> TelemetryPostgres::counter_before(const std::string& gateway_id, Time from, Time at) {
  return first_reading(impl_->read(kCounterBefore, gateway_id, std::max(from, impl_->forgotten_until.load()), at));
}

std::optional<CounterReading> TelemetryPostgres::counter_after(const std::string& gateway_id, Time at) {
  return first_reading(
      impl_->read(kCounterAfter, gateway_id, std::max(at, impl_->forgotten_until.load() - Duration(1))));
}

bool TelemetryPostgres::has_skewed(const std::string& gateway_id, Time from) {
  return impl_->read(kSkewed, gateway_id, from).truth(0, 0);
}

std::vector<service::HalfHour> TelemetryPostgres::half_hours(const std::string& gateway_id, Time from, Time until) {
  const Rows rows = impl_->read(
      "SELECT start_us, pv_wh, load_wh, buy_wh, sell_wh, charge_wh, discharge_wh, soc_permille, estimated, suspect "
      "FROM half_hours WHERE gateway = $1 AND start_us >= $2 AND start_us < $3 ORDER BY start_us",
      gateway_id, from, until);
  std::vector<service::HalfHour> found;
  for (int row = 0; row < rows.size(); ++row)
    found.push_back({rows.time(row, 0), flows_of(rows, row, 1), small_number(rows, row, 7), rows.truth(row, 8),
                     rows.truth(row, 9)});
  return found;
}

std::vector<service::TouchedHalfHour> TelemetryPostgres::touched(const std::string& gateway_id) {
  const Rows rows =
      impl_->read("SELECT start_us, version FROM touched_half_hours WHERE gateway = $1 ORDER BY start_us", gateway_id);
  std::vector<service::TouchedHalfHour> found;
  for (int row = 0; row < rows.size(); ++row)
    found.push_back({rows.time(row, 0), static_cast<std::uint64_t>(rows.number(row, 1))});
  return found;
}

std::vector<std::string> TelemetryPostgres::touched_gateways(Time before, size_t most) {
  const Rows rows =
      impl_->read("SELECT DISTINCT gateway FROM touched_half_hours WHERE start_us < $1 ORDER BY gateway LIMIT $2",
                  before, static_cast<std::uint64_t>(most));
  std::vector<std::string> found;
  for (int row = 0; row < rows.size(); ++row) found.push_back(rows.text(row, 0));
  return found;
}

Status TelemetryPostgres::keep(const std::string& gateway_id, const std::vector<service::HalfHour>& computed,
                               const std::vector<service::TouchedHalfHour>& touched) {
  return impl_->write([&](auto& writer) { writer.keep(gateway_id, computed, touched); });
}

Result<int> TelemetryPostgres::forget_samples(Time before, int most) {
  std::int64_t hidden = 0;
  const Status forgotten = impl_->write([&](auto& writer) {
    hidden = writer.forget(before);
    impl_->forgotten_until = writer.forgotten_until();
  });
  if (!forgotten) return fail(forgotten.error());
  return static_cast<int>(std::min<std::int64_t>(hidden, most));
}

std::vector<StreamLedger> TelemetryPostgres::ledger(const std::string& gateway_id) {
  const Rows rows = impl_->read(kLedger, gateway_id);
  std::vector<StreamLedger> ledgers;
  for (int row = 0; row < rows.size(); ++row) ledgers.push_back(ledger_of(rows, row));
  return ledgers;
}

}  // namespace v2x::store
