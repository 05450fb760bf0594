#include "backend/store/telemetry_sqlite.hpp"

#include <algorithm>
#include <cctype>
#include <mutex>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "backend/service/registry.hpp"
#include "backend/store/half_hours_sqlite.hpp"
#include "backend/store/hex.hpp"
#include "backend/store/new_entries.hpp"
#include "backend/store/sample_columns.hpp"
#include "backend/store/sqlite.hpp"
#include "backend/store/telemetry_sqlite_layout.hpp"
#include "common/bad_input.hpp"

namespace v2x::store {
namespace {

using service::CounterReading;
using service::SeqKind;
using service::StreamKey;
using service::StreamLedger;
using service::TelemetryBatch;
using service::TelemetryEntry;
using service::TelemetrySample;

constexpr size_t kMostStreams = 100'000;  // remembered by the writer: some 10 MB
constexpr size_t kMostReaders = 4;        // side by side; a short question need not wait for a year

constexpr auto kInsertSample =
    "INSERT INTO samples VALUES "
    "(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17,?18,?19,?20,?21,?22,?23)";

// A gateway mostly has one stream. Those that want the first row ask each of them: an index is read from its end then.
constexpr auto kNewest =
    "SELECT end_us, length_us, pv_w, load_w, buy_w, sell_w, charge_w, discharge_w, pv_wh, load_wh, buy_wh, sell_wh, "
    "charge_wh, discharge_wh, throttle, island, ev_state, soc_permille, remaining_wh, units FROM samples "
    "WHERE stream = ?1 AND skewed = 0 AND end_us > ?2 AND end_us <= ?3 AND end_us - length_us >= ?2 "
    "ORDER BY end_us DESC LIMIT 1";

#define V2X_READING                                                                                                \
  "SELECT end_us, pv_wh, load_wh, buy_wh, sell_wh, charge_wh, discharge_wh, length_us, soc_permille FROM samples " \
  "WHERE "

constexpr auto kCounters = V2X_READING
    "stream IN (SELECT id FROM streams WHERE gateway = ?1) AND skewed = 0 AND end_us > ?2 "
    "AND end_us <= ?3 ORDER BY end_us, seq";
constexpr auto kCounterBefore =
    V2X_READING "stream = ?1 AND skewed = 0 AND end_us >= ?2 AND end_us <= ?3 ORDER BY end_us DESC LIMIT 1";
constexpr auto kCounterAfter = V2X_READING "stream = ?1 AND skewed = 0 AND end_us > ?2 ORDER BY end_us LIMIT 1";

#undef V2X_READING

constexpr auto kSkewed =
    "SELECT EXISTS (SELECT 1 FROM samples WHERE stream IN (SELECT id FROM streams WHERE gateway = ?1) AND skewed = 1 "
    "AND end_us >= ?2)";

// Per stream: distinct and all rows of samples, and of each other kind the numbers that they cover.
constexpr auto kLedger = R"(
SELECT hex(stream), mark,
  (SELECT count(DISTINCT seq) FROM samples WHERE samples.stream = streams.id),
  (SELECT count(*) FROM samples WHERE samples.stream = streams.id),
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

CounterReading reading_of(const sqlite::Statement& row) {
  return {row.time(0), flows_of(row, 1), Duration(row.number(7)), small_number(row, 8)};
}

/// The only row, if there is one.
std::optional<CounterReading> one_reading(sqlite::Statement& row) {
  std::optional<CounterReading> reading;
  while (row.step()) reading = reading_of(row);
  return reading;
}

std::string lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

/// Of the one that writes: the file is laid out afterwards.
sqlite::Connection opened_to_write(const std::filesystem::path& file, Durability durability) {
  sqlite::Connection connection(file);
  connection.run("PRAGMA journal_mode = WAL");
  connection.run("PRAGMA cache_size = -65536");  // KiB: the ends of the index of 10,000 gateways
  connection.run(durability == Durability::full ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
  migrate_telemetry(connection);
  return connection;
}

sqlite::Connection opened_to_read(const std::filesystem::path& file) {
  sqlite::Connection connection(file);
  connection.run("PRAGMA query_only = ON");
  connection.run("PRAGMA cache_size = -32768");  // KiB: the ends of the index of 10,000 gateways, for each reader
  return connection;
}

}  // namespace

struct TelemetrySqlite::Writer {
  struct Stream {
    std::int64_t id = 0;  ///< SQLite gives none below 1
    std::uint64_t mark = 0;
  };

