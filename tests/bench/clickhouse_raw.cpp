// The bare reference of `v2x bench ingest --against clickhouse-raw`: RowBinary inserts into the service's own table of
// samples, as large as the service's.
#include "backend/store/clickhouse_rows.hpp"
#include "backend/store/clickhouse_shard.hpp"
#include "backend/store/store_url.hpp"
#include "tests/bench/raw_rows.hpp"

namespace {

using namespace v2x;
using store::clickhouse::RowBinary;

/// In the order of store::kSampleColumns.
void add_row(RowBinary& out, const bench::RawRow& row) {
  const telemetry::Sample& sample = *row.sample;
  char gateway[16];
  std::snprintf(gateway, sizeof gateway, "FLEET%07u", row.gateway + 1);
  out.text(gateway);
  out.fixed(std::string(4, 's') + gateway);
  out.number64(row.n + 1);
  out.number64(row.end_us);
  out.number64(std::int64_t{60'000'000});
  out.number8(0);
  for (const std::uint32_t w :
       {sample.pv_w(), sample.load_w(), sample.buy_w(), sample.sell_w(), sample.charge_w(), sample.discharge_w()}) {
    out.present();
    out.number32(w);
  }
  for (const std::uint64_t wh : {sample.pv_wh(), sample.load_wh(), sample.buy_wh(), sample.sell_wh(),
                                 sample.charge_wh(), sample.discharge_wh()}) {
    out.present();
    out.number64(wh);
  }
  out.number8(sample.throttle());
  out.number8(sample.island());
  out.present();
  out.number8(sample.ev().state());
  out.present();
  out.number16(static_cast<int>(sample.ev().soc_permille()));
  out.present();
  out.number32(sample.ev().remaining_wh());
  out.text(*row.units);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 6) return 2;
  const bench::RawCommand command(argv);
  const bench::RawRows rows(command.fleet);
  const store::clickhouse::Address address = store::parse_store_url(command.place).shards.front();
  const store::ClickhouseShard shard(address);  // makes the tables
  store::clickhouse::Client client(address);
  bench::run_raw_loop(command, rows,
                      [&](std::uint32_t first, std::uint32_t count, std::uint64_t n, std::uint32_t batch) {
                        RowBinary out;
                        for (std::uint32_t gateway = first; gateway < first + count; ++gateway)
                          for (std::uint64_t minute = n; minute < n + batch; ++minute)
                            add_row(out, rows.row(gateway, minute));
                        client.insert(store::kSampleColumns, out);
                      });
}
