#include "backend/store/telemetry_postgres_writer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "backend/service/half_hours.hpp"
#include "backend/service/registry.hpp"
#include "backend/store/hex.hpp"
#include "backend/store/new_entries.hpp"

namespace v2x::store {
namespace {

using postgres::Begin;
using postgres::CopyIn;
using service::SeqKind;
using service::TelemetryBatch;
using service::TelemetryEntry;
using service::TelemetrySample;

constexpr std::int64_t kWeekUs = std::int64_t{7} * 24 * 3600 * 1'000'000;
constexpr auto kLockSchema = "SELECT pg_advisory_xact_lock(5570)";  // who makes or drops tables; any fixed number
constexpr std::int16_t kSampleColumns = 23;
constexpr std::int16_t kNumberColumns = 6;

// Weeks are partitions, so that old ones go at once. Keyed by stream and time: a day of a gateway is read by one range
// scan. Nothing is unique but the streams: the marks keep doubles out, and the ledger must be able to find one. Wide
// columns first, so that no byte is lost to alignment. docs/decisions.md has what was measured.
constexpr auto kSchema = R"(
CREATE TABLE IF NOT EXISTS streams (
  id INT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, gateway TEXT NOT NULL, stream BYTEA NOT NULL, mark BIGINT NOT NULL,
  UNIQUE (gateway, stream)) WITH (fillfactor = 50);
CREATE TABLE IF NOT EXISTS samples (
  seq BIGINT NOT NULL, end_us BIGINT NOT NULL, length_us BIGINT NOT NULL,
  pv_wh BIGINT, load_wh BIGINT, buy_wh BIGINT, sell_wh BIGINT, charge_wh BIGINT, discharge_wh BIGINT,
  stream INT NOT NULL, pv_w INT, load_w INT, buy_w INT, sell_w INT, charge_w INT, discharge_w INT,
  remaining_wh INT, ev_state SMALLINT, soc_permille SMALLINT, throttle SMALLINT NOT NULL,
  skewed BOOL NOT NULL, island BOOL NOT NULL, units BYTEA NOT NULL) PARTITION BY RANGE (end_us);
CREATE INDEX IF NOT EXISTS samples_by_time ON samples (stream, end_us);
CREATE INDEX IF NOT EXISTS samples_skewed ON samples (stream, end_us) WHERE skewed;
CREATE INDEX IF NOT EXISTS samples_oldest ON samples USING brin (end_us);
CREATE TABLE IF NOT EXISTS numbers (
  stream INT NOT NULL, first_seq BIGINT NOT NULL, last_seq BIGINT NOT NULL, kind SMALLINT NOT NULL,
  reason BYTEA NOT NULL, raw BYTEA NOT NULL);
CREATE INDEX IF NOT EXISTS numbers_of_stream ON numbers (stream, first_seq);
CREATE TABLE IF NOT EXISTS half_hours (
  gateway TEXT NOT NULL, start_us BIGINT NOT NULL,
  pv_wh BIGINT, load_wh BIGINT, buy_wh BIGINT, sell_wh BIGINT, charge_wh BIGINT, discharge_wh BIGINT,
  soc_permille SMALLINT, estimated BOOL NOT NULL, suspect BOOL NOT NULL, PRIMARY KEY (gateway, start_us));
CREATE SEQUENCE IF NOT EXISTS half_hour_versions;
CREATE TABLE IF NOT EXISTS touched_half_hours (
  gateway TEXT NOT NULL, start_us BIGINT NOT NULL, version BIGINT NOT NULL,
  PRIMARY KEY (gateway, start_us)) WITH (fillfactor = 50);
CREATE TABLE IF NOT EXISTS forgotten (stream INT PRIMARY KEY, samples BIGINT NOT NULL);
CREATE TABLE IF NOT EXISTS retention (until_us BIGINT NOT NULL);
INSERT INTO retention SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM retention);
)";

/// A database's layout is how many of these it has seen. The first databases did not count, so the first is harmless
/// where it has been.
constexpr std::array<const char*, 1> kLayouts{kSchema};

