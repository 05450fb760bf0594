#include "harness/bench/references.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <optional>

#include "common/scratch_directory.hpp"
#include "harness/bench/line_protocol.hpp"
#include "harness/bench/process_meter.hpp"
#include "harness/world/database_server.hpp"
#include "harness/world/process.hpp"

namespace v2x::bench {
namespace {

using world::DatabaseServer;
using world::ServerKind;

constexpr std::chrono::milliseconds kLookAgain{10};
constexpr std::chrono::seconds kBesideLoad{60};  // of a raw program: opening, loading the sample file, closing

struct RawProgram {
  std::string program;
  std::optional<ServerKind> server;
};
const std::map<std::string, RawProgram>& raw_programs() {
  static const std::map<std::string, RawProgram> all{{"sqlite-raw", {"sqlite_raw", std::nullopt}},
                                                     {"postgres-copy", {"postgres_copy", ServerKind::postgresql}},
                                                     {"clickhouse-raw", {"clickhouse_raw", ServerKind::clickhouse}}};
  return all;
}

Result<Throughput> run_line_protocol(ServerKind kind, const Load& load) {
  // VictoriaMetrics would throw away what is older than a month, which is faster than storing it.
  const bool is_influxdb = kind == ServerKind::influxdb;
  DatabaseServer server(kind,
                        is_influxdb ? std::vector<std::string>{} : std::vector<std::string>{"-retentionPeriod=100y"});
  if (const Status started = server.start(); !started) return fail(started.error());
  const ProcessMeter meter(server.pid(), ProcessMeter::Whom::family);
  const auto written = write_lines(server.port(), is_influxdb ? "CREATE DATABASE bench" : "", load);
  if (!written) return fail(written.error());
  const Throughput throughput{written->per_s, static_cast<double>(written->records) / meter.cpu_s()};
  const auto stored =
      is_influxdb ? count_in_influxdb(server.port()) : count_in_victoriametrics(server.port(), load, *written);
  if (!stored) return fail(stored.error());
  if (*stored != written->values)
    return fail("bench",
                fmt::format("{} answered for {} values, but has {}", to_string(kind), written->values, *stored));
  return throughput;
}

struct RawFigures {
  double records = 0, took_s = 0, cpu_s = 0;
};
/// nullopt until the program has printed them, in one line.
std::optional<RawFigures> raw_figures(const std::filesystem::path& out) {
  RawFigures figures;
  std::ifstream in(out);
  const bool whole = in >> figures.records >> figures.took_s >> figures.cpu_s && in.get() == '\n';
  return whole && figures.records > 0 ? std::optional(figures) : std::nullopt;
}

/// It prints records, seconds and its own CPU seconds, and lives on until it is killed: its server's part is read
/// meanwhile.
Result<Throughput> run_raw(const RawProgram& raw, const Load& load, const ReferenceOptions& options) {
  const ScratchDirectory scratch;
  std::optional<DatabaseServer> server;
  std::string place = (scratch.path() / "raw.db").string();
  if (raw.server) {
    server.emplace(*raw.server);
    if (const Status started = server->start(); !started) return fail(started.error());
    place = server->url();
  }
  std::optional<ProcessMeter> meter;
  if (server) meter.emplace(server->pid(), ProcessMeter::Whom::family);
  const double seconds = std::chrono::duration<double>(load.plan.duration).count();
  const auto program = options.programs / raw.program;
  world::Process process({program.string(), place, options.fleet.string(), std::to_string(load.plan.gateways),
                          std::to_string(load.plan.records_per_batch()), fmt::format("{}", seconds)},
                         scratch.path() / "raw.out", scratch.path() / "raw.log");
  const SteadyTime patience = steady_now() + load.plan.duration + kBesideLoad;
  std::optional<world::Exit> end;
  while (!end && steady_now() < patience) {
    if (const auto figures = raw_figures(scratch.path() / "raw.out"))
      return Throughput{figures->records / figures->took_s,
                        figures->records / (figures->cpu_s + (meter ? meter->cpu_s() : 0))};
    end = process.wait(kLookAgain);
  }
  std::ifstream log(scratch.path() / "raw.log");
  std::string why;
  std::getline(log, why);
  return fail("bench", fmt::format("{} {}: {}", raw.program, end ? "ended with " + end->text() : "does not end", why));
}

}  // namespace

const std::vector<std::string>& reference_names() {
  static const std::vector<std::string> names{"victoriametrics", "influxdb",       "sqlite-raw",
                                              "postgres-copy",   "clickhouse-raw", "curve-echo"};
  return names;
}

Throughput throughput_of(const Facts& facts) {
  const Facts processes = facts.value("processes", Facts::object());
  const auto cpu_s = [&](const char* whose) { return processes.value(whose, Facts::object()).value("cpu_s", 0.0); };
  const double cpu = cpu_s("service") + cpu_s("store");
  return {facts.value("achieved_per_s", 0.0), cpu > 0 ? facts.value("acknowledged", 0.0) / cpu : 0};
}

Result<Throughput> run_reference(const std::string& name, const Load& load, const ReferenceOptions& options) {
  if (name == "victoriametrics") return run_line_protocol(ServerKind::victoriametrics, load);
  if (name == "influxdb") return run_line_protocol(ServerKind::influxdb, load);
  if (const auto raw = raw_programs().find(name); raw != raw_programs().end())
    return run_raw(raw->second, load, options);
  const auto facts = run_echo_turn(load, options.programs / "curve_echo");
  if (!facts) return fail(facts.error());
  if (const std::string verdict = facts->value("verdict", ""); verdict != "ok" && verdict != "generator_bottleneck")
    return fail("bench", "curve-echo: " + verdict);
  return throughput_of(*facts);
}

}  // namespace v2x::bench