  Writer(const std::filesystem::path& file, Durability durability) : connection(opened_to_write(file, durability)) {}

  std::mutex mutex;  // guards everything below
  sqlite::Connection connection;
  sqlite::Statement begin{connection, "BEGIN IMMEDIATE"};
  sqlite::Statement commit{connection, "COMMIT"};
  sqlite::Statement rollback{connection, "ROLLBACK"};
  sqlite::Statement find_stream{connection, "SELECT id, mark FROM streams WHERE gateway = ?1 AND stream = ?2"};
  sqlite::Statement make_stream{connection,
                                "INSERT INTO streams (gateway, stream, mark) VALUES (?1, ?2, 0) RETURNING id, mark"};
  sqlite::Statement set_mark{connection, "UPDATE streams SET mark = ?2 WHERE id = ?1"};
  sqlite::Statement insert_sample{connection, kInsertSample};
  sqlite::Statement insert_number{connection, "INSERT INTO numbers VALUES (?1, ?2, ?3, ?4, ?5, ?6)"};
  sqlite::Statement count_oldest{connection, kCountOldest};
  sqlite::Statement forget_oldest{connection, kForgetOldest};
  HalfHourWriter half_hours{connection};
  std::unordered_map<std::string, Stream> streams;  ///< by gateway and stream; nobody else writes them

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
      streams.clear();
      if (sqlite3_get_autocommit(connection.handle()) == 0) rollback.bind().execute();
      return fail("store", error.what());
    }
  }

  /// The stream as the file has it, made when it is new.
  Stream& stream_of(const StreamKey& key) {
    if (streams.size() >= kMostStreams) streams.clear();
    const auto [known, is_new] = streams.try_emplace(key.gateway_id + key.stream);
    Stream& stream = known->second;
    const auto ask = [&](sqlite::Statement& statement) {
      statement.bind(key.gateway_id, bytes_of_hex(key.stream));
      while (statement.step()) stream = {statement.number(0), static_cast<std::uint64_t>(statement.number(1))};
    };
    if (is_new) ask(find_stream);
    if (stream.id == 0) ask(make_stream);
    return stream;
  }

  void store(const TelemetryBatch& batch) {
    Stream& stream = stream_of(batch.key);
    if (leaves_hole(batch, stream.mark)) throw service::StoreError(hole_text(batch, stream.mark));
    for_each_new(batch, stream.mark, [&](const TelemetryEntry& entry, std::uint64_t first_seq) {
      if (entry.kind == SeqKind::sample)
        store_sample(batch.key.gateway_id, stream.id, entry);
      else
        insert_number
            .bind(stream.id, first_seq, std::max(entry.seq, entry.until_seq), static_cast<int>(entry.kind),
                  entry.reason, entry.raw)
            .execute();
    });
    if (batch.mark <= stream.mark) return;
    set_mark.bind(stream.id, batch.mark).execute();
    stream.mark = batch.mark;
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
        .bind(stream, entry.seq, s.end(), s.length, s.skewed, w.pv, w.load, w.buy, w.sell, w.charge, w.discharge, wh.pv,
              wh.load, wh.buy, wh.sell, wh.charge, wh.discharge, static_cast<int>(s.throttle), s.island, state, soc,
              remaining, std::string_view(s.units))
        .execute();
    if (!s.skewed) half_hours.touch(gateway_id, s.end());
  }
};

/// One connection with its statements; used by one thread at a time. Each statement sees what is committed when it
/// begins.
struct TelemetrySqlite::Reader {
  explicit Reader(const std::filesystem::path& file) : connection(opened_to_read(file)) {}