constexpr auto kCopySamples =
    "COPY samples (seq, end_us, length_us, pv_wh, load_wh, buy_wh, sell_wh, charge_wh, discharge_wh, stream, pv_w, "
    "load_w, buy_w, sell_w, charge_w, discharge_w, remaining_wh, ev_state, soc_permille, throttle, skewed, island, "
    "units) FROM STDIN (FORMAT binary)";

constexpr auto kCopyNumbers =
    "COPY numbers (stream, first_seq, last_seq, kind, reason, raw) FROM STDIN (FORMAT binary)";

constexpr auto kMakeStreams =
    "INSERT INTO streams (gateway, stream, mark) SELECT *, 0 FROM unnest($1::text[], $2::bytea[]) "
    "ON CONFLICT (gateway, stream) DO NOTHING";

// In the order of ids, so that two processes never wait for each other in a circle.
constexpr auto kLockStreams =
    "SELECT place, id, mark FROM unnest($1::text[], $2::bytea[]) WITH ORDINALITY AS wanted (gateway, stream, place) "
    "JOIN streams USING (gateway, stream) ORDER BY id FOR UPDATE OF streams";

constexpr auto kSetMarks =
    "UPDATE streams SET mark = reached.mark FROM unnest($1::int[], $2::bigint[]) AS reached (id, mark) "
    "WHERE streams.id = reached.id";

constexpr auto kTouch =
    "INSERT INTO touched_half_hours (gateway, start_us, version) "
    "SELECT gateway, start_us, $3::bigint FROM unnest($1::text[], $2::bigint[]) AS t (gateway, start_us) ORDER BY 1, 2 "
    "ON CONFLICT (gateway, start_us) DO UPDATE "
    "SET version = greatest(touched_half_hours.version + 1, excluded.version)";

constexpr auto kKeep =
    "INSERT INTO half_hours VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) "
    "ON CONFLICT (gateway, start_us) DO UPDATE SET pv_wh = excluded.pv_wh, load_wh = excluded.load_wh, "
    "buy_wh = excluded.buy_wh, sell_wh = excluded.sell_wh, charge_wh = excluded.charge_wh, "
    "discharge_wh = excluded.discharge_wh, soc_permille = excluded.soc_permille, estimated = excluded.estimated, "
    "suspect = excluded.suspect";

std::int64_t us_of(Time t) {
  return t.time_since_epoch().count();
}

std::int64_t week_of(Time end) {
  return us_of(end) / kWeekUs;  // no sample is older than 1970
}

std::string week_name(std::int64_t week) {
  return fmt::format("samples_{}", week);
}

template <class Value>
void copy_flows(CopyIn& copy, const service::Flows<std::int64_t>& flows, Value value) {
  for (const auto* flow : flows.all()) {
    if (*flow)
      (copy.*value)(**flow);
    else
      copy.null();
  }
}

void copy_ev(CopyIn& copy, const std::optional<service::EvReading>& ev) {
  const auto maybe = [&](const std::optional<int>& value, auto write) {
    if (value)
      (copy.*write)(*value);
    else
      copy.null();
  };
  maybe(ev ? ev->remaining_wh : std::nullopt, &CopyIn::int4);
  maybe(ev ? std::optional(static_cast<int>(ev->state)) : std::nullopt, &CopyIn::int2);
  maybe(ev ? ev->soc_permille : std::nullopt, &CopyIn::int2);
}

void copy_sample(CopyIn& copy, std::int64_t stream, std::uint64_t seq, const TelemetrySample& sample) {
  copy.row(kSampleColumns);
  copy.int8(static_cast<std::int64_t>(seq));
  copy.int8(us_of(sample.end()));
  copy.int8(sample.length.count());
  copy_flows(copy, sample.counter_wh, &CopyIn::int8);
  copy.int4(stream);
  copy_flows(copy, sample.mean_w, &CopyIn::int4);
  copy_ev(copy, sample.ev);
  copy.int2(static_cast<int>(sample.throttle));
  copy.truth(sample.skewed);
  copy.truth(sample.island);
  copy.bytes(sample.units);
}

}  // namespace

