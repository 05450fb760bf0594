#include "backend/store/telemetry_sqlite.hpp"

#include <algorithm>
#include <cctype>
#include <mutex>

#include "backend/service/registry.hpp"
#include "backend/store/half_hours_sqlite.hpp"
#include "backend/store/sqlite.hpp"
#include "common/bad_input.hpp"

namespace v2x::store {
namespace {

using service::CounterReading;
using service::Flows;
using service::SeqKind;
using service::StreamKey;
using service::StreamLedger;
using service::TelemetryBatch;
using service::TelemetryEntry;
using service::TelemetrySample;

// Rows of `numbers` say what became of a number that is no sample: kind 1 event, 2 put aside, 3 dropped (a range).
// Nothing here is unique but the streams: the ledger must be able to find a doubled row.
constexpr auto kSchema = R"(
CREATE TABLE IF NOT EXISTS streams (
  id INTEGER PRIMARY KEY, gateway BLOB NOT NULL, stream BLOB NOT NULL, mark INTEGER NOT NULL, UNIQUE (gateway, stream));
CREATE TABLE IF NOT EXISTS samples (
  gateway BLOB NOT NULL, stream INTEGER NOT NULL, seq INTEGER NOT NULL,
  end_us INTEGER NOT NULL, length_us INTEGER NOT NULL, skewed INTEGER NOT NULL,
  pv_w INTEGER, load_w INTEGER, buy_w INTEGER, sell_w INTEGER, charge_w INTEGER, discharge_w INTEGER,
  pv_wh INTEGER, load_wh INTEGER, buy_wh INTEGER, sell_wh INTEGER, charge_wh INTEGER, discharge_wh INTEGER,
  throttle INTEGER NOT NULL, island INTEGER NOT NULL,
  ev_state INTEGER, soc_permille INTEGER, remaining_wh INTEGER, units BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS samples_by_time ON samples (gateway, skewed, end_us);
CREATE TABLE IF NOT EXISTS numbers (
  stream INTEGER NOT NULL, first_seq INTEGER NOT NULL, last_seq INTEGER NOT NULL, kind INTEGER NOT NULL,
  reason BLOB NOT NULL, raw BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS numbers_of_stream ON numbers (stream, first_seq);
CREATE TABLE IF NOT EXISTS forgotten (stream INTEGER PRIMARY KEY, samples INTEGER NOT NULL);
)";

constexpr auto kInsertSample =
    "INSERT INTO samples VALUES "
    "(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17,?18,?19,?20,?21,?22,?23,?24)";

constexpr auto kNewest =
    "SELECT end_us, length_us, pv_w, load_w, buy_w, sell_w, charge_w, discharge_w, pv_wh, load_wh, buy_wh, sell_wh, "
    "charge_wh, discharge_wh, throttle, island, ev_state, soc_permille, remaining_wh, units FROM samples "
    "WHERE gateway = ?1 AND skewed = 0 AND end_us <= ?3 AND end_us - length_us >= ?2 ORDER BY end_us DESC LIMIT 1";

constexpr auto kCounters =
    "SELECT end_us, pv_wh, load_wh, buy_wh, sell_wh, charge_wh, discharge_wh, length_us, soc_permille FROM samples "
    "WHERE gateway = ?1 AND skewed = 0 AND end_us > ?2 AND end_us <= ?3 ORDER BY end_us, seq";

constexpr auto kCounterBefore =
    "SELECT end_us, pv_wh, load_wh, buy_wh, sell_wh, charge_wh, discharge_wh, length_us, soc_permille FROM samples "
    "WHERE gateway = ?1 AND skewed = 0 AND end_us >= ?2 AND end_us <= ?3 ORDER BY end_us DESC LIMIT 1";

constexpr auto kCounterAfter =
    "SELECT end_us, pv_wh, load_wh, buy_wh, sell_wh, charge_wh, discharge_wh, length_us, soc_permille FROM samples "
    "WHERE gateway = ?1 AND skewed = 0 AND end_us > ?2 ORDER BY end_us LIMIT 1";

// Per stream: distinct and all rows of samples, and of each other kind the numbers that they cover.
constexpr auto kLedger = R"(
SELECT hex(stream), mark,
  (SELECT count(DISTINCT seq) FROM samples WHERE samples.gateway = streams.gateway AND samples.stream = streams.id),
  (SELECT count(*) FROM samples WHERE samples.gateway = streams.gateway AND samples.stream = streams.id),
  (SELECT count(DISTINCT first_seq) FROM numbers WHERE numbers.stream = streams.id AND kind = 1),
  (SELECT count(*) FROM numbers WHERE numbers.stream = streams.id AND kind = 1),
  (SELECT count(DISTINCT first_seq) FROM numbers WHERE numbers.stream = streams.id AND kind = 2),
  (SELECT coalesce(sum(last_seq - first_seq + 1), 0) FROM numbers WHERE numbers.stream = streams.id AND kind = 3),
  (SELECT coalesce(sum(samples), 0) FROM forgotten WHERE forgotten.stream = streams.id)
FROM streams WHERE gateway = ?1 ORDER BY id)";

// Samples are appended, so the oldest have the lowest rowid.
constexpr auto kCountOldest =
    "INSERT INTO forgotten SELECT stream, count(*) FROM (SELECT stream, end_us FROM samples ORDER BY rowid LIMIT ?2) "
    "WHERE end_us < ?1 GROUP BY stream ON CONFLICT (stream) DO UPDATE SET samples = samples + excluded.samples";
constexpr auto kForgetOldest =
    "DELETE FROM samples WHERE rowid IN (SELECT rowid FROM samples ORDER BY rowid LIMIT ?2) AND end_us < ?1";

Flows<std::int64_t> flows_of(const sqlite::Statement& row, int first_column) {
  Flows<std::int64_t> flows;
  int column = first_column;
  for (auto* flow : flows.all()) *flow = row.maybe_number(column++);
  return flows;
}

CounterReading reading_of(const sqlite::Statement& row) {
  CounterReading reading{row.time(0), flows_of(row, 1), Duration(row.number(7)), {}};
  if (const auto soc = row.maybe_number(8)) reading.soc_permille = static_cast<int>(*soc);
  return reading;
}

/// The only row, if there is one.
std::optional<CounterReading> one_reading(sqlite::Statement& row) {
  std::optional<CounterReading> reading;
  while (row.step()) reading = reading_of(row);
  return reading;
}

std::string bytes_of_hex(const std::string& hex) {
  std::string bytes;
  for (size_t i = 0; i + 1 < hex.size(); i += 2)
    bytes.push_back(static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16)));
  return bytes;
}

