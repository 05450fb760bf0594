#include "backend/store/samples_sqlite_reader.hpp"

#include <algorithm>
#include <cctype>

#include "backend/service/registry.hpp"
#include "backend/store/hex.hpp"
#include "backend/store/sample_columns.hpp"

namespace v2x::store {

using service::CounterReading;
using service::StreamKey;
using service::StreamLedger;
using service::TelemetrySample;

namespace {

#define V2X_READING "end_us, pv_wh, load_wh, buy_wh, sell_wh, charge_wh, discharge_wh, length_us, soc_permille"
constexpr int kSeq = 9, kBefore = 10;  // columns of kWalk
constexpr auto kWalkStart =
    "SELECT coalesce((SELECT row FROM waypoints WHERE stream = ?1 AND end_us >= ?2 ORDER BY end_us LIMIT 1), "
    "(SELECT newest_row FROM progress WHERE stream = ?1))";
constexpr auto kWalk = "SELECT " V2X_READING ", seq, before FROM samples WHERE rowid = ?1";

#define V2X_WHOLE                                                                                          \
  "SELECT end_us, length_us, pv_w, load_w, buy_w, sell_w, charge_w, discharge_w, pv_wh, load_wh, buy_wh, " \
  "sell_wh, charge_wh, discharge_wh, throttle, island, ev_state, soc_permille, remaining_wh, units FROM samples "
constexpr auto kWhole = V2X_WHOLE "WHERE rowid = ?1";

#define V2X_APART "FROM samples WHERE stream = ?1 AND before IS NULL "
constexpr auto kNewestApart = V2X_WHOLE
    "WHERE stream = ?1 AND before IS NULL AND skewed = 0 AND end_us > ?2 AND end_us <= ?3 "
    "AND end_us - length_us >= ?2 ORDER BY end_us DESC LIMIT 1";
constexpr auto kCountersApart =
    "SELECT " V2X_READING " " V2X_APART "AND skewed = 0 AND end_us > ?2 AND end_us <= ?3 ORDER BY end_us, seq";
constexpr auto kCounterBeforeApart =
    "SELECT " V2X_READING " " V2X_APART "AND skewed = 0 AND end_us >= ?2 AND end_us <= ?3 ORDER BY end_us DESC LIMIT 1";
constexpr auto kCounterAfterApart =
    "SELECT " V2X_READING " " V2X_APART "AND skewed = 0 AND end_us > ?2 ORDER BY end_us LIMIT 1";
constexpr auto kNumbersApart = "SELECT seq " V2X_APART;
#undef V2X_APART
#undef V2X_WHOLE
#undef V2X_READING

constexpr auto kSkewed =
    "SELECT EXISTS (SELECT 1 FROM samples WHERE stream IN (SELECT id FROM streams WHERE gateway = ?1) AND skewed = 1 "
    "AND end_us >= ?2)";

// Per stream, beside samples: of each kind the numbers that it covers, and for events all rows.
constexpr auto kLedger = R"(
SELECT id, hex(streams.stream), mark,
  (SELECT count(DISTINCT first_seq) FROM numbers WHERE numbers.stream = id AND kind = 1),
  (SELECT count(*) FROM numbers WHERE numbers.stream = id AND kind = 1),
  (SELECT count(DISTINCT first_seq) FROM numbers WHERE numbers.stream = id AND kind = 2),
  (SELECT coalesce(sum(last_seq - first_seq + 1), 0) FROM numbers WHERE numbers.stream = id AND kind = 3),
  (SELECT coalesce(sum(samples), 0) FROM forgotten WHERE forgotten.stream = id)
FROM streams JOIN progress ON progress.stream = id WHERE gateway = ?1 ORDER BY id)";

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

/// Statements that run while it lives see one state of the file.
class Snapshot {
 public:
  Snapshot(sqlite::Statement& begin, sqlite::Statement& end) : end_(end) { begin.bind().execute(); }
  ~Snapshot() {
    try {
      end_.bind().execute();
    } catch (const service::StoreError&) {  // it has ended with what failed inside of it
    }
  }
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;

 private:
  sqlite::Statement& end_;
};

}  // namespace

SampleReader::SampleReader(sqlite::Connection& connection)
    : connection_(connection),
      begin_(connection, "BEGIN"),
      end_(connection, "COMMIT"),
      streams_(connection, "SELECT id FROM streams WHERE gateway = ?1 ORDER BY id"),
      mark_(connection,
            "SELECT mark FROM streams JOIN progress ON progress.stream = id WHERE gateway = ?1 AND streams.stream = "
            "?2"),
      walk_start_(connection, kWalkStart),
      walk_(connection, kWalk),
      whole_(connection, kWhole),
      newest_apart_(connection, kNewestApart),
      counters_apart_(connection, kCountersApart),
      counter_before_apart_(connection, kCounterBeforeApart),
      counter_after_apart_(connection, kCounterAfterApart),
      numbers_apart_(connection, kNumbersApart),
      skewed_(connection, kSkewed),
      ledger_(connection, kLedger) {}

std::vector<std::int64_t> SampleReader::streams_of(const std::string& gateway_id) {
  std::vector<std::int64_t> ids;
  streams_.bind(gateway_id);
  while (streams_.step()) ids.push_back(streams_.number(0));
  return ids;
}

template <class Visit>
void SampleReader::walk_back(std::int64_t stream, Time at, Visit visit) {
  std::int64_t row = 0;
  walk_start_.bind(stream, at);
  while (walk_start_.step()) row = walk_start_.number(0);
  while (row > 0 && walk_.bind(row).step()) row = visit(row) ? walk_.number(kBefore) : 0;
  walk_.bind();  // a statement that waits in a row would keep its state of the file
}