TelemetryPostgresWriter::TelemetryPostgresWriter(const std::string& url) : connection_(url) {
  Begin begun(connection_);
  connection_.run(kLockSchema);
  connection_.run("CREATE TABLE IF NOT EXISTS telemetry_layout (number INT NOT NULL)");
  const auto seen =
      static_cast<size_t>(connection_.query("SELECT coalesce(max(number), 0) FROM telemetry_layout").number(0, 0));
  if (seen > kLayouts.size())
    throw service::StoreError(
        fmt::format("PostgreSQL: its telemetry's layout is {}, expected at most {}: a newer program made it", seen,
                    kLayouts.size()));
  for (size_t next = seen; next < kLayouts.size(); ++next) connection_.run(kLayouts[next]);
  if (seen < kLayouts.size())
    connection_.query("INSERT INTO telemetry_layout VALUES ($1)", static_cast<int>(kLayouts.size()));
  begun.commit();
}

void TelemetryPostgresWriter::commit(const std::vector<TelemetryBatch>& batches) {
  make_weeks(batches);
  try {
    Begin begun(connection_);
    const auto streams = lock_streams(batches);
    copy_samples(batches, streams);
    copy_numbers(batches, streams);
    touch(batches);
    set_marks(batches, streams);
    begun.commit();
  } catch (const service::StoreError&) {
    weeks_.clear();  // perhaps another process has dropped one
    throw;
  }
}

void TelemetryPostgresWriter::make_weeks(const std::vector<TelemetryBatch>& batches) {
  std::set<std::int64_t> missing;
  for (const auto& batch : batches)
    for (const auto& entry : batch.entries)
      if (entry.kind == SeqKind::sample && !weeks_.contains(week_of(entry.sample.end())))
        missing.insert(week_of(entry.sample.end()));
  if (missing.empty()) return;
  Begin begun(connection_);
  connection_.run(kLockSchema);
  for (const auto week : missing)
    connection_.run(fmt::format("CREATE TABLE IF NOT EXISTS {} PARTITION OF samples FOR VALUES FROM ({}) TO ({})",
                                week_name(week), week * kWeekUs, (week + 1) * kWeekUs));
  begun.commit();
  weeks_.merge(missing);
}

std::vector<TelemetryPostgresWriter::Stream> TelemetryPostgresWriter::lock_streams(
    const std::vector<TelemetryBatch>& batches) {
  std::vector<std::string> gateways, names;
  for (const auto& batch : batches) {
    gateways.push_back(batch.key.gateway_id);
    names.push_back(postgres::to_bytea(bytes_of_hex(batch.key.stream)));
  }
  auto rows = connection_.query(kLockStreams, gateways, names);
  if (rows.size() < static_cast<int>(batches.size())) {
    connection_.query(kMakeStreams, gateways, names);
    rows = connection_.query(kLockStreams, gateways, names);
  }
  std::vector<Stream> streams(batches.size());
  for (int row = 0; row < rows.size(); ++row)
    streams.at(static_cast<size_t>(rows.number(row, 0) - 1)) = {rows.number(row, 1),
                                                                static_cast<std::uint64_t>(rows.number(row, 2))};
  for (size_t i = 0; i < batches.size(); ++i)
    if (leaves_hole(batches[i], streams[i].mark)) throw service::StoreError(hole_text(batches[i], streams[i].mark));
  return streams;
}

void TelemetryPostgresWriter::copy_samples(const std::vector<TelemetryBatch>& batches,
                                           const std::vector<Stream>& streams) {
  CopyIn copy(connection_, kCopySamples);
  for (size_t i = 0; i < batches.size(); ++i)
    for_each_new(batches[i], streams[i].mark, [&](const TelemetryEntry& entry, std::uint64_t seq) {
      if (entry.kind == SeqKind::sample) copy_sample(copy, streams[i].id, seq, entry.sample);
    });
  copy.finish();
}