std::string lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

sqlite::Connection opened(const std::filesystem::path& file, Durability durability) {
  sqlite::Connection connection(file);
  connection.run("PRAGMA journal_mode = WAL");
  connection.run(durability == Durability::full ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
  connection.run(kSchema);
  connection.run(kHalfHourSchema);
  return connection;
}

}  // namespace

struct TelemetrySqlite::Writer {
  Writer(const std::filesystem::path& file, Durability durability) : connection(opened(file, durability)) {}

  std::mutex mutex;  // guards everything below
  sqlite::Connection connection;
  sqlite::Statement begin{connection, "BEGIN IMMEDIATE"};
  sqlite::Statement commit{connection, "COMMIT"};
  sqlite::Statement rollback{connection, "ROLLBACK"};
  sqlite::Statement set_mark{connection,
                             "INSERT INTO streams (gateway, stream, mark) VALUES (?1, ?2, ?3) "
                             "ON CONFLICT (gateway, stream) DO UPDATE SET mark = excluded.mark RETURNING id"};
  sqlite::Statement insert_sample{connection, kInsertSample};
  sqlite::Statement insert_number{connection, "INSERT INTO numbers VALUES (?1, ?2, ?3, ?4, ?5, ?6)"};
  sqlite::Statement count_oldest{connection, kCountOldest};
  sqlite::Statement forget_oldest{connection, kForgetOldest};
  HalfHourWriter half_hours{connection};

