#include "backend/store/clickhouse_shard.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "backend/service/registry.hpp"
#include "backend/store/clickhouse_rows.hpp"
#include "backend/store/sample_columns.hpp"

namespace v2x::store {
namespace {

using clickhouse::literal;
using clickhouse::Row;
using service::CounterReading;
using service::StreamLedger;
using service::TelemetryBatch;
using service::TelemetrySample;

constexpr size_t kMostReaders = 8;
constexpr std::int64_t kWeekUs = std::int64_t{7} * 24 * 3600 * 1'000'000;
constexpr int kDaysOfTouches = 8;

// The server sorts all rows of a range for its first one, so a near range is asked first. The last holds everything.
constexpr std::array<Duration, 4> kWindows{std::chrono::hours(1), std::chrono::hours(24), std::chrono::hours(24 * 32),
                                           std::chrono::hours(24 * 365 * 200)};

// Rows that were written twice and not yet merged count once.
constexpr auto kOnce = "LIMIT 1 BY stream, seq";

// The half-hours with touches beyond what was kept, as (gateway, start_us, version).
std::string touched_where(const std::string& condition) {
  return fmt::format(
      "SELECT gateway, start_us, version FROM "
      "(SELECT gateway, start_us, max(of_second) AS version FROM "
      "(SELECT gateway, start_us, at * 1000000 + sum(touches) AS of_second FROM touches WHERE {0} "
      "GROUP BY gateway, start_us, at) GROUP BY gateway, start_us) "
      "ANY LEFT JOIN (SELECT gateway, start_us, max(version) AS kept FROM settled WHERE {0} GROUP BY gateway, "
      "start_us) "
      "USING gateway, start_us WHERE version > kept",
      condition);
}

clickhouse::Address default_database(clickhouse::Address address) {
  address.database = "default";
  return address;
}

}  // namespace

ClickhouseShard::ClickhouseShard(const clickhouse::Address& address)
    : writer_(address), readers_(kMostReaders, [address] { return std::make_unique<clickhouse::Client>(address); }) {
  clickhouse::Client(default_database(address)).run("CREATE DATABASE IF NOT EXISTS `" + address.database + "`");
  make_tables();
  forgotten_until_ = writer_.query("SELECT max(until_us) FROM retention").at(0).time(0);
}

// Two processes may do this at once: every statement does nothing where it has been done.
void ClickhouseShard::make_tables() {
  writer_.run("CREATE TABLE IF NOT EXISTS telemetry_layout (number UInt32) ENGINE = MergeTree ORDER BY number");
  const auto seen = writer_.query("SELECT max(number) FROM telemetry_layout").at(0).count(0);
  if (seen > kClickhouseLayouts.size())
    throw service::StoreError(
        fmt::format("ClickHouse: its telemetry's layout is {}, expected at most {}: a newer program made it", seen,
                    kClickhouseLayouts.size()));
  for (auto next = seen; next < kClickhouseLayouts.size(); ++next) {
    for (const char* statement : kClickhouseLayouts[next]) writer_.run(statement);
    writer_.run(fmt::format("INSERT INTO telemetry_layout VALUES ({})", next + 1));
  }
}

void ClickhouseShard::commit(const std::vector<const TelemetryBatch*>& batches) {
  const ClickhouseRows rows(batches);
  const std::lock_guard lock(mutex_);
  writer_.insert(kNumberColumns, rows.numbers);
  writer_.insert(kSampleColumns, rows.samples);
  writer_.insert(kTouchColumns, rows.touches);
  writer_.insert(kMarkColumns, rows.marks);
}

std::uint64_t ClickhouseShard::mark(const service::StreamKey& key) {
  const auto rows = query(fmt::format("SELECT max(mark) FROM marks WHERE gateway = {} AND stream = {}",
                                      literal(key.gateway_id), literal(bytes_of_hex(key.stream))));
  return rows.at(0).count(0);
}

std::optional<TelemetrySample> ClickhouseShard::newest(const std::string& gateway_id, Time from, Time until) {
  const Time oldest = std::max(from, forgotten_until_.load());
  for (const Duration window : kWindows) {
    const Time begin = until - oldest > window ? until - window : oldest;
    const auto rows = query(fmt::format(
        "SELECT end_us, length_us, pv_w, load_w, buy_w, sell_w, charge_w, discharge_w, pv_wh, load_wh, buy_wh, "
        "sell_wh, charge_wh, discharge_wh, throttle, island, ev_state, soc_permille, remaining_wh, hex(units) "
        "FROM samples WHERE gateway = {} AND skewed = 0 AND end_us <= {} AND end_us >= {} AND end_us - length_us >= {} "
        "ORDER BY end_us DESC LIMIT 1",
        literal(gateway_id), literal(until), literal(begin), literal(from)));
    if (!rows.empty()) return sample_of(rows.front(), rows.front().bytes(19));
    if (begin == oldest) break;
  }
  return std::nullopt;
}

std::vector<CounterReading> ClickhouseShard::readings(const std::string& condition) {
  const auto rows = query(fmt::format(
      "SELECT end_us, pv_wh, load_wh, buy_wh, sell_wh, charge_wh, discharge_wh, length_us, soc_permille FROM samples "
      "WHERE skewed = 0 AND end_us >= {} AND {}",
      literal(forgotten_until_.load()), condition));
  std::vector<CounterReading> found;
  for (const auto& row : rows)
    found.push_back({row.time(0), flows_of(row, 1), Duration(row.number(7)), small_number(row, 8)});
  return found;
}

std::vector<CounterReading> ClickhouseShard::counters(const std::string& gateway_id, Time from, Time until) {
  return readings(fmt::format("gateway = {} AND end_us > {} AND end_us <= {} ORDER BY end_us, seq {}",
                              literal(gateway_id), literal(from), literal(until), kOnce));
}

std::optional<CounterReading> ClickhouseShard::counter_before(const std::string& gateway_id, Time from, Time at) {
  const Time oldest = std::max(from, forgotten_until_.load());
  for (const Duration window : kWindows) {
    const Time begin = at - oldest > window ? at - window : oldest;
    const auto found =
        readings(fmt::format("gateway = {} AND end_us >= {} AND end_us <= {} ORDER BY end_us DESC LIMIT 1",
                             literal(gateway_id), literal(begin), literal(at)));
    if (!found.empty()) return found.front();
    if (begin == oldest) break;
  }
  return std::nullopt;
}

std::optional<CounterReading> ClickhouseShard::counter_after(const std::string& gateway_id, Time at) {
  for (const Duration window : kWindows) {
    const Time end = Time::max() - at > window ? at + window : Time::max();
    const auto found = readings(fmt::format("gateway = {} AND end_us > {} AND end_us <= {} ORDER BY end_us LIMIT 1",
                                            literal(gateway_id), literal(at), literal(end)));
    if (!found.empty()) return found.front();
  }
  return std::nullopt;
}

bool ClickhouseShard::has_skewed(const std::string& gateway_id, Time from) {
  return !query(fmt::format("SELECT 1 FROM samples WHERE gateway = {} AND skewed = 1 AND end_us >= {} LIMIT 1",
                            literal(gateway_id), literal(from)))
              .empty();
}

std::vector<service::HalfHour> ClickhouseShard::half_hours(const std::string& gateway_id, Time from, Time until) {
  const auto rows = query(fmt::format(
      "SELECT start_us, pv_wh, load_wh, buy_wh, sell_wh, charge_wh, discharge_wh, soc_permille, estimated, suspect "
      "FROM half_hours WHERE gateway = {} AND start_us >= {} AND start_us < {} "
      "ORDER BY start_us, version DESC LIMIT 1 BY start_us",
      literal(gateway_id), literal(from), literal(until)));
  std::vector<service::HalfHour> found;
  for (const auto& row : rows)
    found.push_back({row.time(0), flows_of(row, 1), small_number(row, 7), row.number(8) != 0, row.number(9) != 0});
  return found;
}

std::vector<service::TouchedHalfHour> ClickhouseShard::touched(const std::string& gateway_id) {
  std::vector<service::TouchedHalfHour> found;
  for (const auto& row : query(touched_where("gateway = " + literal(gateway_id)) + " ORDER BY start_us"))
    found.push_back({row.time(1), row.count(2)});
  return found;
}

std::vector<std::string> ClickhouseShard::touched_gateways(Time before, size_t most) {
  std::vector<std::string> found;
  for (const auto& row : query(fmt::format("SELECT DISTINCT hex(gateway) FROM ({}) LIMIT {}",
                                           touched_where(fmt::format("start_us < {}", literal(before))), most)))
    found.push_back(row.bytes(0));
  return found;
}

void ClickhouseShard::keep(const std::string& gateway_id, const std::vector<service::HalfHour>& computed,
                           const std::vector<service::TouchedHalfHour>& touched) {
  const std::lock_guard lock(mutex_);
  const auto newest =
      writer_.query("SELECT max(version) FROM half_hours WHERE gateway = " + literal(gateway_id)).at(0).count(0);
  std::string kept, settled;
  const auto text = [](const auto& value) { return value ? std::to_string(*value) : std::string("NULL"); };
  for (const auto& one : computed) {
    kept += fmt::format("{}({},{}", kept.empty() ? "" : ",", literal(gateway_id), literal(one.start));
    for (const auto* flow : one.energy_wh.all()) kept += "," + text(*flow);
    kept += fmt::format(",{},{:d},{:d},{})", text(one.soc_permille), one.estimated, one.suspect, newest + 1);
  }
  for (const auto& one : touched)
    settled +=
        fmt::format("{}({},{},{})", settled.empty() ? "" : ",", literal(gateway_id), literal(one.start), one.version);
  if (!kept.empty()) writer_.run("INSERT INTO half_hours VALUES " + kept);
  if (!settled.empty()) writer_.run("INSERT INTO settled (gateway, start_us, version) VALUES " + settled);
}

// A crash between the count and the drop would count a week twice in the ledger, which then could hide as many missing
// numbers, more than a year old.
std::int64_t ClickhouseShard::forget(Time before) {
  const std::lock_guard lock(mutex_);
  const Time until = forgotten_until_;
  if (before <= until) return 0;
  const auto hidden = writer_.query(
      fmt::format("SELECT uniqExact(gateway, stream, seq) FROM samples WHERE end_us >= {} AND end_us < {}",
                  literal(until), literal(before)));
  writer_.run(fmt::format("INSERT INTO retention VALUES ({})", literal(before)));
  forgotten_until_ = before;
  for (const auto& week : writer_.query("SELECT DISTINCT partition FROM system.parts WHERE active AND "
                                        "database = currentDatabase() AND table = 'samples'")) {
    if ((week.number(0) + 1) * kWeekUs > literal(before)) continue;
    writer_.run(
        fmt::format("INSERT INTO forgotten SELECT gateway, stream, uniqExact(seq) FROM samples "
                    "WHERE intDiv(end_us, {}) = {} GROUP BY gateway, stream",
                    kWeekUs, week.number(0)));
    writer_.run(fmt::format("ALTER TABLE samples DROP PARTITION {}", week.number(0)));
  }
  drop_settled_days();
  return hidden.at(0).number(0);
}

/// Touches of days gone by that were kept, and afterwards what said so.
void ClickhouseShard::drop_settled_days() {
  for (const std::string table : {"touches", "settled"}) {
    const auto days = writer_.query(
        fmt::format("SELECT DISTINCT partition FROM system.parts WHERE active AND database = currentDatabase() AND "
                    "table = '{}' AND toUInt32(partition) + {} < intDiv(toUInt32(now()), 86400)",
                    table, kDaysOfTouches));
    if (days.empty()) continue;
    if (table == "touches" && !writer_.query(touched_where("1") + " LIMIT 1").empty()) return;
    for (const auto& day : days) writer_.run(fmt::format("ALTER TABLE {} DROP PARTITION {}", table, day.number(0)));
  }
}

std::vector<StreamLedger> ClickhouseShard::ledger(const std::string& gateway_id) {
  std::vector<StreamLedger> ledgers;
  for (const auto& row : query(fmt::format(
           "SELECT lower(hex(stream)) AS name, max(mark) FROM marks WHERE gateway = {} GROUP BY name ORDER BY name",
           literal(gateway_id))))
    ledgers.push_back(ledger_of({gateway_id, row.text(0)}, row.count(1)));
  return ledgers;
}

/// Up to the mark. Rows beyond it are what a crash has left without one, and come again: counted, they would stand in
/// for rows that are missing.
StreamLedger ClickhouseShard::ledger_of(const service::StreamKey& key, std::uint64_t mark) {
  const std::string of_stream =
      fmt::format("gateway = {} AND stream = {}", literal(key.gateway_id), literal(bytes_of_hex(key.stream)));
  const auto one = [&](const std::string& select) { return query(select).at(0); };
  // Doubled is what a query would show twice: one number in rows with different keys.
  const Row samples = one(fmt::format(
      "SELECT uniqExact(seq), uniqExact(end_us, seq) FROM samples WHERE {} AND seq <= {}", of_stream, mark));
  const Row forgotten = one("SELECT sum(samples) FROM forgotten WHERE " + of_stream);
  const Row numbers =
      one(fmt::format("SELECT sum(kind = 1), sum(kind = 2), sum((kind = 3) * (last_seq + 1 - first_seq)) FROM "
                      "(SELECT DISTINCT first_seq, last_seq, kind FROM numbers WHERE {} AND last_seq <= {})",
                      of_stream, mark));
  StreamLedger ledger;
  ledger.stream = key.stream;
  ledger.mark = mark;
  ledger.stored = samples.count(0) + forgotten.count(0) + numbers.count(0);
  ledger.doubled = samples.count(1) - samples.count(0);
  ledger.put_aside = numbers.count(1);
  ledger.dropped = numbers.count(2);
  const auto known = ledger.stored + ledger.put_aside + ledger.dropped;
  ledger.missing = mark > known ? mark - known : 0;
  return ledger;
}

}  // namespace v2x::store