std::uint64_t SampleReader::mark(const StreamKey& key) {
  auto& query = mark_.bind(key.gateway_id, bytes_of_hex(key.stream));
  std::uint64_t mark = 0;
  while (query.step()) mark = static_cast<std::uint64_t>(query.number(0));
  return mark;
}

std::optional<TelemetrySample> SampleReader::newest(const std::string& gateway_id, Time from, Time until) {
  const Snapshot snapshot(begin_, end_);
  std::optional<TelemetrySample> newest;
  const auto consider = [&](sqlite::Statement& row) {
    while (row.step())
      if (!newest || newest->end() < row.time(0)) newest = sample_of(row, row.text(19));
  };
  for (const auto stream : streams_of(gateway_id)) {
    std::int64_t found = 0;
    walk_back(stream, until, [&](std::int64_t row) {
      const Time end = walk_.time(0);
      const bool fits = end <= until && end - Duration(walk_.number(7)) >= from;
      if (fits) found = row;
      return !fits && end > from;
    });
    consider(whole_.bind(found));
    consider(newest_apart_.bind(stream, from, until));
  }
  return newest;
}

std::vector<CounterReading> SampleReader::counters(const std::string& gateway_id, Time from, Time until) {
  const Snapshot snapshot(begin_, end_);
  std::vector<CounterReading> readings;
  for (const auto stream : streams_of(gateway_id)) {
    const auto first = static_cast<std::ptrdiff_t>(readings.size());
    walk_back(stream, until, [&](std::int64_t) {
      const Time end = walk_.time(0);
      if (end > from && end <= until) readings.push_back(reading_of(walk_));
      return end > from;
    });
    std::reverse(readings.begin() + first, readings.end());
    auto& apart = counters_apart_.bind(stream, from, until);
    while (apart.step()) readings.push_back(reading_of(apart));
  }
  const auto earlier = [](const CounterReading& a, const CounterReading& b) { return a.at < b.at; };
  if (!std::is_sorted(readings.begin(), readings.end(), earlier))
    std::stable_sort(readings.begin(), readings.end(), earlier);
  return readings;
}

std::optional<CounterReading> SampleReader::counter_before(const std::string& gateway_id, Time from, Time at) {
  const Snapshot snapshot(begin_, end_);
  std::optional<CounterReading> newest;
  const auto consider = [&](const std::optional<CounterReading>& found) {
    if (found && (!newest || newest->at < found->at)) newest = found;
  };
  for (const auto stream : streams_of(gateway_id)) {
    walk_back(stream, at, [&](std::int64_t) {
      const Time end = walk_.time(0);
      if (end <= at && end >= from) consider(reading_of(walk_));
      return end > at;
    });
    consider(one_reading(counter_before_apart_.bind(stream, from, at)));
  }
  return newest;
}

std::optional<CounterReading> SampleReader::counter_after(const std::string& gateway_id, Time at) {
  const Snapshot snapshot(begin_, end_);
  std::optional<CounterReading> oldest;
  const auto consider = [&](const std::optional<CounterReading>& found) {
    if (found && (!oldest || found->at < oldest->at)) oldest = found;
  };
  for (const auto stream : streams_of(gateway_id)) {
    walk_back(stream, at + Duration(1), [&](std::int64_t) {
      const bool is_after = walk_.time(0) > at;
      if (is_after) consider(reading_of(walk_));
      return is_after;
    });
    consider(one_reading(counter_after_apart_.bind(stream, at)));
  }
  return oldest;
}

bool SampleReader::has_skewed(const std::string& gateway_id, Time from) {
  auto& row = skewed_.bind(gateway_id, from);
  bool found = false;
  while (row.step()) found = row.number(0) != 0;
  return found;
}

/// Of all samples that a query finds, sorted.
std::vector<std::uint64_t> SampleReader::numbers_of(std::int64_t stream) {
  std::vector<std::uint64_t> numbers;
  const auto add = [&](std::int64_t seq) { numbers.push_back(static_cast<std::uint64_t>(seq)); };
  walk_back(stream, Time::max(), [&](std::int64_t) {
    add(walk_.number(kSeq));
    return true;
  });
  numbers_apart_.bind(stream);
  while (numbers_apart_.step()) add(numbers_apart_.number(0));
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

std::vector<StreamLedger> SampleReader::ledger(const std::string& gateway_id) {
  const Snapshot snapshot(begin_, end_);
  auto& row = ledger_.bind(gateway_id);
  std::vector<StreamLedger> ledgers;
  while (row.step()) {
    auto numbers = numbers_of(row.number(0));
    const std::uint64_t samples = numbers.size();
    numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
    const auto count = [&](int column) { return static_cast<std::uint64_t>(row.number(column)); };
    StreamLedger ledger;
    ledger.stream = lower(row.text(1));
    ledger.mark = count(2);
    ledger.stored = numbers.size() + count(3) + count(7);
    ledger.doubled = samples - numbers.size() + count(4) - count(3);
    ledger.put_aside = count(5);
    ledger.dropped = count(6);
    const auto known = ledger.stored + ledger.put_aside + ledger.dropped;
    ledger.missing = ledger.mark > known ? ledger.mark - known : 0;
    ledgers.push_back(std::move(ledger));
  }
  return ledgers;
}

}  // namespace v2x::store