  /// Runs `work` in one transaction.
  template <class Work>
  Status transact(Work work) {
    const std::lock_guard lock(mutex);
    try {
      begin.bind().execute();
      work();
      commit.bind().execute();
      return done();
    } catch (const service::StoreError& error) {
      if (sqlite3_get_autocommit(connection.handle()) == 0) rollback.bind().execute();
      return fail("store", error.what());
    }
  }

  void store(const TelemetryBatch& batch) {
    set_mark.bind(batch.key.gateway_id, bytes_of_hex(batch.key.stream), batch.mark).step();
    const std::int64_t stream = set_mark.number(0);
    set_mark.execute();
    for (const auto& entry : batch.entries) {
      if (entry.kind == SeqKind::sample)
        store_sample(batch.key.gateway_id, stream, entry);
      else
        insert_number
            .bind(stream, entry.seq, std::max(entry.seq, entry.until_seq), static_cast<int>(entry.kind), entry.reason,
                  entry.raw)
            .execute();
    }
  }

  void store_sample(const std::string& gateway_id, std::int64_t stream, const TelemetryEntry& entry) {
    const TelemetrySample& s = entry.sample;
    std::optional<int> state, soc, remaining;
    if (s.ev) {
      state = static_cast<int>(s.ev->state);
      soc = s.ev->soc_permille;
      remaining = s.ev->remaining_wh;
    }
    const auto& w = s.mean_w;
    const auto& wh = s.counter_wh;
    insert_sample
        .bind(gateway_id, stream, entry.seq, s.end(), s.length, s.skewed, w.pv, w.load, w.buy, w.sell, w.charge,
              w.discharge, wh.pv, wh.load, wh.buy, wh.sell, wh.charge, wh.discharge, static_cast<int>(s.throttle),
              s.island, state, soc, remaining, s.units)
        .execute();
    if (!s.skewed) half_hours.touch(gateway_id, s.end());
  }
};

struct TelemetrySqlite::Reader {
  Reader(const std::filesystem::path& file, Durability durability) : connection(opened(file, durability)) {}

  std::mutex mutex;  // guards everything below
  sqlite::Connection connection;
  sqlite::Statement mark{connection, "SELECT mark FROM streams WHERE gateway = ?1 AND stream = ?2"};
  sqlite::Statement newest{connection, kNewest};
  sqlite::Statement counters{connection, kCounters};
  sqlite::Statement counter_before{connection, kCounterBefore};
  sqlite::Statement counter_after{connection, kCounterAfter};
  sqlite::Statement skewed{connection,
                           "SELECT EXISTS (SELECT 1 FROM samples WHERE gateway = ?1 AND skewed = 1 AND end_us >= ?2)"};
  sqlite::Statement ledger{connection, kLedger};
  HalfHourReader half_hours{connection};
};

TelemetrySqlite::TelemetrySqlite(const std::filesystem::path& file, Durability durability) {
  try {
    writer_ = std::make_unique<Writer>(file, durability);
    reader_ = std::make_unique<Reader>(file, durability);
  } catch (const service::StoreError& error) {
    throw BadInput(file.string() + ": " + error.what());
  }
}

TelemetrySqlite::~TelemetrySqlite() = default;

Status TelemetrySqlite::commit(const std::vector<TelemetryBatch>& batches) {
  return writer_->transact([&] {
    writer_->half_hours.begin_commit();
    for (const auto& batch : batches) writer_->store(batch);
  });
}

std::uint64_t TelemetrySqlite::mark(const StreamKey& key) {
  const std::lock_guard lock(reader_->mutex);
  auto& query = reader_->mark.bind(key.gateway_id, bytes_of_hex(key.stream));
  std::uint64_t mark = 0;
  while (query.step()) mark = static_cast<std::uint64_t>(query.number(0));
  return mark;
}