  sqlite::Connection connection;
  sqlite::Statement streams{connection, "SELECT id FROM streams WHERE gateway = ?1 ORDER BY id"};
  sqlite::Statement mark{connection, "SELECT mark FROM streams WHERE gateway = ?1 AND stream = ?2"};
  sqlite::Statement newest{connection, kNewest};
  sqlite::Statement counters{connection, kCounters};
  sqlite::Statement counter_before{connection, kCounterBefore};
  sqlite::Statement counter_after{connection, kCounterAfter};
  sqlite::Statement skewed{connection, kSkewed};
  sqlite::Statement ledger{connection, kLedger};
  HalfHourReader half_hours{connection};

  std::vector<std::int64_t> streams_of(const std::string& gateway_id) {
    std::vector<std::int64_t> ids;
    streams.bind(gateway_id);
    while (streams.step()) ids.push_back(streams.number(0));
    return ids;
  }
};

TelemetrySqlite::TelemetrySqlite(const std::filesystem::path& file, Durability durability) {
  try {
    writer_ = std::make_unique<Writer>(file, durability);
    readers_ = std::make_unique<Pool<Reader>>(kMostReaders, [file] { return std::make_unique<Reader>(file); });
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
  const auto reader = readers_->take();
  auto& query = reader->mark.bind(key.gateway_id, bytes_of_hex(key.stream));
  std::uint64_t mark = 0;
  while (query.step()) mark = static_cast<std::uint64_t>(query.number(0));
  return mark;
}

std::optional<TelemetrySample> TelemetrySqlite::newest(const std::string& gateway_id, Time from, Time until) {
  const auto reader = readers_->take();
  std::optional<TelemetrySample> newest;
  for (const auto stream : reader->streams_of(gateway_id)) {
    auto& row = reader->newest.bind(stream, from, until);
    while (row.step())
      if (!newest || newest->end() < row.time(0)) newest = sample_of(row, row.text(19));
  }
  return newest;
}

std::vector<CounterReading> TelemetrySqlite::counters(const std::string& gateway_id, Time from, Time until) {
  const auto reader = readers_->take();
  auto& row = reader->counters.bind(gateway_id, from, until);
  std::vector<CounterReading> readings;
  while (row.step()) readings.push_back(reading_of(row));
  return readings;
}

std::optional<CounterReading> TelemetrySqlite::counter_before(const std::string& gateway_id, Time from, Time at) {
  const auto reader = readers_->take();
  std::optional<CounterReading> newest;
  for (const auto stream : reader->streams_of(gateway_id)) {
    const auto found = one_reading(reader->counter_before.bind(stream, from, at));
    if (found && (!newest || newest->at < found->at)) newest = found;
  }
  return newest;
}

std::optional<CounterReading> TelemetrySqlite::counter_after(const std::string& gateway_id, Time at) {
  const auto reader = readers_->take();
  std::optional<CounterReading> oldest;
  for (const auto stream : reader->streams_of(gateway_id)) {
    const auto found = one_reading(reader->counter_after.bind(stream, at));
    if (found && (!oldest || found->at < oldest->at)) oldest = found;
  }
  return oldest;
}

bool TelemetrySqlite::has_skewed(const std::string& gateway_id, Time from) {
  const auto reader = readers_->take();
  auto& row = reader->skewed.bind(gateway_id, from);
  bool found = false;
  while (row.step()) found = row.number(0) != 0;
  return found;
}

std::vector<service::HalfHour> TelemetrySqlite::half_hours(const std::string& gateway_id, Time from, Time until) {
  const auto reader = readers_->take();
  return reader->half_hours.half_hours(gateway_id, from, until);
}

std::vector<service::TouchedHalfHour> TelemetrySqlite::touched(const std::string& gateway_id) {
  const auto reader = readers_->take();
  return reader->half_hours.touched(gateway_id);
}

std::vector<std::string> TelemetrySqlite::touched_gateways(Time before, size_t most) {
  const auto reader = readers_->take();
  return reader->half_hours.touched_gateways(before, most);
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
  const auto reader = readers_->take();
  auto& row = reader->ledger.bind(gateway_id);
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
