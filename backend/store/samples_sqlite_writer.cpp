#include "backend/store/samples_sqlite_writer.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <string_view>

#include "backend/service/half_hours.hpp"
#include "backend/service/registry.hpp"
#include "backend/store/hex.hpp"
#include "backend/store/new_entries.hpp"

namespace v2x::store {

using service::SeqKind;
using service::StreamKey;
using service::TelemetryBatch;
using service::TelemetryEntry;
using service::TelemetrySample;

namespace {

constexpr size_t kMostStreams = 100'000;  // remembered by the writer: some 10 MB
constexpr int kWaypointEvery = 64;        // rows of a chain: default, a walk begins at most that far from what it wants

constexpr auto kFindStream =
    "SELECT streams.id, mark, newest_row, (SELECT end_us FROM samples WHERE rowid = newest_row), touched, "
    "touched_version FROM streams JOIN progress ON progress.stream = streams.id "
    "WHERE streams.gateway = ?1 AND streams.stream = ?2";
constexpr auto kInsertSample =
    "INSERT INTO samples VALUES "
    "(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17,?18,?19,?20,?21,?22,?23,?24)";

// Samples are appended, so the oldest have the lowest rowid. Skewed ones are dated far ahead: they would stand in front
// of the others for that long, so they are looked for on their own.
constexpr auto kForgetOldest =
    "DELETE FROM samples WHERE rowid IN ("
    "SELECT rowid FROM (SELECT rowid, end_us FROM samples WHERE skewed = 0 ORDER BY rowid LIMIT ?2) WHERE end_us < ?1 "
    "UNION ALL SELECT rowid FROM samples WHERE skewed = 1 AND end_us < ?1 LIMIT ?2) "
    "RETURNING stream, end_us, before IS NOT NULL";
constexpr auto kCountForgotten =
    "INSERT INTO forgotten VALUES (?1, ?2) ON CONFLICT (stream) DO UPDATE SET samples = samples + excluded.samples";
// SQLite may give the last row's number again when that is deleted. A row that is there names no later one.
constexpr auto kEndChains =
    "UPDATE progress SET newest_row = 0 WHERE newest_row > 0 "
    "AND NOT EXISTS (SELECT 1 FROM samples WHERE rowid = newest_row)";

}  // namespace

SampleWriter::SampleWriter(sqlite::Connection& connection, HalfHourWriter& half_hours)
    : connection_(connection),
      half_hours_(half_hours),
      find_stream_(connection, kFindStream),
      make_stream_(connection, "INSERT INTO streams (gateway, stream) VALUES (?1, ?2) RETURNING id"),
      make_progress_(connection, "INSERT INTO progress VALUES (?1, 0, 0, NULL, 0)"),
      progress_(connection, "UPDATE progress SET mark = ?2, newest_row = ?3 WHERE stream = ?1"),
      progress_and_touch_(connection,
                          "UPDATE progress SET mark = ?2, newest_row = ?3, touched = ?4, touched_version = ?5 "
                          "WHERE stream = ?1"),
      insert_sample_(connection, kInsertSample),
      insert_waypoint_(connection, "INSERT INTO waypoints VALUES (?1, ?2, ?3)"),
      insert_number_(connection, "INSERT INTO numbers VALUES (?1, ?2, ?3, ?4, ?5, ?6)") {}

void SampleWriter::store(const TelemetryBatch& batch) {
  Stream& stream = stream_of(batch.key);
  if (leaves_hole(batch, stream.mark)) throw service::StoreError(hole_text(batch, stream.mark));
  for_each_new(batch, stream.mark, [&](const TelemetryEntry& entry, std::uint64_t first_seq) {
    if (entry.kind == SeqKind::sample)
      store_sample(batch.key.gateway_id, stream, entry);
    else
      insert_number_
          .bind(stream.id, first_seq, std::max(entry.seq, entry.until_seq), static_cast<int>(entry.kind), entry.reason,
                entry.raw)
          .execute();
  });
  if (batch.mark <= stream.mark) return;
  stream.mark = batch.mark;
  write_progress(stream);
}

/// The stream as the file has it, made when it is new.
SampleWriter::Stream& SampleWriter::stream_of(const StreamKey& key) {
  if (streams_.size() >= kMostStreams) streams_.clear();
  const auto [known, is_new] = streams_.try_emplace(key.gateway_id + key.stream);
  Stream& stream = known->second;
  if (!is_new) return stream;
  auto& found = find_stream_.bind(key.gateway_id, bytes_of_hex(key.stream));
  while (found.step()) {
    stream.id = found.number(0);
    stream.mark = static_cast<std::uint64_t>(found.number(1));
    if (!found.is_null(3)) stream.newest_row = found.number(2), stream.newest_end = found.time(3);
    if (!found.is_null(4)) stream.touched = Time(found.number(4) * service::kHalfHour);
    stream.touched_version = static_cast<std::uint64_t>(found.number(5));
  }
  if (stream.id == 0) {
    make_stream_.bind(key.gateway_id, bytes_of_hex(key.stream));
    while (make_stream_.step()) stream.id = make_stream_.number(0);
    make_progress_.bind(stream.id).execute();
  }
  // Streams that begin together set their waypoints apart.
  stream.until_waypoint = static_cast<int>(stream.id % kWaypointEvery);
  return stream;
}

void SampleWriter::store_sample(const std::string& gateway_id, Stream& stream, const TelemetryEntry& entry) {
  const TelemetrySample& s = entry.sample;
  std::optional<int> state, soc, remaining;
  if (s.ev) {
    state = static_cast<int>(s.ev->state);
    soc = s.ev->soc_permille;
    remaining = s.ev->remaining_wh;
  }
  const bool is_newest = !s.skewed && s.end() > stream.newest_end;
  const auto before = is_newest ? std::optional(stream.newest_row) : std::nullopt;
  const auto& w = s.mean_w;
  const auto& wh = s.counter_wh;
  insert_sample_
      .bind(stream.id, entry.seq, s.end(), s.length, s.skewed, w.pv, w.load, w.buy, w.sell, w.charge, w.discharge,
            wh.pv, wh.load, wh.buy, wh.sell, wh.charge, wh.discharge, static_cast<int>(s.throttle), s.island, state,
            soc, remaining, std::string_view(s.units), before)
      .execute();
  if (is_newest) extend(stream, s.end());
  if (!s.skewed) touch(gateway_id, stream, service::half_hour_of_end(s.end()));
}

/// By the row that was inserted last.
void SampleWriter::extend(Stream& stream, Time end) {
  stream.newest_row = sqlite3_last_insert_rowid(connection_.handle());
  stream.newest_end = end;
  if (--stream.until_waypoint > 0) return;
  insert_waypoint_.bind(stream.id, end, stream.newest_row).execute();
  stream.until_waypoint = kWaypointEvery;
}

/// The latest is written with the stream's progress, an earlier one becomes a row of its own.
void SampleWriter::touch(const std::string& gateway_id, Stream& stream, Time start) {
  const std::uint64_t version = half_hours_.version();
  if (stream.touched != start && stream.touched_version == version)
    half_hours_.touch(gateway_id, stream.touched);
  else if (stream.touched != start && stream.touched != Time::min())
    half_hours_.set_aside(stream.id);
  stream.touched = start;
  stream.touched_version = version;
}

void SampleWriter::write_progress(const Stream& stream) {
  if (stream.touched_version == half_hours_.version())
    progress_and_touch_
        .bind(stream.id, stream.mark, stream.newest_row, stream.touched.time_since_epoch() / service::kHalfHour,
              stream.touched_version)
        .execute();
  else
    progress_.bind(stream.id, stream.mark, stream.newest_row).execute();
}

int SampleWriter::forget(Time before, int most) {
  struct Forgotten {
    int samples = 0;
    Time chain_until = Time::min();
  };
  std::map<std::int64_t, Forgotten> of_streams;
  int forgotten = 0;
  sqlite::Statement oldest(connection_, kForgetOldest);
  for (oldest.bind(before, most); oldest.step(); ++forgotten) {
    Forgotten& of_stream = of_streams[oldest.number(0)];
    ++of_stream.samples;
    if (oldest.number(2) != 0) of_stream.chain_until = std::max(of_stream.chain_until, oldest.time(1));
  }
  if (forgotten == 0) return 0;
  sqlite::Statement count(connection_, kCountForgotten);
  sqlite::Statement waypoints(connection_, "DELETE FROM waypoints WHERE stream = ?1 AND end_us <= ?2");
  for (const auto& [stream, of_stream] : of_streams) {
    count.bind(stream, of_stream.samples).execute();
    waypoints.bind(stream, of_stream.chain_until).execute();
  }
  connection_.run(kEndChains);
  doubt();
  return forgotten;
}

}  // namespace v2x::store