std::optional<TelemetrySample> TelemetrySqlite::newest(const std::string& gateway_id, Time from, Time until) {
  const std::lock_guard lock(reader_->mutex);
  auto& row = reader_->newest.bind(gateway_id, from, until);
  std::optional<TelemetrySample> sample;
  while (row.step()) {
    sample.emplace();
    sample->length = Duration(row.number(1));
    sample->start = row.time(0) - sample->length;
    sample->mean_w = flows_of(row, 2);
    sample->counter_wh = flows_of(row, 8);
    sample->throttle = static_cast<service::Throttle>(row.number(14));
    sample->island = row.number(15) != 0;
    if (!row.is_null(16)) sample->ev = service::EvReading{static_cast<service::VehicleState>(row.number(16)), {}, {}};
    if (!row.is_null(17)) sample->ev->soc_permille = static_cast<int>(row.number(17));
    if (!row.is_null(18)) sample->ev->remaining_wh = static_cast<int>(row.number(18));
    sample->units = row.text(19);
  }
  return sample;
}

std::vector<CounterReading> TelemetrySqlite::counters(const std::string& gateway_id, Time from, Time until) {
  const std::lock_guard lock(reader_->mutex);
  auto& row = reader_->counters.bind(gateway_id, from, until);
  std::vector<CounterReading> readings;
  while (row.step()) readings.push_back(reading_of(row));
  return readings;
}

std::optional<CounterReading> TelemetrySqlite::counter_before(const std::string& gateway_id, Time from, Time at) {
  const std::lock_guard lock(reader_->mutex);
  return one_reading(reader_->counter_before.bind(gateway_id, from, at));
}

std::optional<CounterReading> TelemetrySqlite::counter_after(const std::string& gateway_id, Time at) {
  const std::lock_guard lock(reader_->mutex);
  return one_reading(reader_->counter_after.bind(gateway_id, at));
}

bool TelemetrySqlite::has_skewed(const std::string& gateway_id, Time from) {
  const std::lock_guard lock(reader_->mutex);
  auto& row = reader_->skewed.bind(gateway_id, from);
  bool found = false;
  while (row.step()) found = row.number(0) != 0;
  return found;
}

std::vector<service::HalfHour> TelemetrySqlite::half_hours(const std::string& gateway_id, Time from, Time until) {
  const std::lock_guard lock(reader_->mutex);
  return reader_->half_hours.half_hours(gateway_id, from, until);
}

std::vector<service::TouchedHalfHour> TelemetrySqlite::touched(const std::string& gateway_id) {
  const std::lock_guard lock(reader_->mutex);
  return reader_->half_hours.touched(gateway_id);
}

std::vector<std::string> TelemetrySqlite::touched_gateways(Time before, size_t most) {
  const std::lock_guard lock(reader_->mutex);
  return reader_->half_hours.touched_gateways(before, most);
}

Status TelemetrySqlite::keep(const std::string& gateway_id, const std::vector<service::HalfHour>& computed,
                             const std::vector<service::TouchedHalfHour>& touched) {
  return writer_->transact([&] { writer_->half_hours.keep(gateway_id, computed, touched); });
}

Result<int> TelemetrySqlite::forget_samples(Time before, int most) {
  int forgotten = 0;
  const Status done = writer_->transact([&] {
    writer_->count_oldest.bind(before, most).execute();
    writer_->forget_oldest.bind(before, most).execute();
    forgotten = sqlite3_changes(writer_->connection.handle());
  });
  if (!done) return fail(done.error());
  return forgotten;
}

std::vector<StreamLedger> TelemetrySqlite::ledger(const std::string& gateway_id) {
  const std::lock_guard lock(reader_->mutex);
  auto& row = reader_->ledger.bind(gateway_id);
  std::vector<StreamLedger> ledgers;
  while (row.step()) {
    const auto count = [&](int column) { return static_cast<std::uint64_t>(row.number(column)); };
    StreamLedger ledger;
    ledger.stream = lower(row.text(0));
    ledger.mark = count(1);
    ledger.stored = count(2) + count(4) + count(8);
    ledger.doubled = count(3) - count(2) + count(5) - count(4);
    ledger.put_aside = count(6);
    ledger.dropped = count(7);
    const auto known = ledger.stored + ledger.put_aside + ledger.dropped;
    ledger.missing = ledger.mark > known ? ledger.mark - known : 0;
    ledgers.push_back(std::move(ledger));
  }
  return ledgers;
}

}  // namespace v2x::store
