#include "backend/store/telemetry_sqlite_layout.hpp"

#include <fmt/format.h>

#include <array>

#include "backend/service/registry.hpp"
#include "backend/store/half_hours_sqlite.hpp"

namespace v2x::store {
namespace {

// Rows of `numbers` say what became of a number that is no sample: kind 1 event, 2 put aside, 3 dropped (a range).
// Nothing here is unique but the streams: the marks keep doubles out, and the ledger must be able to find one.
constexpr auto kByGateway = R"(
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

// Two small numbers as key: half the index, and no text is compared. docs/decisions.md has what was measured.
constexpr auto kByStream = R"(
DROP INDEX samples_by_time;
ALTER TABLE samples DROP COLUMN gateway;
CREATE INDEX samples_by_time ON samples (stream, end_us);
CREATE INDEX samples_skewed ON samples (stream, end_us) WHERE skewed = 1;
)";

// A chain per stream (samples_sqlite_writer.hpp): `before` is the row before it, 0 for the first, NULL for a sample
// apart, as all those are that were there before the chains. What every commit of a stream writes is narrow: a page
// holds 330 streams. `touched` is the half-hour that it touched last, in half-hours since 1970; the others are in
// touched_half_hours.
constexpr auto kByChain = R"(
CREATE TABLE progress (
  stream INTEGER PRIMARY KEY, mark INTEGER NOT NULL, newest_row INTEGER NOT NULL,
  touched INTEGER, touched_version INTEGER NOT NULL);
INSERT INTO progress SELECT id, mark, 0, NULL, 0 FROM streams;
ALTER TABLE streams DROP COLUMN mark;
ALTER TABLE samples ADD COLUMN before INTEGER;
DROP INDEX samples_by_time;
CREATE INDEX samples_apart ON samples (stream, end_us) WHERE before IS NULL;
CREATE TABLE waypoints (
  stream INTEGER NOT NULL, end_us INTEGER NOT NULL, row INTEGER NOT NULL, PRIMARY KEY (stream, end_us)) WITHOUT ROWID;
)";

/// A file's layout is how many of these it has seen. The first files did not count: theirs is the first one.
const std::array<const char*, 4> kLayouts{kByGateway, kHalfHourSchema, kByStream, kByChain};

}  // namespace

void migrate_telemetry(sqlite::Connection& connection) {
  connection.run("BEGIN IMMEDIATE");
  sqlite::Statement layout(connection, "PRAGMA user_version");
  size_t seen = 0;
  while (layout.step()) seen = static_cast<size_t>(layout.number(0));
  if (seen > kLayouts.size())
    throw service::StoreError(
        fmt::format("its layout is {}, expected at most {}: a newer program made it", seen, kLayouts.size()));
  for (size_t next = seen; next < kLayouts.size(); ++next) connection.run(kLayouts[next]);
  if (seen < kLayouts.size()) connection.run(fmt::format("PRAGMA user_version = {}", kLayouts.size()).c_str());
  connection.run("COMMIT");
}

}  // namespace v2x::store
