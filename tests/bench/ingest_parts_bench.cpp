// What the parts of the ingest path cost, each by itself: the codec, the batcher, the stores. Stores whose server is
// not installed are left out.
#include <benchmark/benchmark.h>

#include <algorithm>

#include "backend/ingest/batch_plan.hpp"
#include "backend/store/open.hpp"
#include "backend/store/store_url.hpp"
#include "common/jst.hpp"
#include "common/scratch_directory.hpp"
#include "harness/bench/frames.hpp"
#include "harness/world/database_server.hpp"

namespace {

using namespace std::chrono_literals;
using namespace v2x;

const Time kBegin = *parse_time("2026-04-01T00:00:00+09:00");
const std::string kStream(16, 's');

/// As one of the built-in gateway's: three units, five strings, a car.
telemetry::Sample some_sample(std::uint64_t n) {
  telemetry::Sample sample;
  sample.set_length_ms(60'000);
  for (auto set :
       {&telemetry::Sample::set_pv_w, &telemetry::Sample::set_load_w, &telemetry::Sample::set_buy_w,
        &telemetry::Sample::set_sell_w, &telemetry::Sample::set_charge_w, &telemetry::Sample::set_discharge_w})
    (sample.*set)(static_cast<std::uint32_t>(500 + n % 1000));
  for (auto set :
       {&telemetry::Sample::set_pv_wh, &telemetry::Sample::set_load_wh, &telemetry::Sample::set_buy_wh,
        &telemetry::Sample::set_sell_wh, &telemetry::Sample::set_charge_wh, &telemetry::Sample::set_discharge_wh})
    (sample.*set)(1'000'000 + 10 * n);
  sample.mutable_ev()->set_state(telemetry::VEHICLE_STATE_STANDBY);
  sample.mutable_ev()->set_soc_permille(600);
  for (int unit = 1; unit <= 3; ++unit) {
    telemetry::UnitSample& values = *sample.add_units();
    values.set_unit_no(static_cast<std::uint32_t>(unit));
    values.set_state(1);
    values.set_ac_w(1200);
    values.set_volts_u_cv(10'100);
    values.set_volts_v_cv(10'090);
    values.set_frequency_mhz(60'001);
    values.set_temperature_cc(3120);
    for (int string = 0; string < 2; ++string) values.add_strings()->set_volts_cv(18'300);
  }
  return sample;
}

std::string up_of(std::uint64_t first_seq, int records) {
  bench::BatchFrame frame;
  frame.begin(kStream, first_seq);
  for (int i = 0; i < records; ++i) {
    telemetry::Sample sample = some_sample(first_seq + static_cast<std::uint64_t>(i));
    sample.clear_length_ms();
    const auto seq = first_seq + static_cast<std::uint64_t>(i);
    frame.add(seq, (kBegin + seq * 1min).time_since_epoch() / 1ms, 60'000, sample.SerializeAsString());
  }
  return std::string(frame.end());
}

void count_records(benchmark::State& state, double each) {
  state.counters["records/s"] =
      benchmark::Counter(static_cast<double>(state.iterations()) * each, benchmark::Counter::kIsRate);
}

void decode(benchmark::State& state) {
  const std::string bytes = up_of(1, static_cast<int>(state.range(0)));
  google::protobuf::Arena arena;
  for (auto _ : state) {
    auto* up = google::protobuf::Arena::CreateMessage<telemetry::Up>(&arena);
    benchmark::DoNotOptimize(up->ParseFromString(bytes));
    arena.Reset();
  }
  count_records(state, static_cast<double>(state.range(0)));
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * bytes.size()));
}
BENCHMARK(decode)->Arg(1)->Arg(512)->ArgName("records");

void write_frame(benchmark::State& state) {
  const std::string body = some_sample(1).SerializeAsString();
  bench::BatchFrame frame;
  for (auto _ : state) {
    frame.begin(kStream, 1);
    for (std::uint64_t seq = 1; seq <= static_cast<std::uint64_t>(state.range(0)); ++seq)
      frame.add(seq, 1'775'000'000'000, 60'000, body);
    benchmark::DoNotOptimize(frame.end());
  }
  count_records(state, static_cast<double>(state.range(0)));
}
BENCHMARK(write_frame)->Arg(1)->Arg(512)->ArgName("records");

/// Checks, delivery law and conversion of one decoded batch.
void plan(benchmark::State& state) {
  telemetry::Up up;
  up.ParseFromString(up_of(1, static_cast<int>(state.range(0))));
  for (auto _ : state) benchmark::DoNotOptimize(ingest::plan_batch(up.batch(), 0, kBegin + 24h * 30));
  count_records(state, static_cast<double>(state.range(0)));
}
BENCHMARK(plan)->Arg(1)->Arg(512)->ArgName("records");

/// A commit as the ingest makes it: as many messages as a group takes, each of another gateway.
class Commits {
 public:
  explicit Commits(int records) : records_(records) {
    telemetry::Up up;
    const std::string bytes = up_of(1, records);
    up.ParseFromString(bytes);
    gateways_ = static_cast<int>(std::min(kGroupFrames, kGroupBytes / bytes.size()));
    entries_ = ingest::plan_batch(up.batch(), 0, kBegin + 24h * 30).entries;
    for (int gateway = 0; gateway < gateways_; ++gateway) {
      char id[16];
      std::snprintf(id, sizeof id, "FLEET%07d", gateway);
      batches_.push_back({{id, "00112233445566778899aabbccddeeff"}, 0, entries_});
    }
  }
  double records() const { return static_cast<double>(gateways_) * records_; }
  /// The next minutes of all gateways.
  const std::vector<service::TelemetryBatch>& next() {
    for (auto& batch : batches_) {
      for (auto& entry : batch.entries) {
        entry.seq += shift_;
        entry.sample.start += shift_ * 1min;
      }
      batch.mark = batch.entries.back().seq;
    }
    shift_ = static_cast<std::uint64_t>(records_);
    return batches_;
  }

 private:
  static constexpr std::size_t kGroupFrames = 256, kGroupBytes = 4 << 20;  // ingest::ServerOptions
  int records_;
  int gateways_ = 0;
  std::uint64_t shift_ = 0;
  std::vector<service::TelemetryEntry> entries_;
  std::vector<service::TelemetryBatch> batches_;
};

void commit(benchmark::State& state, const std::string& url) {
  const auto store = store::open_telemetry(store::parse_store_url(url), store::Durability::full);
  Commits commits(static_cast<int>(state.range(0)));
  for (auto _ : state) {
    state.PauseTiming();
    const auto& batches = commits.next();
    state.ResumeTiming();
    if (const Status stored = store->commit(batches); !stored) state.SkipWithError(stored.error().message.c_str());
  }
  count_records(state, commits.records());
}

void commits_of_both_sizes(benchmark::internal::Benchmark* bench) {
  bench->ArgName("records")->Arg(1)->Arg(512)->Iterations(20)->UseRealTime()->Unit(benchmark::kMillisecond);
}

void commit_sqlite(benchmark::State& state) {
  const ScratchDirectory scratch;
  commit(state, "sqlite:" + (scratch.path() / "telemetry.db").string());
}
BENCHMARK(commit_sqlite)->Apply(commits_of_both_sizes);

void commit_beside(benchmark::State& state, world::ServerKind kind) {
  if (const auto missing = world::missing_program(kind))
    return state.SkipWithError((*missing + " is not here").c_str());
  world::DatabaseServer server(kind);
  if (const Status started = server.start(); !started) return state.SkipWithError(started.error().message.c_str());
  commit(state, server.url());
}
BENCHMARK_CAPTURE(commit_beside, postgresql, world::ServerKind::postgresql)->Apply(commits_of_both_sizes);
BENCHMARK_CAPTURE(commit_beside, clickhouse, world::ServerKind::clickhouse)->Apply(commits_of_both_sizes);

}  // namespace

BENCHMARK_MAIN();
