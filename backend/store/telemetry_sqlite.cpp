#include "backend/store/telemetry_sqlite.hpp"

#include <mutex>
#include <vector>

#include "backend/service/registry.hpp"
#include "backend/store/half_hours_sqlite.hpp"
#include "backend/store/samples_sqlite_reader.hpp"
#include "backend/store/samples_sqlite_writer.hpp"
#include "backend/store/sqlite.hpp"
#include "backend/store/telemetry_sqlite_layout.hpp"
#include "common/bad_input.hpp"

namespace v2x::store {

using service::CounterReading;
using service::StreamKey;
using service::StreamLedger;
using service::TelemetryBatch;
using service::TelemetrySample;

namespace {

constexpr size_t kMostReaders = 4;  // side by side; a short question need not wait for a year

/// Of the one that writes: the file is laid out afterwards.
sqlite::Connection opened_to_write(const std::filesystem::path& file, Durability durability) {
  sqlite::Connection connection(file);
  connection.run("PRAGMA page_size = 8192");  // of a new file; docs/decisions.md has what was measured
  connection.run("PRAGMA journal_mode = WAL");
  connection.run("PRAGMA wal_autocheckpoint = 500");  // pages: a commit that copies them takes some 10 ms more
  connection.run("PRAGMA cache_size = -65536");       // KiB: progress and latest half-hours of 10,000 gateways
  connection.run(durability == Durability::full ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
  migrate_telemetry(connection);
  return connection;
}

sqlite::Connection opened_to_read(const std::filesystem::path& file) {
  sqlite::Connection connection(file);
  connection.run("PRAGMA query_only = ON");
  connection.run("PRAGMA cache_size = -32768");  // KiB, of each reader: a day of some gateways
  return connection;
}

}  // namespace

struct TelemetrySqlite::Writer {
  Writer(const std::filesystem::path& file, Durability durability) : connection(opened_to_write(file, durability)) {}

  std::mutex mutex;  // guards everything below
  sqlite::Connection connection;
  sqlite::Statement begin{connection, "BEGIN IMMEDIATE"};
  sqlite::Statement commit{connection, "COMMIT"};
  sqlite::Statement rollback{connection, "ROLLBACK"};
  HalfHourWriter half_hours{connection};
  SampleWriter samples{connection, half_hours};

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
      samples.doubt();
      if (sqlite3_get_autocommit(connection.handle()) == 0) rollback.bind().execute();
      return fail("store", error.what());
    }
  }
};

/// One connection with its statements; used by one thread at a time.
struct TelemetrySqlite::Reader {
  explicit Reader(const std::filesystem::path& file) : connection(opened_to_read(file)) {}

  sqlite::Connection connection;
  SampleReader samples{connection};
  HalfHourReader half_hours{connection};
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
    for (const auto& batch : batches) writer_->samples.store(batch);
  });
}

std::uint64_t TelemetrySqlite::mark(const StreamKey& key) {
  return readers_->take()->samples.mark(key);
}

std::optional<TelemetrySample> TelemetrySqlite::newest(const std::string& gateway_id, Time from, Time until) {
  return readers_->take()->samples.newest(gateway_id, from, until);
}

std::vector<CounterReading> TelemetrySqlite::counters(const std::string& gateway_id, Time from, Time until) {
  return readers_->take()->samples.counters(gateway_id, from, until);
}

std::optional<CounterReading> TelemetrySqlite::counter_before(const std::string& gateway_id, Time from, Time at) {
  return readers_->take()->samples.counter_before(gateway_id, from, at);
}

std::optional<CounterReading> TelemetrySqlite::counter_after(const std::string& gateway_id, Time at) {
  return readers_->take()->samples.counter_after(gateway_id, at);
}

bool TelemetrySqlite::has_skewed(const std::string& gateway_id, Time from) {
  return readers_->take()->samples.has_skewed(gateway_id, from);
}

std::vector<service::HalfHour> TelemetrySqlite::half_hours(const std::string& gateway_id, Time from, Time until) {
  return readers_->take()->half_hours.half_hours(gateway_id, from, until);
}

std::vector<service::TouchedHalfHour> TelemetrySqlite::touched(const std::string& gateway_id) {
  return readers_->take()->half_hours.touched(gateway_id);
}

std::vector<std::string> TelemetrySqlite::touched_gateways(Time before, size_t most) {
  return readers_->take()->half_hours.touched_gateways(before, most);
}

Status TelemetrySqlite::keep(const std::string& gateway_id, const std::vector<service::HalfHour>& computed,
                             const std::vector<service::TouchedHalfHour>& touched) {
  return writer_->transact([&] { writer_->half_hours.keep(gateway_id, computed, touched); });
}

Result<int> TelemetrySqlite::forget_samples(Time before, int most) {
  int forgotten = 0;
  const Status done = writer_->transact([&] { forgotten = writer_->samples.forget(before, most); });
  if (!done) return fail(done.error());
  return forgotten;
}

std::vector<StreamLedger> TelemetrySqlite::ledger(const std::string& gateway_id) {
  return readers_->take()->samples.ledger(gateway_id);
}

}  // namespace v2x::store
