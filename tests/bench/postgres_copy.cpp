// The bare reference of `v2x bench ingest --against postgres-copy`: binary COPY into the service's own table of
// samples, with its indexes and partitions, in transactions as large as the service's.
#include <fmt/format.h>

#include <set>

#include "backend/store/postgres.hpp"
#include "backend/store/telemetry_postgres.hpp"
#include "tests/bench/raw_rows.hpp"

namespace {

using namespace v2x;

constexpr std::int64_t kWeekUs = std::int64_t{7} * 24 * 3600 * 1'000'000;
constexpr auto kCopy =
    "COPY samples (stream, seq, end_us, length_us, skewed, pv_w, load_w, buy_w, sell_w, charge_w, discharge_w, pv_wh, "
    "load_wh, buy_wh, sell_wh, charge_wh, discharge_wh, throttle, island, ev_state, soc_permille, remaining_wh, units) "
    "FROM STDIN (FORMAT binary)";
constexpr std::int16_t kColumns = 23;

void copy_row(store::postgres::CopyIn& copy, const bench::RawRow& row) {
  const telemetry::Sample& sample = *row.sample;
  copy.row(kColumns);
  copy.int4(row.gateway + 1);
  copy.int8(static_cast<std::int64_t>(row.n + 1));
  copy.int8(row.end_us);
  copy.int8(60'000'000);
  copy.truth(false);
  for (const std::uint32_t w :
       {sample.pv_w(), sample.load_w(), sample.buy_w(), sample.sell_w(), sample.charge_w(), sample.discharge_w()})
    copy.int4(w);
  for (const std::uint64_t wh :
       {sample.pv_wh(), sample.load_wh(), sample.buy_wh(), sample.sell_wh(), sample.charge_wh(), sample.discharge_wh()})
    copy.int8(static_cast<std::int64_t>(wh));
  copy.int2(sample.throttle());
  copy.truth(sample.island());
  copy.int2(sample.ev().state());
  copy.int2(static_cast<int>(sample.ev().soc_permille()));
  copy.int4(sample.ev().remaining_wh());
  copy.bytes(*row.units);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 6) return 2;
  const bench::RawCommand command(argv);
  const bench::RawRows rows(command.fleet);
  store::TelemetryPostgres(command.place);  // makes the tables
  store::postgres::Connection connection(command.place);
  std::set<std::int64_t> weeks;
  bench::run_raw_loop(
      command, rows, [&](std::uint32_t first, std::uint32_t count, std::uint64_t n, std::uint32_t batch) {
        for (std::int64_t week = rows.row(first, n).end_us / kWeekUs;
             week <= rows.row(first, n + batch - 1).end_us / kWeekUs; ++week)
          if (weeks.insert(week).second)
            connection.run(fmt::format("CREATE TABLE samples_{} PARTITION OF samples FOR VALUES FROM ({}) TO ({})",
                                       week, week * kWeekUs, (week + 1) * kWeekUs));
        store::postgres::Begin begun(connection);
        store::postgres::CopyIn copy(connection, kCopy);
        for (std::uint32_t gateway = first; gateway < first + count; ++gateway)
          for (std::uint64_t minute = n; minute < n + batch; ++minute) copy_row(copy, rows.row(gateway, minute));
        copy.finish();
        begun.commit();
      });
}
