// The bare reference of `v2x bench ingest --against sqlite-raw`: one prepared INSERT into the service's own table of
// samples, with its indexes, in transactions as large as the service's, flushed to the disk as the service does.
#include <sqlite3.h>

#include <functional>

#include "backend/store/telemetry_sqlite.hpp"
#include "tests/bench/raw_rows.hpp"

namespace {

using namespace v2x;
using bench::RawRow;

void must(bool holds, sqlite3* database, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "%s: %s\n", what, sqlite3_errmsg(database));
  std::exit(3);
}

void run(sqlite3* database, const char* sql) {
  must(sqlite3_exec(database, sql, nullptr, nullptr, nullptr) == SQLITE_OK, database, sql);
}

using Bind = std::function<void(sqlite3_stmt*, int, const RawRow&)>;

template <class Get>
Bind number(Get get) {
  return [get](sqlite3_stmt* statement, int at, const RawRow& row) {
    sqlite3_bind_int64(statement, at, static_cast<sqlite3_int64>(get(row)));
  };
}
#define V2X_FIELD(name)                                                 \
  {                                                                     \
#name, number([](const RawRow& row) { return row.sample->name(); }) \
  }

/// Each column by its name, so that another layout of the table needs no change here.
const std::map<std::string, Bind>& columns() {
  static const std::map<std::string, Bind> all{
      {"stream", number([](const RawRow& row) { return row.gateway + 1; })},
      {"seq", number([](const RawRow& row) { return row.n + 1; })},
      {"end_us", number([](const RawRow& row) { return row.end_us; })},
      {"length_us", number([](const RawRow&) { return 60'000'000; })},
      {"skewed", number([](const RawRow&) { return 0; })},
      V2X_FIELD(pv_w),
      V2X_FIELD(load_w),
      V2X_FIELD(buy_w),
      V2X_FIELD(sell_w),
      V2X_FIELD(charge_w),
      V2X_FIELD(discharge_w),
      V2X_FIELD(pv_wh),
      V2X_FIELD(load_wh),
      V2X_FIELD(buy_wh),
      V2X_FIELD(sell_wh),
      V2X_FIELD(charge_wh),
      V2X_FIELD(discharge_wh),
      V2X_FIELD(throttle),
      V2X_FIELD(island),
      {"ev_state", number([](const RawRow& row) { return row.sample->ev().state(); })},
      {"soc_permille", number([](const RawRow& row) { return row.sample->ev().soc_permille(); })},
      {"remaining_wh", number([](const RawRow& row) { return row.sample->ev().remaining_wh(); })},
      {"units",
       [](sqlite3_stmt* statement, int at, const RawRow& row) {
         sqlite3_bind_blob(statement, at, row.units->data(), static_cast<int>(row.units->size()), SQLITE_STATIC);
       }},
      {"before", number([](const RawRow& row) { return row.n; })},  // any: in a chain
      {"gateway",
       [](sqlite3_stmt* statement, int at, const RawRow& row) {
         const std::string id = "FLEET" + std::to_string(row.gateway + 1'000'000);
         sqlite3_bind_blob(statement, at, id.data(), static_cast<int>(id.size()), SQLITE_TRANSIENT);
       }},
  };
  return all;
}

std::vector<Bind> columns_of_table(sqlite3* database) {
  std::vector<Bind> binds;
  sqlite3_stmt* statement = nullptr;
  sqlite3_prepare_v2(database, "SELECT name FROM pragma_table_info('samples') ORDER BY cid", -1, &statement, nullptr);
  while (sqlite3_step(statement) == SQLITE_ROW) {
    const std::string name = reinterpret_cast<const char*>(sqlite3_column_text(statement, 0));
    const auto found = columns().find(name);
    if (found == columns().end()) {
      std::fprintf(stderr, "the table of samples has a column '%s' that this reference doesn't know\n", name.c_str());
      std::exit(3);
    }
    binds.push_back(found->second);
  }
  sqlite3_finalize(statement);
  return binds;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 6) return 2;
  const bench::RawCommand command(argv);
  const bench::RawRows rows(command.fleet);
  store::TelemetrySqlite(command.place, store::Durability::full);  // makes the tables
  sqlite3* database = nullptr;
  sqlite3_open(command.place.c_str(), &database);
  for (const char* sql : {"PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL", "PRAGMA cache_size = -65536"})
    run(database, sql);
  const std::vector<Bind> binds = columns_of_table(database);
  std::string sql = "INSERT INTO samples VALUES (?";
  for (std::size_t i = 1; i < binds.size(); ++i) sql += ",?";
  sqlite3_stmt* insert = nullptr;
  must(sqlite3_prepare_v2(database, (sql + ")").c_str(), -1, &insert, nullptr) == SQLITE_OK, database, "prepare");
  bench::run_raw_loop(command, rows,
                      [&](std::uint32_t first, std::uint32_t count, std::uint64_t n, std::uint32_t batch) {
                        run(database, "BEGIN IMMEDIATE");
                        for (std::uint32_t gateway = first; gateway < first + count; ++gateway)
                          for (std::uint64_t minute = n; minute < n + batch; ++minute) {
                            const RawRow row = rows.row(gateway, minute);
                            for (std::size_t i = 0; i < binds.size(); ++i)
                              binds[i](insert, static_cast<int>(i + 1), row);
                            must(sqlite3_step(insert) == SQLITE_DONE, database, "INSERT");
                            sqlite3_reset(insert);
                          }
                        run(database, "COMMIT");
                      });
}