void TelemetryPostgresWriter::copy_numbers(const std::vector<TelemetryBatch>& batches,
                                           const std::vector<Stream>& streams) {
  std::optional<CopyIn> copy;
  for (size_t i = 0; i < batches.size(); ++i)
    for_each_new(batches[i], streams[i].mark, [&](const TelemetryEntry& entry, std::uint64_t first_seq) {
      if (entry.kind == SeqKind::sample) return;
      if (!copy) copy.emplace(connection_, kCopyNumbers);
      copy->row(kNumberColumns);
      copy->int4(streams[i].id);
      copy->int8(static_cast<std::int64_t>(first_seq));
      copy->int8(static_cast<std::int64_t>(std::max(entry.seq, entry.until_seq)));
      copy->int2(static_cast<int>(entry.kind));
      copy->bytes(entry.reason);
      copy->bytes(entry.raw);
    });
  if (copy) copy->finish();
}

void TelemetryPostgresWriter::touch(const std::vector<TelemetryBatch>& batches) {
  const auto touched = touched_by(batches);
  if (touched.empty()) return;
  std::vector<std::string> gateways;
  std::vector<std::int64_t> starts;
  for (const auto& [gateway, start] : touched) {
    gateways.push_back(gateway);
    starts.push_back(us_of(start));
  }
  const auto version = connection_.query("SELECT nextval('half_hour_versions')").number(0, 0);
  connection_.query(kTouch, gateways, starts, version);
}

void TelemetryPostgresWriter::set_marks(const std::vector<TelemetryBatch>& batches,
                                        const std::vector<Stream>& streams) {
  std::vector<std::int64_t> ids, marks;
  for (size_t i = 0; i < batches.size(); ++i) {
    if (batches[i].mark <= streams[i].mark) continue;
    ids.push_back(streams[i].id);
    marks.push_back(static_cast<std::int64_t>(batches[i].mark));
  }
  if (!ids.empty()) connection_.query(kSetMarks, ids, marks);
}

void TelemetryPostgresWriter::keep(const std::string& gateway_id, const std::vector<service::HalfHour>& computed,
                                   const std::vector<service::TouchedHalfHour>& touched) {
  Begin begun(connection_);
  for (const auto& one : computed) {
    const auto& wh = one.energy_wh;
    connection_.query(kKeep, gateway_id, one.start, wh.pv, wh.load, wh.buy, wh.sell, wh.charge, wh.discharge,
                      one.soc_permille, one.estimated, one.suspect);
  }
  for (const auto& one : touched)
    connection_.query("DELETE FROM touched_half_hours WHERE gateway = $1 AND start_us = $2 AND version = $3",
                      gateway_id, one.start, one.version);
  begun.commit();
}

Time TelemetryPostgresWriter::forgotten_until() {
  return connection_.query("SELECT until_us FROM retention").time(0, 0);
}

std::int64_t TelemetryPostgresWriter::forget(Time before) {
  Begin begun(connection_);
  connection_.run(kLockSchema);
  const Time until = forgotten_until();
  if (before <= until) return 0;
  const std::int64_t hidden =
      connection_.query("SELECT count(*) FROM samples WHERE end_us >= $1 AND end_us < $2", until, before).number(0, 0);
  connection_.query("UPDATE retention SET until_us = $1", before);
  const auto weeks = connection_.query(
      "SELECT substr(relname, 9)::bigint FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid "
      "WHERE inhparent = 'samples'::regclass");
  for (int row = 0; row < weeks.size(); ++row)
    if ((weeks.number(row, 0) + 1) * kWeekUs <= us_of(before)) drop_week(weeks.number(row, 0));
  begun.commit();
  return hidden;
}

void TelemetryPostgresWriter::drop_week(std::int64_t week) {
  const std::string name = week_name(week);
  connection_.run(fmt::format("LOCK TABLE {} IN EXCLUSIVE MODE", name));  // nothing may come between count and drop
  connection_.run(
      fmt::format("INSERT INTO forgotten SELECT stream, count(DISTINCT seq) FROM {} GROUP BY stream "
                  "ON CONFLICT (stream) DO UPDATE SET samples = forgotten.samples + excluded.samples",
                  name));
  connection_.run(fmt::format("DROP TABLE {}", name));
  weeks_.erase(week);
}

}  // namespace v2x::store
