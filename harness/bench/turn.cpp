#include "harness/bench/turn.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <fstream>
#include <optional>

#include "common/jst.hpp"
#include "common/scratch_directory.hpp"
#include "harness/bench/audit.hpp"
#include "harness/bench/flush_probe.hpp"
#include "harness/bench/generator.hpp"
#include "harness/bench/onlooker.hpp"
#include "harness/bench/process_meter.hpp"
#include "harness/bench/wrong_logins.hpp"

namespace v2x::bench {
namespace {

using nlohmann::json;
using std::chrono::milliseconds;

constexpr auto kSlice = std::chrono::seconds(1);  // of the series
constexpr milliseconds kArrival{120'000};
constexpr milliseconds kDrain{60'000};
constexpr milliseconds kCrash{30'000};  // until an armed point is passed
constexpr int kFlushes = 500;
constexpr double kBatchWindowMs = 20;  // ingest::ServerOptions::gather
constexpr double kFullThread = 0.95;   // share of a core at which a thread is taken to be the bottleneck
constexpr double kMostLagMs = 20;      // p99 of the generator's own lateness; default
constexpr double kMostLagShare = 0.5;  // of the p99 that it reports
const char* const kNoon = "2026-04-02T12:00:00+09:00";
const char* const kMidnight = "2026-04-03T00:00:00+09:00";

double seconds_since(SteadyTime t) {
  return std::chrono::duration<double>(steady_now() - t).count();
}

/// What the service's clock shows when the load begins, if that matters.
std::optional<Time> wanted_begin(const LoadPlan& plan) {
  if (plan.shape != Shape::midnight) return std::nullopt;
  return *parse_time(kMidnight) - plan.duration / 2;
}

/// A fixed day: the same stamps in each run. Before a wanted instant there is time to connect all gateways.
Time service_start(const LoadPlan& plan) {
  const auto wanted = wanted_begin(plan);
  return wanted ? *wanted - std::chrono::seconds(10 + plan.gateways / 500) : *parse_time(kNoon);
}

/// What is read once in a second.
class Series {
 public:
  void add(double t, double per_s, const LatencyHistogram& ack, std::uint64_t rss, std::uint32_t welcomed) {
    json_["t_s"].push_back(t);
    json_["achieved_per_s"].push_back(per_s);
    json_["ack_p50_ms"].push_back(ack.quantile_ms(0.5));
    json_["ack_p99_ms"].push_back(ack.quantile_ms(0.99));
    json_["backend_rss_mb"].push_back(static_cast<double>(rss) / 1e6);
    json_["connected"].push_back(welcomed);
  }
  const json& facts() const { return json_; }

 private:
  json json_ = json::object();
};

/// Load, from the first Hello to the last answer, and what it cost.
class Measurement {
 public:
  Measurement(const Load& load, const TelemetryTarget& target, pid_t server)
      : load_(load), server_pid_(server), generator_(messaging_, target, load.plan, load.file, load.fleet) {}

  /// All gateways come at once.
  Status arrive() {
    const ProcessMeter server(server_pid_, ProcessMeter::Whom::process);
    const std::uint64_t before = server.rss_bytes();
    const SteadyTime began = steady_now();
    generator_.connect();
    if (!generator_.wait_for_welcomes(kArrival))
      return fail("bench", fmt::format("{} of {} gateways were welcomed within {} s", generator_.welcomed(),
                                       load_.plan.gateways, kArrival.count() / 1000));
    const std::uint64_t after = server.rss_bytes();
    facts_["arrival_s"] = seconds_since(began);
    facts_["rss_per_connection_bytes"] = (after > before ? after - before : 0) / load_.plan.gateways;
    return done();
  }

  /// `half_way` is called once in the middle.
  void run(Time service_time, std::optional<pid_t> store, const std::function<void(Generator&)>& half_way) {
    const MachineMeter machine;
    const ProcessMeter ours(getpid(), ProcessMeter::Whom::process);
    std::optional<ProcessMeter> server(std::in_place, server_pid_, ProcessMeter::Whom::process);
    std::optional<ProcessMeter> stores;
    if (store) stores.emplace(*store, ProcessMeter::Whom::family);
    generator_.begin(service_time);
    const SteadyTime began = steady_now();
    const SteadyTime middle = began + load_.plan.duration / 2;
    const SteadyTime end = began + load_.plan.duration;
    bool is_past_middle = !half_way;
    noted_at_ = began;
    for (SteadyTime slice = began; steady_now() < end && !load_.interrupted;) {
      slice = std::min(slice + kSlice, end);
      generator_.run_until(is_past_middle ? slice : std::min(slice, middle));
      note_slice(began, steady_now() < middle);
      if (is_past_middle || steady_now() < middle) continue;
      is_past_middle = true;
      server.reset();  // it may be another one afterwards
      half_way(generator_);
      note_slice(began, false);
      slice = steady_now();
    }
    // Saturating, what is on its way at the end was paid for and counts; the references count it, too.
    if (load_.plan.saturates()) is_drained_ = generator_.drain(kDrain);
    const double took = seconds_since(began);
    note_counts(took);
    facts_["processes"]["generator"] = ours.summary();
    if (server) facts_["processes"]["service"] = server->summary();
    if (stores) facts_["processes"]["store"] = stores->summary();
    facts_["service_rss_max_bytes"] = most_rss_;
    if (earlier_rss_ > 0) facts_["service_rss_growth"] = static_cast<double>(later_rss_) / earlier_rss_;
    facts_["machine"] = {{"cores", MachineMeter::cores()}, {"busy_cores", machine.busy_cores()}};
    facts_["machine"]["busy_with_others"] = machine.busy_cores() - cpu_of_all() / took;
    if (!load_.plan.saturates()) is_drained_ = generator_.drain(kDrain);
  }

  void note_service(pid_t pid) { server_pid_ = pid; }
  Generator& generator() { return generator_; }

  Facts facts() {
    facts_["series"] = series_.facts();
    facts_["lost_before_audit"] = generator_.counts().lost;
    facts_["verdict"] = verdict();
    return facts_;
  }
  Facts& more() { return facts_; }

 private:
  /// What came since the last one.
  void note_slice(SteadyTime began, bool is_earlier) {
    const std::uint64_t acknowledged = generator_.counts().acknowledged;
    const std::uint64_t rss = ProcessMeter(server_pid_, ProcessMeter::Whom::process).rss_bytes();
    series_.add(seconds_since(began), static_cast<double>(acknowledged - noted_) / seconds_since(noted_at_),
                generator_.take_interval(), rss, generator_.welcomed());
    noted_ = acknowledged;
    noted_at_ = steady_now();
    note_rss(rss, is_earlier);
  }

  void note_counts(double took) {
    const LoadCounts& counts = generator_.counts();
    facts_["duration_s"] = took;
    facts_["offered_per_s"] = static_cast<double>(counts.offered) / took;
    facts_["achieved_per_s"] = static_cast<double>(counts.acknowledged) / took;
    facts_["acknowledged"] = counts.acknowledged;
    facts_["resent"] = counts.sent > counts.offered ? counts.sent - counts.offered : 0;
    facts_["answers"] = {
        {"busy", counts.busy}, {"gaps", counts.gaps}, {"refused", counts.refused}, {"timeouts", counts.timeouts}};
    facts_["ack_ms"] = counts.ack.summary();
    facts_["generator_lag_ms"] = counts.lag.summary();
  }

  void note_rss(std::uint64_t bytes, bool is_earlier) {
    most_rss_ = std::max(most_rss_, bytes);
    std::uint64_t& half = is_earlier ? earlier_rss_ : later_rss_;
    half = std::max(half, bytes);
  }

  double cpu_of_all() const {
    double sum = 0;
    for (const auto& process : facts_.at("processes")) sum += process.at("cpu_s").get<double>();
    return sum;
  }

  std::string verdict() const {
    if (facts_.value("acknowledged", std::uint64_t{0}) == 0) return "nothing_sent";
    if (generator_.counts().lost > 0) return "lost";
    if (facts_.value("restart", json::object()).contains("error")) return "not_restarted";
    if (!is_drained_) return "not_drained";
    return is_generator_the_bottleneck() ? "generator_bottleneck" : "ok";
  }

  /// Saturating: its busiest thread had no time left, while no thread of the service was as busy. Open model: it
  /// looked at what was due so late that its own lateness is a good part of what it reports.
  bool is_generator_the_bottleneck() const {
    if (load_.plan.saturates()) {
      const auto share = [&](const char* whose) {
        return facts_.at("processes").value(whose, json::object()).value("busiest_share", 0.0);
      };
      return share("generator") > kFullThread && share("service") < kFullThread;
    }
    const double lag = generator_.counts().lag.quantile_ms(0.99);
    return lag > kMostLagMs && lag > kMostLagShare * generator_.counts().ack.quantile_ms(0.99);
  }

  const Load& load_;
  pid_t server_pid_;
  MessagingContext messaging_;
  Generator generator_;
  Series series_;
  Facts facts_ = Facts::object();
  std::uint64_t most_rss_ = 0;
  std::uint64_t earlier_rss_ = 0, later_rss_ = 0;  ///< the most of each half
  std::uint64_t noted_ = 0;                        ///< acknowledged until the last slice
  SteadyTime noted_at_{};
  bool is_drained_ = false;
};

/// It dies of SIGKILL: now, or when it passes the armed point under load.
Status die(BenchBackend& backend, const std::string& crash_at, Generator& generator) {
  if (!crash_at.empty()) {
    const auto armed = backend.call("fail_at", {{"point", crash_at}, {"action", "crash"}, {"count", 1}});
    if (!armed) return fail(armed.error());
    const SteadyTime end = steady_now() + kCrash;
    while (!backend.has_ended() && steady_now() < end) generator.run_until(steady_now() + milliseconds(1));
    if (!backend.has_ended()) return fail("bench", crash_at + " was never passed");
  }
  backend.kill();
  return done();
}

/// Kills the service and starts it again; all gateways lose their connections at once.
void restart(BenchBackend& backend, const std::string& crash_at, Measurement& measurement, Generator& generator) {
  if (const Status dead = die(backend, crash_at, generator); !dead) {
    measurement.more()["restart"] = {{"error", dead.error().message}};
    return;
  }
  const SteadyTime killed = steady_now();
  backend.launch();
  generator.connect();
  const bool all = generator.wait_for_welcomes(kArrival);
  measurement.more()["restart"] = {{"all_connected", all}, {"arrival_s", seconds_since(killed)}};
  measurement.note_service(backend.pid());
}

void note_onlooker(Facts& facts, const Onlooker& onlooker) {
  const Onlooker::Seen seen = onlooker.seen();
  facts["visible_ms"] = seen.visible.summary();
  facts["visible_ms"]["unseen"] = seen.unseen;
  facts["home_ms"] = seen.home.summary();
  if (!seen.error.empty()) facts["onlooker_error"] = seen.error;
}

void note_audit(Facts& facts, const Audit& audit) {
  facts["audit"] = audit.json();
  if (audit.missing > 0) facts["verdict"] = "lost";
  if (audit.doubled > 0) facts["verdict"] = "doubled";
}

}  // namespace

Result<Facts> run_turn(const Load& load, const TurnOptions& options) {
  BenchBackend backend({options.programs, options.world, options.store, service_start(load.plan)});
  if (const Status made = backend.make(load.fleet); !made) return fail(made.error());
  const LatencyHistogram flushes = measure_flush(backend.directory(), kFlushes);
  Measurement measurement(load, backend.target(), backend.pid());
  if (const Status arrived = measurement.arrive(); !arrived) return fail(arrived.error());
  const std::uint64_t bytes_before = backend.bytes_on_disk();
  if (const auto begin = wanted_begin(load.plan)) {
    if (backend.service_time() > *begin) return fail("bench", "the gateways came too late for midnight");
    measurement.generator().run_until(steady_now() + (*begin - backend.service_time()));
  }

  const bool restarts = load.plan.shape == Shape::restart;
  std::optional<Onlooker> onlooker;
  if (options.looks && !restarts) onlooker.emplace(backend);
  std::optional<WrongLogins> logins;
  if (options.wrong_logins > 0) logins.emplace(backend.http_port(), options.wrong_logins);
  std::function<void(Generator&)> half_way;
  if (restarts) half_way = [&](Generator& generator) { restart(backend, options.crash_at, measurement, generator); };
  measurement.run(backend.service_time(), backend.store_pid(), half_way);
  Facts facts = measurement.facts();
  facts["fdatasync_ms"] = flushes.summary();
  facts["ack_p99_9_to_flush"] = facts["ack_ms"].value("p99_9", 0.0) / (kBatchWindowMs + flushes.quantile_ms(0.999));
  if (onlooker) note_onlooker(facts, *onlooker);
  if (logins) facts["wrong_logins"] = {{"judged", logins->refused()}, {"turned_away", logins->turned_away()}};
  onlooker.reset();
  logins.reset();

  if (options.audits) {
    auto audited = audit(backend, measurement.generator().books());
    if (!audited) return fail(audited.error());
    audited->asked_again = measurement.generator().counts().lost;
    note_audit(facts, *audited);
    const std::uint64_t bytes = backend.bytes_on_disk();
    if (audited->stored > 0)
      facts["bytes_per_record"] =
          static_cast<double>(bytes > bytes_before ? bytes - bytes_before : 0) / static_cast<double>(audited->stored);
  }
  if (const std::string error = backend.last_error(); !error.empty()) facts["service_error"] = error;
  return facts;
}

Result<Facts> run_echo_turn(const Load& load, const std::filesystem::path& program) {
  const ScratchDirectory scratch;
  const auto out = scratch.path() / "echo.out";
  world::Process process({program.string()}, out, scratch.path() / "echo.log");
  TelemetryTarget target;
  const SteadyTime end = steady_now() + std::chrono::seconds(10);
  while (target.server_public_key.empty()) {
    std::ifstream in(out);
    if (in >> target.endpoint >> target.server_public_key) break;
    if (steady_now() > end || process.wait(milliseconds(10)))
      return fail("bench", program.string() + " does not say where it listens");
  }
  Measurement measurement(load, target, process.id());
  if (const Status arrived = measurement.arrive(); !arrived) return fail(arrived.error());
  measurement.run(service_start(load.plan), std::nullopt, {});
  return measurement.facts();
}

}  // namespace v2x::bench
