#include "backend/store/clickhouse_rows.hpp"

#include <algorithm>

#include "backend/service/half_hours.hpp"
#include "backend/store/hex.hpp"

namespace v2x::store {
namespace {

using clickhouse::RowBinary;
using service::SeqKind;
using service::TelemetryEntry;
using service::TelemetrySample;

constexpr auto present32 = [](RowBinary& rows, std::int64_t value) { rows.number32(value); };
constexpr auto present64 = [](RowBinary& rows, std::int64_t value) { rows.number64(value); };
constexpr auto present16 = [](RowBinary& rows, std::int64_t value) { rows.number16(static_cast<int>(value)); };
constexpr auto present8 = [](RowBinary& rows, std::int64_t value) { rows.number8(static_cast<int>(value)); };

template <class T, class Write>
void maybe(RowBinary& rows, const std::optional<T>& value, Write write) {
  if (!value) return rows.null();
  rows.present();
  write(rows, *value);
}

void add_sample(RowBinary& rows, const std::string& gateway, const std::string& stream, const TelemetryEntry& entry) {
  const TelemetrySample& sample = entry.sample;
  rows.text(gateway);
  rows.fixed(stream);
  rows.number64(entry.seq);
  rows.number64(clickhouse::literal(sample.end()));
  rows.number64(sample.length.count());
  rows.number8(sample.skewed);
  for (const auto* flow : sample.mean_w.all()) maybe(rows, *flow, present32);
  for (const auto* flow : sample.counter_wh.all()) maybe(rows, *flow, present64);
  rows.number8(static_cast<int>(sample.throttle));
  rows.number8(sample.island);
  const auto& ev = sample.ev;
  maybe(rows, ev ? std::optional(static_cast<int>(ev->state)) : std::nullopt, present8);
  maybe(rows, ev ? ev->soc_permille : std::nullopt, present16);
  maybe(rows, ev ? ev->remaining_wh : std::nullopt, present32);
  rows.text(sample.units);
}

void add_number(RowBinary& rows, const std::string& gateway, const std::string& stream, const TelemetryEntry& entry) {
  rows.text(gateway);
  rows.fixed(stream);
  rows.number64(entry.seq);
  rows.number64(std::max(entry.seq, entry.until_seq));
  rows.number8(static_cast<int>(entry.kind));
  rows.text(entry.reason);
  rows.text(entry.raw);
}

}  // namespace

// Everything may be written twice: engines that replace rows with equal keys, and queries that don't wait for them.
//   touches  a row per commit and half-hour, `at` by the server's clock: (at, touches) grows with every arrival
//   settled  up to which version of its touches a half-hour was kept
// Both are of use only until a half-hour is kept, so they are partitions of days that are dropped.
const std::vector<std::vector<const char*>> kClickhouseLayouts = {{
    "CREATE TABLE IF NOT EXISTS samples (gateway String, stream FixedString(16), seq UInt64, end_us Int64, length_us "
    "Int64, skewed UInt8, pv_w Nullable(Int32), load_w Nullable(Int32), buy_w Nullable(Int32), sell_w Nullable(Int32), "
    "charge_w Nullable(Int32), discharge_w Nullable(Int32), pv_wh Nullable(Int64), load_wh Nullable(Int64), buy_wh "
    "Nullable(Int64), sell_wh Nullable(Int64), charge_wh Nullable(Int64), discharge_wh Nullable(Int64), throttle "
    "UInt8, island UInt8, ev_state Nullable(UInt8), soc_permille Nullable(UInt16), remaining_wh Nullable(Int32), units "
    "String) ENGINE = ReplacingMergeTree PARTITION BY intDiv(end_us, 604800000000) "
    "ORDER BY (gateway, end_us, stream, seq) SETTINGS index_granularity = 1024",
    "CREATE TABLE IF NOT EXISTS numbers (gateway String, stream FixedString(16), first_seq UInt64, last_seq UInt64, "
    "kind UInt8, reason String, raw String) ENGINE = ReplacingMergeTree ORDER BY (gateway, stream, first_seq, kind)",
    "CREATE TABLE IF NOT EXISTS marks (gateway String, stream FixedString(16), mark UInt64) "
    "ENGINE = ReplacingMergeTree(mark) ORDER BY (gateway, stream) SETTINGS index_granularity = 256",
    "CREATE TABLE IF NOT EXISTS half_hours (gateway String, start_us Int64, pv_wh Nullable(Int64), load_wh "
    "Nullable(Int64), buy_wh Nullable(Int64), sell_wh Nullable(Int64), charge_wh Nullable(Int64), discharge_wh "
    "Nullable(Int64), soc_permille Nullable(UInt16), estimated UInt8, suspect UInt8, version UInt64) "
    "ENGINE = ReplacingMergeTree(version) ORDER BY (gateway, start_us) SETTINGS index_granularity = 1024",
    "CREATE TABLE IF NOT EXISTS touches (gateway String, start_us Int64, at UInt32 DEFAULT toUInt32(now()), touches "
    "UInt64) ENGINE = SummingMergeTree(touches) PARTITION BY intDiv(at, 86400) ORDER BY (gateway, start_us, at)",
    "CREATE TABLE IF NOT EXISTS settled (gateway String, start_us Int64, version UInt64, at UInt32 DEFAULT "
    "toUInt32(now())) ENGINE = ReplacingMergeTree(version) PARTITION BY intDiv(at, 86400) ORDER BY (gateway, start_us)",
    "CREATE TABLE IF NOT EXISTS forgotten (gateway String, stream FixedString(16), samples UInt64) "
    "ENGINE = SummingMergeTree(samples) ORDER BY (gateway, stream)",
    "CREATE TABLE IF NOT EXISTS retention (until_us Int64) ENGINE = MergeTree ORDER BY until_us"}};

const char* const kSampleColumns =
    "samples (gateway, stream, seq, end_us, length_us, skewed, pv_w, load_w, buy_w, sell_w, charge_w, discharge_w, "
    "pv_wh, load_wh, buy_wh, sell_wh, charge_wh, discharge_wh, throttle, island, ev_state, soc_permille, remaining_wh, "
    "units)";
const char* const kNumberColumns = "numbers (gateway, stream, first_seq, last_seq, kind, reason, raw)";
const char* const kTouchColumns = "touches (gateway, start_us, touches)";
const char* const kMarkColumns = "marks (gateway, stream, mark)";

ClickhouseRows::ClickhouseRows(const std::vector<const service::TelemetryBatch*>& batches) {
  for (const auto* batch : batches) {
    const std::string& gateway = batch->key.gateway_id;
    const std::string stream = bytes_of_hex(batch->key.stream);
    Time touched = Time::min();
    for (const auto& entry : batch->entries) {
      if (entry.kind != SeqKind::sample) {
        add_number(numbers, gateway, stream, entry);
        continue;
      }
      add_sample(samples, gateway, stream, entry);
      const Time start = service::half_hour_of_end(entry.sample.end());
      if (entry.sample.skewed || start == touched) continue;
      touched = start;
      touches.text(gateway);
      touches.number64(clickhouse::literal(start));
      touches.number64(std::uint64_t{1});
    }
    marks.text(gateway);
    marks.fixed(stream);
    marks.number64(batch->mark);
  }
}

}  // namespace v2x::store
