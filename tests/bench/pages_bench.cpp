// How soon the monitoring pages answer over HTTP when the store is full: newest minutes of 10,000 gateways, a year of
// half-hours for 1,000, a year of minutes for 20, in SQLite. Prints percentiles, and their ratio to a static file that
// the same clients fetch in the same run, and the CPU time of both ends per request, which says more on a busy machine;
// exit code 4 when home or year graph miss their limits. `pages_bench 0.01` fills a hundredth of it.
#include <fmt/format.h>
#include <httplib.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "backend/mail/template_texts.hpp"
#include "backend/service/ports/accounts.hpp"
#include "backend/service/ports/gateways.hpp"
#include "backend/service/ports/inventory.hpp"
#include "backend/service/ports/sessions.hpp"
#include "backend/service/secrets.hpp"
#include "backend/store/registry_sqlite.hpp"
#include "backend/store/telemetry_sqlite.hpp"
#include "backend/web/server.hpp"
#include "common/jst.hpp"
#include "common/random.hpp"
#include "common/resources.hpp"
#include "common/scratch_directory.hpp"

namespace v2x {
namespace {

using service::HalfHour;
using service::TelemetryBatch;
using service::TelemetrySample;

constexpr int kGateways = 10'000, kWithHalfHours = 1'000, kWithMinutes = 20;
constexpr int kHalfHoursOfYear = 365 * 48, kMinutesOfYear = 365 * 1440;
constexpr int kClients = 4, kRequestsEach = 250;
constexpr int kBatch = 512;

Time now() {
  return parse_time("2026-11-20T12:00:00+09:00").value();
}

std::string gateway_id(int number) {
  return fmt::format("01AB{:08}", number);
}

TelemetrySample minute(Time end, std::int64_t number) {
  TelemetrySample sample;
  sample.length = std::chrono::minutes(1);
  sample.start = end - sample.length;
  sample.mean_w = {3000, 700, 0, 2300, 0, 0};
  sample.counter_wh = {number * 50, number * 12, 0, number * 38, 0, 0};
  sample.ev = service::EvReading{service::VehicleState::standby, 600, 24'000};
  sample.units = std::string(200, 'u');
  return sample;
}

/// The service's stores and its real server, filled.
class Service {
 public:
  explicit Service(double part) : part_(part) {
    fill_registry();
    fill_telemetry();
    server_.start();
  }

  int port() const { return server_.port(); }
  const std::vector<std::string>& sessions() const { return sessions_; }
  int scaled(int count) const { return std::max(1, static_cast<int>(count * part_)); }

 private:
  /// Every gateway has an owner who is logged in; the first `kWithHalfHours` are asked for.
  void fill_registry() {
    registry_.transact([&](service::Transaction& tx) {
      for (int i = 0; i < scaled(kGateways); ++i) {
        const std::string id = gateway_id(i), mail = fmt::format("owner{}@example.jp", i);
        tx.inventory().import({id, "hash", "key " + id});
        tx.inventory().seen({{id, now()}});
        const model::Person person{"御室", "花子", "オムロ", "ハナコ", mail, {}, "075-344-7000", "", ""};
        const auto owner = tx.accounts().add({0, model::AccountKind::customer, mail, "", "", person});
        tx.accounts().note_agreement(owner.id, "2019-01-01", "");
        tx.gateways().claim(id, owner.id, {"御室邸", {}});
        sessions_.push_back(service::new_token());
        tx.sessions().add({service::hash_of(sessions_.back()), "ctrl", owner.id, tx.now(), tx.now()});
      }
    });
  }

  void fill_telemetry() {
    for (int i = 0; i < scaled(kGateways); ++i) commit_minutes(i, i < scaled(kWithMinutes) ? kMinutesOfYear : 60);
    for (int i = 0; i < scaled(kWithHalfHours); ++i) keep_year(i);
  }

  void commit_minutes(int gateway, int count) {
    std::uint64_t seq = 0;
    while (seq < static_cast<std::uint64_t>(count)) {
      TelemetryBatch batch{{gateway_id(gateway), "00112233445566778899aabbccddeeff"}, 0, {}};
      for (int i = 0; i < kBatch && seq < static_cast<std::uint64_t>(count); ++i) {
        ++seq;
        const Time end = now() - std::chrono::minutes(count - static_cast<int>(seq));
        batch.entries.push_back(
            {seq, service::SeqKind::sample, 0, minute(end, static_cast<std::int64_t>(seq)), "", ""});
      }
      batch.mark = seq;
      if (!telemetry_.commit({batch})) throw std::runtime_error("the store is full");
    }
  }

  /// Of those with minutes the half-hours are computed, of the others made up.
  void keep_year(int gateway) {
    const std::string id = gateway_id(gateway);
    if (gateway < scaled(kWithMinutes)) {
      (void)energy_.keep_touched(id);
      return;
    }
    std::vector<HalfHour> year;
    for (int i = kHalfHoursOfYear; i > 2; --i)
      year.push_back(
          {service::half_hour_of(now()) - i * service::kHalfHour, {1500, 350, 0, 1150, 0, 0}, 600, false, false});
    (void)telemetry_.keep(id, year, {});
  }

  const double part_;
  ScratchDirectory scratch_;
  SteppedClock clock_{now()};
  service::Settings settings_{.bases = {"http://multi", "http://regist", "http://entry", "http://ctrl"}};
  mail::TemplateTexts texts_{resource("mail"), settings_.bases};
  store::RegistrySqlite registry_{
      {scratch_.path() / "registry.db", store::Durability::normal, resource("migrations")}, clock_, texts_};
  store::TelemetrySqlite telemetry_{scratch_.path() / "telemetry.db", store::Durability::normal};
  service::EnergyQueries energy_{telemetry_, clock_};
  contracts::FaultCatalogue faults_ = contracts::FaultCatalogue::load();
  service::AlarmService alarms_{faults_};
  service::MonitoringQueries monitoring_{registry_, telemetry_, faults_, clock_};
  service::SettingExchange exchange_;
  service::LiveSamples live_{clock_};
  web::Server server_{{"127.0.0.1", 0, {}, resource("web")},
                      {settings_, registry_, monitoring_, alarms_, exchange_, live_, clock_}};
  std::vector<std::string> sessions_;
};

using Milliseconds = std::vector<double>;

double percentile(const Milliseconds& sorted, double share) {
  return sorted[std::min(sorted.size() - 1, static_cast<size_t>(share * static_cast<double>(sorted.size())))];
}

/// `kClients` at once, each with a connection of its own; visitors are drawn among the first `visitors`.
Milliseconds ask(const Service& service, int visitors, const std::function<std::string(int)>& path) {
  std::vector<Milliseconds> of_client(kClients);
  std::atomic<int> failures{0};
  std::vector<std::thread> clients;
  for (int c = 0; c < kClients; ++c)
    clients.emplace_back([&, c] {
      httplib::Client http("127.0.0.1", service.port());
      http.set_keep_alive(true);
      http.set_tcp_nodelay(true);
      for (int i = 0; i < kRequestsEach; ++i) {
        const int visitor =
            static_cast<int>(random_bits({1, "client", "visitor"}, static_cast<std::uint64_t>(c * kRequestsEach + i)) %
                             static_cast<std::uint64_t>(visitors));
        const httplib::Headers cookie = {
            {"Cookie", "ctrl_session=" + service.sessions()[static_cast<size_t>(visitor)]}};
        const SteadyTime begin = steady_now();
        const auto answer = http.Get(path(visitor), cookie);
        of_client[static_cast<size_t>(c)].push_back(
            std::chrono::duration<double, std::milli>(steady_now() - begin).count());
        if (!answer || answer->status != 200) ++failures;
      }
    });
  for (auto& client : clients) client.join();
  if (failures > 0) throw std::runtime_error(fmt::format("{} answers were no pages", failures.load()));
  Milliseconds all;
  for (const auto& times : of_client) all.insert(all.end(), times.begin(), times.end());
  std::sort(all.begin(), all.end());
  return all;
}

/// Asks for pages one after the other and prints what each took.
class Report {
 public:
  explicit Report(const Service& service) : service_(service) {}

  /// `limit_ms`: of the 99th percentile; 0: as it comes.
  void add(const char* what, int visitors, const char* path, double limit_ms = 0) {
    const std::clock_t cpu_before = std::clock();
    const Milliseconds times =
        ask(service_, visitors, [&](int visitor) { return fmt::format(fmt::runtime(path), gateway_id(visitor)); });
    const double cpu_ms = 1000.0 * static_cast<double>(std::clock() - cpu_before) / CLOCKS_PER_SEC;
    const double p50_ms = percentile(times, 0.5), p99_ms = percentile(times, 0.99);
    if (reference_ms_ == 0) reference_ms_ = p50_ms;
    const bool missed = limit_ms > 0 && p99_ms >= limit_ms;
    missed_ = missed_ || missed;
    fmt::print("{:<26} p50 {:7.2f} ms  p99 {:7.2f} ms  max {:7.2f} ms  CPU {:6.2f} ms  p50 / static file {:5.1f}", what,
               p50_ms, p99_ms, times.back(), cpu_ms / static_cast<double>(times.size()), p50_ms / reference_ms_);
    if (limit_ms > 0) fmt::print("  limit p99 {:.0f} ms: {}", limit_ms, missed ? "MISSED" : "held");
    fmt::print("\n");
    std::fflush(stdout);
  }
  bool missed() const { return missed_; }

 private:
  const Service& service_;
  double reference_ms_ = 0;  ///< of the first line
  bool missed_ = false;
};

int run(double part) {
  const SteadyTime begin = steady_now();
  const Service service(part);
  const int all = service.scaled(kGateways), years = service.scaled(kWithHalfHours),
            minutes = service.scaled(kWithMinutes);
  fmt::print(
      "{} gateways, {} with a year of half-hours, {} with a year of minutes, filled in {:.0f} s; {} clients at once, "
      "{} "
      "requests each\n",
      all, years, minutes, std::chrono::duration<double>(steady_now() - begin).count(), kClients, kRequestsEach);
  constexpr double kHomeLimit_ms = 50, kYearLimit_ms = 200;
  Report report(service);
  report.add("static file", 1, "/static/v2x.css");
  report.add("home", all, "/ctrl/home?gw={}", kHomeLimit_ms);
  report.add("home, refresh", all, "/ctrl/home/live?gw={}");
  report.add("day graph", years, "/ctrl/graph?gw={}&span=day&date=2026-11-19");
  report.add("year graph", years, "/ctrl/graph?gw={}&span=year&date=2026", kYearLimit_ms);
  report.add("year graph, with minutes", minutes, "/ctrl/graph?gw={}&span=year&date=2026", kYearLimit_ms);
  report.add("file of a month", years, "/ctrl/csv?gw={}&month=2026-10");
  constexpr int kMissed = 4;
  return report.missed() ? kMissed : 0;
}

}  // namespace
}  // namespace v2x

int main(int argc, char** argv) {
  try {
    return v2x::run(argc > 1 ? std::stod(argv[1]) : 1.0);
  } catch (const std::exception& error) {
    fmt::print(stderr, "pages_bench: {}\n", error.what());
    return 3;
  }
}
