#include "backend/store/half_hours_sqlite.hpp"

#include <algorithm>

#include "backend/service/half_hours.hpp"

namespace v2x::store {

using service::HalfHour;
using service::TouchedHalfHour;

namespace {

constexpr Duration kReservedFor = std::chrono::days(366);  // a year is what a graph asks for at most

#define V2X_TOUCHED "touched * 1800000000"  // of `progress`, in microseconds
#define V2X_TOUCH "ON CONFLICT (gateway, start_us) DO UPDATE SET version = max(version, excluded.version)"
constexpr auto kTouch = "INSERT INTO touched_half_hours VALUES (?1, ?2, ?3) " V2X_TOUCH;
constexpr auto kSetAside =
    "INSERT INTO touched_half_hours SELECT gateway, " V2X_TOUCHED
    ", touched_version FROM progress "
    "JOIN streams ON streams.id = progress.stream WHERE progress.stream = ?1 AND touched IS NOT NULL " V2X_TOUCH;
#undef V2X_TOUCH

constexpr auto kTouched =
    "SELECT start_us, max(version) FROM ("
    "SELECT start_us, version FROM touched_half_hours WHERE gateway = ?1 UNION ALL "
    "SELECT " V2X_TOUCHED
    ", touched_version FROM streams JOIN progress ON progress.stream = id "
    "WHERE gateway = ?1 AND touched IS NOT NULL) GROUP BY start_us ORDER BY start_us";
constexpr auto kTouchedGateways =
    "SELECT gateway FROM touched_half_hours WHERE start_us < ?1 UNION "
    "SELECT gateway FROM progress JOIN streams ON id = progress.stream WHERE " V2X_TOUCHED " < ?1 ORDER BY 1 LIMIT ?2";

}  // namespace

const char* const kHalfHourSchema = R"(
CREATE TABLE IF NOT EXISTS half_hours (
  gateway BLOB NOT NULL, start_us INTEGER NOT NULL,
  pv_wh INTEGER, load_wh INTEGER, buy_wh INTEGER, sell_wh INTEGER, charge_wh INTEGER, discharge_wh INTEGER,
  soc_permille INTEGER, estimated INTEGER NOT NULL, suspect INTEGER NOT NULL, PRIMARY KEY (gateway, start_us)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS touched_half_hours (
  gateway BLOB NOT NULL, start_us INTEGER NOT NULL, version INTEGER NOT NULL, PRIMARY KEY (gateway, start_us)) WITHOUT ROWID;
)";

HalfHourWriter::HalfHourWriter(sqlite::Connection& connection)
    : touch_(connection, kTouch),
      set_aside_(connection, kSetAside),
      keep_(connection, "INSERT OR REPLACE INTO half_hours VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)"),
      settle_(connection, "DELETE FROM touched_half_hours WHERE gateway = ?1 AND start_us = ?2 AND version <= ?3"),
      settle_latest_(connection,
                     "UPDATE progress SET touched = NULL WHERE stream IN (SELECT id FROM streams WHERE gateway = ?1) "
                     "AND " V2X_TOUCHED " = ?2 AND touched_version <= ?3") {
  sqlite::Statement newest(connection,
                           "SELECT max(coalesce((SELECT max(version) FROM touched_half_hours), 0), "
                           "coalesce((SELECT max(touched_version) FROM progress), 0))");
  while (newest.step()) version_ = static_cast<std::uint64_t>(newest.number(0));
}

void HalfHourWriter::touch(const std::string& gateway_id, Time start) {
  touch_.bind(gateway_id, start, version_).execute();
}

void HalfHourWriter::set_aside(std::int64_t stream) {
  set_aside_.bind(stream).execute();
}

void HalfHourWriter::keep(const std::string& gateway_id, const std::vector<HalfHour>& computed,
                          const std::vector<TouchedHalfHour>& touched) {
  for (const auto& one : computed) {
    const auto& wh = one.energy_wh;
    keep_
        .bind(gateway_id, one.start, wh.pv, wh.load, wh.buy, wh.sell, wh.charge, wh.discharge, one.soc_permille,
              one.estimated, one.suspect)
        .execute();
  }
  for (const auto& one : touched)
    for (auto* settle : {&settle_, &settle_latest_}) settle->bind(gateway_id, one.start, one.version).execute();
}

HalfHourReader::HalfHourReader(sqlite::Connection& connection)
    : half_hours_(connection,
                  "SELECT start_us, pv_wh, load_wh, buy_wh, sell_wh, charge_wh, discharge_wh, soc_permille, estimated, "
                  "suspect FROM half_hours WHERE gateway = ?1 AND start_us >= ?2 AND start_us < ?3 ORDER BY start_us"),
      touched_(connection, kTouched),
      touched_gateways_(connection, kTouchedGateways) {}

std::vector<HalfHour> HalfHourReader::half_hours(const std::string& gateway_id, Time from, Time until) {
  auto& row = half_hours_.bind(gateway_id, from, until);
  std::vector<HalfHour> found;
  const auto asked = (std::min(until, from + kReservedFor) - from) / service::kHalfHour;
  found.reserve(static_cast<size_t>(std::max<std::int64_t>(asked, 0)));
  while (row.step()) {
    HalfHour& one = found.emplace_back();
    one.start = row.time(0);
    int column = 1;
    for (auto* flow : one.energy_wh.all()) *flow = row.maybe_number(column++);
    if (const auto soc = row.maybe_number(7)) one.soc_permille = static_cast<int>(*soc);
    one.estimated = row.number(8) != 0;
    one.suspect = row.number(9) != 0;
  }
  return found;
}

std::vector<TouchedHalfHour> HalfHourReader::touched(const std::string& gateway_id) {
  auto& row = touched_.bind(gateway_id);
  std::vector<TouchedHalfHour> found;
  while (row.step()) found.push_back({row.time(0), static_cast<std::uint64_t>(row.number(1))});
  return found;
}

std::vector<std::string> HalfHourReader::touched_gateways(Time before, size_t most) {
  auto& row = touched_gateways_.bind(before, static_cast<std::uint64_t>(most));
  std::vector<std::string> found;
  while (row.step()) found.push_back(row.text(0));
  return found;
}

}  // namespace v2x::store
