// The ingest without a network: frames as gateways send them go through decoding, the delivery law and the commit into
// SQLite, beside a bare loop of prepared inserts of the same rows into the same table. Prints records per second of the
// thread's CPU time and of wall time; rounds alternate, each on a file of its own.
#include <sqlite3.h>
#include <sys/resource.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "backend/ingest/delivery.hpp"
#include "backend/ingest/records.hpp"
#include "backend/mail/template_texts.hpp"
#include "backend/service/ports/inventory.hpp"
#include "backend/store/open.hpp"
#include "backend/store/telemetry_sqlite.hpp"
#include "common/resources.hpp"
#include "common/scratch_directory.hpp"
#include "contracts/fault_catalogue.hpp"

namespace v2x::bench {
namespace {

const Time kStart{std::chrono::hours(24) * 365 * 56};
constexpr size_t kGroupBytes = 4 << 20;  // ingest/server.hpp
constexpr size_t kGroupFrames = 256;

struct Shape {
  const char* name;
  int gateways;
  int records;  ///< in a frame
  int frames;   ///< of each gateway
};
constexpr Shape kShapes[] = {{"back-fill", 20, 512, 40}, {"live, 500", 500, 1, 400}, {"live, 5000", 5000, 1, 40}};

struct Rate {
  double per_cpu_s = 0, per_s = 0;
};

double cpu_s() {
  rusage usage{};
  getrusage(RUSAGE_THREAD, &usage);
  const auto s = [](const timeval& t) { return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6; };
  return s(usage.ru_utime) + s(usage.ru_stime);
}

template <class Work>
Rate measured(double records, Work work) {
  const double cpu = cpu_s();
  const SteadyTime begin = steady_now();
  work();
  const std::chrono::duration<double> wall = steady_now() - begin;
  return {records / (cpu_s() - cpu), records / wall.count()};
}

/// A house with two PV units of four strings and a car.
void fill(telemetry::Sample& sample, std::uint64_t seq) {
  sample.set_start_ms(ingest::ms_of(kStart) + static_cast<std::int64_t>(seq) * 60'000);
  sample.set_length_ms(60'000);
  const auto n = static_cast<std::uint32_t>(seq % 977);
  sample.set_pv_w(2000 + n);
  sample.set_load_w(700 + n);
  sample.set_buy_w(0);
  sample.set_sell_w(1300);
  sample.set_charge_w(0);
  sample.set_discharge_w(0);
  sample.set_pv_wh(1'000'000 + seq * 33);
  sample.set_load_wh(2'000'000 + seq * 11);
  sample.set_buy_wh(900'000);
  sample.set_sell_wh(500'000 + seq * 22);
  sample.set_charge_wh(70'000);
  sample.set_discharge_wh(60'000);
  sample.mutable_ev()->set_state(telemetry::VEHICLE_STATE_STANDBY);
  sample.mutable_ev()->set_soc_permille(500 + n % 400);
  sample.mutable_ev()->set_remaining_wh(20'000);
  for (std::uint32_t no = 1; no <= 3; ++no) {
    auto& unit = *sample.add_units();
    unit.set_unit_no(no);
    unit.set_state(4);
    unit.set_ac_w(static_cast<std::int32_t>(900 + n));
    unit.set_volts_u_cv(10'130);
    unit.set_volts_v_cv(10'120);
    unit.set_frequency_mhz(60'000);
    unit.set_temperature_cc(4'120);
    for (int i = 0; no < 3 && i < 4; ++i) {
      unit.add_strings()->set_volts_cv(25'000 + n);
      unit.mutable_strings(i)->set_amperes_ca(310);
    }
  }
}

std::string gateway_id(int i) {
  char text[16];
  std::snprintf(text, sizeof text, "BENCH%07d", i);
  return text;
}

std::string stream_id(int i) {
  char text[32];
  std::snprintf(text, sizeof text, "%016d", i);
  return text;
}

std::string key_of(int i) {
  char text[64];
  std::snprintf(text, sizeof text, "%040d", i);
  return text;
}

/// In the order in which gateways that take turns would send them.
std::vector<PeerFrame> frames_of(const Shape& shape) {
  std::vector<PeerFrame> frames;
  for (int f = 0; f < shape.frames; ++f)
    for (int g = 0; g < shape.gateways; ++g) {
      telemetry::Up up;
      auto& batch = *up.mutable_batch();
      batch.set_stream_id(stream_id(g));
      const auto first = static_cast<std::uint64_t>(f) * static_cast<std::uint64_t>(shape.records) + 1;
      batch.set_first_seq(first);
      for (int i = 0; i < shape.records; ++i) {
        auto& record = *batch.add_records();
        record.set_seq(first + static_cast<std::uint64_t>(i));
        fill(*record.mutable_sample(), record.seq());
      }
      frames.push_back({"peer", ingest::user_id_of(gateway_id(g), key_of(g)), up.SerializeAsString()});
    }
  return frames;
}

/// As ingest/server.cpp forms groups.
std::vector<std::vector<PeerFrame>> groups_of(const std::vector<PeerFrame>& frames) {
  std::vector<std::vector<PeerFrame>> groups(1);
  size_t bytes = 0;
  for (const auto& frame : frames) {
    bytes += frame.data.size();
    if (!groups.back().empty() && (groups.back().size() == kGroupFrames || bytes > kGroupBytes)) {
      groups.emplace_back();
      bytes = frame.data.size();
    }
    groups.back().push_back(frame);
  }
  return groups;
}

struct Texts final : service::MailTexts {
  service::MailText render(const service::OutboxMail&) const override { return {}; }
};

Rate product(const Shape& shape, const std::vector<std::vector<PeerFrame>>& groups) {
  ScratchDirectory scratch;
  SteppedClock clock(kStart + std::chrono::hours(24 * 100));
  const Texts texts;
  const auto registry =
      store::open_registry({store::parse_store_url("sqlite:" + (scratch.path() / "registry.db").string()),
                            store::Durability::full, resource("migrations")},
                           clock, texts);
  registry->transact([&](service::Transaction& tx) {
    for (int g = 0; g < shape.gateways; ++g) (void)tx.inventory().import({gateway_id(g), "hash", key_of(g)});
  });
  store::TelemetrySqlite telemetry(scratch.path() / "telemetry.db", store::Durability::full);
  const auto faults = contracts::FaultCatalogue::load();
  const service::AlarmService alarms{faults};
  const service::SettingExchange exchange;
  service::LiveSamples live(clock);
  ingest::Commands commands(*registry, exchange, live);
  ingest::Counters counters;
  ingest::DeliverySettings settings;
  settings.presence = ingest::kWallClockPresence;
  std::uint64_t answers = 0;
  ingest::Delivery delivery(
      *registry, telemetry, alarms, commands, counters,
      [&](const std::string&, const std::string&) { return ++answers > 0; }, settings);
  const double records = static_cast<double>(shape.gateways) * shape.records * shape.frames;
  const Rate rate = measured(records, [&] {
    for (const auto& group : groups) delivery.take(group);
  });
  if (static_cast<double>(counters.samples) != records || counters.acks == 0) std::printf("NOT ALL WAS STORED\n");
  return rate;
}

/// The rows that the product makes of the frames.
struct BareRow {
  std::int64_t stream;
  std::uint64_t seq;
  service::TelemetrySample sample;
};

std::vector<std::vector<BareRow>> rows_of(const std::vector<std::vector<PeerFrame>>& groups) {
  std::vector<std::vector<BareRow>> all;
  for (const auto& group : groups) {
    auto& rows = all.emplace_back();
    for (const auto& frame : group) {
      telemetry::Up up;
      up.ParseFromString(frame.data);
      for (const auto& record : up.batch().records())
        rows.push_back({1 + std::atoll(up.batch().stream_id().c_str()), record.seq(),
                        *ingest::sample_of(record.sample(), kStart + std::chrono::hours(24 * 100))});
    }
  }
  return all;
}

Rate bare(const std::vector<std::vector<BareRow>>& groups) {
  ScratchDirectory scratch;
  const std::string file = (scratch.path() / "telemetry.db").string();
  { store::TelemetrySqlite makes_the_table(file, store::Durability::full); }
  sqlite3* db = nullptr;
  sqlite3_open(file.c_str(), &db);
  sqlite3_exec(db, "PRAGMA synchronous = FULL; PRAGMA cache_size = -65536", nullptr, nullptr, nullptr);
  sqlite3_stmt* insert = nullptr;
  std::string sql = "INSERT INTO samples VALUES (?1";
  for (int i = 2; i <= 24; ++i) sql += ",?" + std::to_string(i);
  sqlite3_prepare_v2(db, (sql + ")").c_str(), -1, &insert, nullptr);
  double records = 0;
  for (const auto& group : groups) records += static_cast<double>(group.size());
  const Rate rate = measured(records, [&] {
    for (const auto& group : groups) {
      sqlite3_exec(db, "BEGIN", nullptr, nullptr, nullptr);
      for (const auto& [stream, seq, sample] : group) {
        int place = 0;
        const auto number = [&](std::int64_t value) { sqlite3_bind_int64(insert, ++place, value); };
        number(stream);
        number(static_cast<std::int64_t>(seq));
        number(sample.end().time_since_epoch().count());
        number(sample.length.count());
        number(0);
        for (const auto* flow : sample.mean_w.all()) number(**flow);
        for (const auto* flow : sample.counter_wh.all()) number(**flow);
        number(0);
        number(0);
        number(static_cast<int>(sample.ev->state));
        number(*sample.ev->soc_permille);
        number(*sample.ev->remaining_wh);
        sqlite3_bind_blob(insert, ++place, sample.units.data(), static_cast<int>(sample.units.size()), SQLITE_STATIC);
        number(static_cast<std::int64_t>(seq) - 1);  // any: in a chain
        sqlite3_step(insert);
        sqlite3_reset(insert);
      }
      sqlite3_exec(db, "COMMIT", nullptr, nullptr, nullptr);
    }
  });
  sqlite3_finalize(insert);
  sqlite3_close(db);
  return rate;
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

void run(const Shape& shape, int rounds) {
  const auto groups = groups_of(frames_of(shape));
  const auto rows = rows_of(groups);
  std::vector<double> cpu, wall, bare_cpu, cpu_ratios, wall_ratios;
  for (int i = 0; i < rounds; ++i) {
    const Rate reference = bare(rows), ours = product(shape, groups);
    cpu.push_back(ours.per_cpu_s);
    wall.push_back(ours.per_s);
    bare_cpu.push_back(reference.per_cpu_s);
    cpu_ratios.push_back(ours.per_cpu_s / reference.per_cpu_s);
    wall_ratios.push_back(ours.per_s / reference.per_s);
  }
  std::printf("%-10s %7.0f records/s, %7.0f per CPU s; bare inserts %7.0f per CPU s; ratio %.2f of CPU, %.2f of wall\n",
              shape.name, median(wall), median(cpu), median(bare_cpu), median(cpu_ratios), median(wall_ratios));
}

}  // namespace
}  // namespace v2x::bench

int main(int argc, char** argv) {
  const int rounds = argc > 1 ? std::atoi(argv[1]) : 5;
  for (const auto& shape : v2x::bench::kShapes) v2x::bench::run(shape, rounds);
}
