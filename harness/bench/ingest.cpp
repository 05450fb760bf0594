#include "harness/bench/ingest.hpp"

#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <fstream>

#include "common/bad_input.hpp"
#include "common/jst.hpp"
#include "contracts/fail_points.hpp"
#include "harness/actors/mail.hpp"
#include "harness/bench/line_protocol.hpp"
#include "harness/bench/print.hpp"
#include "harness/bench/ratio.hpp"
#include "harness/bench/references.hpp"
#include "harness/bench/requirement.hpp"
#include "harness/world/process.hpp"
#include "harness/world/state_cache.hpp"
#include "reports/bench_page.hpp"

namespace v2x::bench {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr std::chrono::minutes kMakingFleet{20};
constexpr Duration kSaturating = std::chrono::seconds(20);  // long enough to know what is held
constexpr rlim_t kDescriptorsBeside = 500;                  // of connections

/// A descriptor for each connection, here and in the service, which inherits the limit.
void need_descriptors(std::uint32_t gateways) {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  if (limit.rlim_max < gateways + kDescriptorsBeside)
    throw BadInput(fmt::format("--gateways {}: only {} descriptors may be open here (ulimit -Hn), expected {}",
                               gateways, limit.rlim_max, gateways + kDescriptorsBeside));
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

/// A day of 24 houses, made by the physics once and kept.
fs::path default_fleet(const IngestOptions& options) {
  const fs::path directory = world::StateCache::default_root();
  const fs::path file = directory / "fleet-24-1.v2x";
  if (fs::exists(file)) return file;
  fmt::print(stderr, "making {} (24 houses, one day; about a minute) …\n", file.string());
  fs::create_directories(directory);
  const fs::path part = fmt::format("{}.{}", file.string(), getpid());  // whole or not at all
  world::Process process(
      {(options.programs / "v2x-sim").string(), "fleet", "--world", options.world.string(), "--out", part.string()},
      directory / "fleet.log", directory / "fleet.log");
  const auto end = process.wait(kMakingFleet);
  if (!end || end->code != 0)
    throw BadInput(fmt::format("v2x-sim fleet {}, see {}", end ? "ended with " + end->text() : "does not end",
                               (directory / "fleet.log").string()));
  fs::rename(part, file);
  return file;
}

void check_crash_point(const IngestOptions& options) {
  if (options.crash_at.empty()) return;
  if (options.plan.shape != Shape::restart)
    throw BadInput(fmt::format("--crash-at {}: expected with --shape restart", options.crash_at));
  std::string names;
  for (const auto& point : contracts::load_fail_points()) {
    if (!point.name.starts_with("ingest.")) continue;
    if (point.name == options.crash_at) return;
    names += (names.empty() ? "" : ", ") + point.name;
  }
  throw BadInput(fmt::format("--crash-at {}: expected one of {}", options.crash_at, names));
}

/// What a command works on.
struct Bench {
  explicit Bench(const IngestOptions& given)
      : options((need_descriptors(given.plan.gateways), given)),
        fleet_path(given.fleet.empty() ? default_fleet(given) : given.fleet),
        file(fleet_path),
        fleet(make_fleet(given.plan.gateways)) {
    actors::start_mail_parser();  // the customer's account begins with a mail
  }

  Load load() const { return {options.plan, file, fleet, *options.interrupted}; }
  TurnOptions turn(const fs::path& programs) const {
    return {programs, options.world, options.store, options.looks, options.audits, 0, options.crash_at};
  }

  const IngestOptions options;
  const fs::path fleet_path;
  const FleetFile file;
  const std::vector<FleetGateway> fleet;
};

json head_of(const IngestOptions& options) {
  const LoadPlan& plan = options.plan;
  std::string store;
  for (const auto& [word, kind] : store_kinds())
    if (kind == options.store) store = word;
  return {{"bench", "ingest"},
          {"at", format_time(RealtimeClock::system().now())},
          {"shape", to_string(plan.shape)},
          {"gateways", plan.gateways},
          {"rate", plan.saturates() ? json("saturate") : json(plan.rate)},
          {"records_per_batch", plan.records_per_batch()},
          {"store", store},
          {"seed", plan.seed}};
}

BenchExit exit_of(const json& facts, const IngestOptions& options, std::vector<std::string>& misses) {
  if (*options.interrupted) return BenchExit::interrupted;
  const std::string verdict = facts.value("verdict", "");
  for (const std::string& text : options.requirements)
    if (const std::string miss = parse_requirement(text).miss(facts); !miss.empty()) misses.push_back(miss);
  if (verdict == "lost" || verdict == "doubled") return BenchExit::failed;
  if (verdict != "ok") return BenchExit::bench_error;
  return misses.empty() ? BenchExit::ok : BenchExit::threshold_missed;
}

BenchExit finish(json facts, const IngestOptions& options) {
  std::vector<std::string> misses;
  const BenchExit exit = exit_of(facts, options, misses);
  facts["missed"] = misses;
  const fs::path directory =
      options.results /
      fmt::format("{}-bench-{}", format_jst(RealtimeClock::system().now(), "%Y%m%d-%H%M%S"), getpid());
  fs::create_directories(directory);
  std::ofstream(directory / "bench.json") << facts.dump(2) << "\n";
  std::ofstream(directory / "bench.html") << reports::bench_page(facts);
  if (options.json)
    fmt::print("{}\n", facts.dump());
  else
    fmt::print("{}", table_of(facts));
  for (const std::string& miss : misses) fmt::print(stderr, "missed: {}\n", miss);
  fmt::print(stderr, "page: {}\n", (directory / "bench.html").string());
  return exit;
}

/// What came out of each round, by name; ours is "v2x-backend".
struct Rounds {
  std::map<std::string, std::vector<double>> per_s, per_cpu_s;

  void add(const std::string& name, const Throughput& throughput) {
    per_s[name].push_back(throughput.per_s);
    per_cpu_s[name].push_back(throughput.per_cpu_s);
    fmt::print(stderr, "round {}: {:<16} {:>10.0f} records/s, {:>10.0f} in a CPU second\n", per_s[name].size(), name,
               throughput.per_s, throughput.per_cpu_s);
  }
  void note(json& facts, const std::vector<std::string>& references) const {
    facts["rounds"] = {{"per_s", per_s}, {"per_cpu_s", per_cpu_s}};
    facts["ratios"] = json::array();
    for (const std::string& name : references) {
      if (!per_s.contains(kOurs) || !per_s.contains(name) || per_s.at(name).size() != per_s.at(kOurs).size()) continue;
      json ratio = ratio_of_pairs(per_s.at(kOurs), per_s.at(name)).json();
      ratio["against"] = name;
      ratio["per_cpu_s"] = ratio_of_pairs(per_cpu_s.at(kOurs), per_cpu_s.at(name)).json();
      facts["ratios"].push_back(ratio);
    }
  }

  static constexpr auto kOurs = "v2x-backend";
};

/// In each round everything runs once, in turned order, so that what the machine does meanwhile hits all alike.
Result<json> run_rounds(const Bench& bench) {
  const IngestOptions& options = bench.options;
  const ReferenceOptions references{bench.fleet_path, options.programs.parent_path() / "bench"};
  Rounds rounds;
  json facts;
  for (int round = 0; round < options.pairs && !*options.interrupted; ++round) {
    std::vector<std::string> order = options.against;
    order.insert(order.begin(), Rounds::kOurs);
    if (round % 2 == 1) std::reverse(order.begin(), order.end());
    for (const std::string& name : order) {
      if (name != Rounds::kOurs) {
        const auto throughput = run_reference(name, bench.load(), references);
        if (!throughput) return fail(throughput.error());
        rounds.add(name, *throughput);
        continue;
      }
      auto turn = run_turn(bench.load(), bench.turn(options.programs));
      if (!turn) return fail(turn.error());
      facts = std::move(*turn);
      if (facts["verdict"] != "ok" && facts["verdict"] != "generator_bottleneck") return facts;
      rounds.add(name, throughput_of(facts));
    }
  }
  rounds.note(facts, options.against);
  const LinesPerRecord per_record = lines_per_record(bench.file);
  facts["line_protocol"] = {{"lines_per_record", per_record.lines}, {"values_per_record", per_record.values}};
  return facts;
}

/// Pairs of a run without and one with wrong log-ins; the facts are those of the last one with them.
Result<json> run_disturbed(const Bench& bench) {
  TurnOptions calm = bench.turn(bench.options.programs);
  TurnOptions disturbed = calm;
  disturbed.wrong_logins = bench.options.wrong_logins;
  std::vector<double> without, with, ratios;
  json facts;
  for (int round = 0; round < bench.options.pairs && !*bench.options.interrupted; ++round) {
    for (const bool is_disturbed : {round % 2 == 1, round % 2 == 0}) {
      auto turn = run_turn(bench.load(), is_disturbed ? disturbed : calm);
      if (!turn) return fail(turn.error());
      (is_disturbed ? with : without).push_back((*turn)["ack_ms"].value("p99", 0.0));
      if (is_disturbed || (*turn)["verdict"] != "ok") facts = std::move(*turn);
      if (facts.is_object() && facts["verdict"] != "ok") return facts;
    }
    ratios.push_back(with.back() / without.back());
    fmt::print(stderr, "round {}: ack p99 {:.1f} ms without, {:.1f} ms with wrong log-ins\n", round + 1, without.back(),
               with.back());
  }
  if (ratios.empty()) return facts;
  facts["rounds"] = {{"ack_p99_ms_without", without}, {"ack_p99_ms_with", with}};
  facts["ack_p99_ratio_median"] = median(ratios);
  return facts;
}

/// A saturating turn, and one whose rate is a share of what that held, or a multiple.
Result<json> run_scaled(const Bench& bench) {
  Load load = bench.load();
  load.plan.rate = 0;
  load.plan.duration = std::min(load.plan.duration, kSaturating);
  TurnOptions undisturbed = bench.turn(bench.options.programs);
  undisturbed.looks = undisturbed.audits = false;
  const auto most = run_turn(load, undisturbed);
  if (!most) return fail(most.error());
  const double saturation = throughput_of(*most).per_s;
  if (saturation <= 0) return *most;  // its verdict says why
  fmt::print(stderr, "saturated: {:.0f} records/s, {}\n", saturation, most->value("verdict", ""));
  load.plan.rate = bench.options.of_saturation * saturation;
  load.plan.duration = bench.options.plan.duration;
  auto turn = run_turn(load, bench.turn(bench.options.programs));
  if (!turn) return fail(turn.error());
  json facts = std::move(*turn);
  facts["rate"] = load.plan.rate;
  facts["saturation_per_s"] = saturation;
  facts["goodput_to_saturation"] = throughput_of(facts).per_s / saturation;
  return facts;
}

Result<json> measure(const Bench& bench) {
  if (bench.options.of_saturation > 0) return run_scaled(bench);
  if (!bench.options.against.empty()) return run_rounds(bench);
  if (bench.options.wrong_logins > 0) return run_disturbed(bench);
  return run_turn(bench.load(), bench.turn(bench.options.programs));
}

}  // namespace

BenchExit bench_ingest(const IngestOptions& options) {
  check_crash_point(options);
  for (const std::string& text : options.requirements) static_cast<void>(parse_requirement(text));
  const Bench bench(options);
  const auto measured = measure(bench);
  if (!measured) {
    fmt::print(stderr, "v2x: {}\n", measured.error().message);
    return BenchExit::bench_error;
  }
  json facts = head_of(options);
  facts.update(*measured);
  if (const double per_cpu_s = throughput_of(*measured).per_cpu_s; per_cpu_s > 0)
    facts["achieved_per_cpu_s"] = per_cpu_s;
  return finish(std::move(facts), options);
}

BenchExit bench_compare(const IngestOptions& options, const fs::path& base, const fs::path& head) {
  const Bench bench(options);
  std::map<std::string, std::vector<double>> values;
  for (int round = 0; round < options.pairs && !*options.interrupted; ++round) {
    std::vector<std::pair<std::string, fs::path>> order{{"base", base}, {"head", head}, {"null", base}};
    std::rotate(order.begin(), order.begin() + round % 3, order.end());
    for (const auto& [name, programs] : order) {
      const auto turn = run_turn(bench.load(), bench.turn(programs));
      if (!turn || (turn->value("verdict", "") != "ok" && turn->value("verdict", "") != "generator_bottleneck")) {
        fmt::print(stderr, "v2x: {}: {}\n", name, turn ? turn->value("verdict", "") : turn.error().message);
        return BenchExit::bench_error;
      }
      values[name].push_back(options.plan.saturates() ? turn->value("achieved_per_s", 0.0)
                                                      : 1 / std::max(1e-3, (*turn)["ack_ms"].value("p99", 0.0)));
      fmt::print(stderr, "round {}: {:<4} {:.4g}\n", round + 1, name, values[name].back());
    }
  }
  if (*options.interrupted) return BenchExit::interrupted;
  const Ratio null = ratio_of_pairs(values["null"], values["base"]);
  const Ratio ratio = ratio_of_pairs(values["head"], values["base"]);
  const double floor = std::max(1 / null.low, null.high) - 1;
  const bool slower = ratio.high < 1 && ratio.mean < 1 / (1 + floor);
  const bool faster = ratio.low > 1 && ratio.mean > 1 + floor;
  json facts = head_of(options);
  facts["bench"] = "compare";
  facts["measure"] = options.plan.saturates() ? "achieved_per_s" : "1 / ack p99";
  facts["base"] = base.string();
  facts["head"] = head.string();
  facts["head_to_base"] = ratio.json();
  facts["null_run"] = null.json();
  facts["noise_floor"] = floor;
  facts["rounds"] = values;
  facts["verdict"] = slower ? "slower" : faster ? "faster" : "no_difference";
  if (options.json)
    fmt::print("{}\n", facts.dump());
  else
    fmt::print(
        "head to base {:.3f} [{:.3f}, {:.3f}], base to itself {:.3f} [{:.3f}, {:.3f}], noise floor {:.1f} %: {}\n",
        ratio.mean, ratio.low, ratio.high, null.mean, null.low, null.high, 100 * floor,
        facts["verdict"].get<std::string>());
  return slower ? BenchExit::threshold_missed : BenchExit::ok;
}

}  // namespace v2x::bench
