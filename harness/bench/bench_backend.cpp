#include "harness/bench/bench_backend.hpp"

#include <fmt/format.h>

#include <fstream>

#include "common/clock_options.hpp"
#include "common/jst.hpp"
#include "harness/run/world_set_up.hpp"
#include "harness/world/process.hpp"
#include "harness/world/stage.hpp"

namespace v2x::bench {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

constexpr milliseconds kStarting{60'000};
constexpr milliseconds kStopping{60'000};  // a checkpoint of what a saturated store took in
constexpr milliseconds kImporting{120'000};
/// Nobody claims a gateway of the fleet, so that nobody's password need be hashed ten thousand times.
constexpr auto kNobodysPassword = "$argon2id$v=19$m=8,t=1,p=1$bm9ib2R5$bm9ib2R5bm9ib2R5";
const char* const kRegistered = "2026-04-01T12:00:00+09:00";  // when the customer's account is made

std::uint64_t bytes_below(const fs::path& directory, const std::string& prefix, const std::string& without) {
  std::uint64_t bytes = 0;
  std::error_code gone;
  for (auto entry = fs::recursive_directory_iterator(directory, gone); entry != fs::end(entry); entry.increment(gone)) {
    if (gone) break;
    if (entry->path().filename() == without) entry.disable_recursion_pending();
    if (entry->is_regular_file(gone) && entry->path().filename().string().starts_with(prefix))
      bytes += entry->file_size(gone);
  }
  return bytes;
}

}  // namespace

const std::map<std::string, StoreKind>& store_kinds() {
  static const std::map<std::string, StoreKind> all{
      {"sqlite", StoreKind::sqlite}, {"postgresql", StoreKind::postgresql}, {"clickhouse", StoreKind::clickhouse}};
  return all;
}

BenchBackend::BenchBackend(BackendSetup setup)
    : setup_(std::move(setup)),
      world_(scenario::load_world(setup_.world)),
      ports_(world::PortBlock::default_locks()),
      sink_(ports_.port(kSmtpPort)) {
  fs::create_directories(data());
  fs::create_directories(logs());
  if (setup_.store == StoreKind::postgresql)
    server_ = std::make_unique<world::DatabaseServer>(world::ServerKind::postgresql);
  if (setup_.store == StoreKind::clickhouse)
    server_ = std::make_unique<world::DatabaseServer>(world::ServerKind::clickhouse);
}

Status BenchBackend::make(const std::vector<FleetGateway>& fleet) {
  if (server_)
    if (const Status started = server_->start(); !started) return started;
  if (const Status made = register_customer(); !made) return made;
  if (const Status imported = import(fleet); !imported) return imported;
  const SteadyTime anchor = steady_now();
  clock_ = std::make_unique<RealtimeClock>(setup_.service_start, anchor, 1.0);
  box_ = std::make_unique<world::Box>(context_, box_options(format_epoch(setup_.service_start, anchor)));
  return start();
}

/// In virtual time, through the pages; taken from the cache when it has been done before.
Status BenchBackend::register_customer() {
  scenario::Scenario scenario;
  scenario.name = "bench";
  scenario.start = *parse_time(kRegistered);
  scenario.world = world_;
  world::StageOptions options;
  options.programs = setup_.programs;
  options.logs = logs() / "set_up";
  options.start = scenario.start;
  world::Stage stage(world_, options);
  const world::StateCache cache(world::StateCache::default_root());
  const auto key = world::StateCache::key(world_, setup_.programs, scenario.start, options.seed);
  if (const Status made = run::set_up_world(scenario, stage, cache, key); !made) return made;
  fs::copy(stage.state(), state(), fs::copy_options::recursive | fs::copy_options::overwrite_existing);
  return done();
}

Status BenchBackend::import(const std::vector<FleetGateway>& fleet) {
  const fs::path list = scratch_.path() / "fleet.csv";
  std::ofstream csv(list);
  csv << "gateway_id,password,curve_public_key\n";
  for (const FleetGateway& gateway : fleet)
    csv << gateway.id << "," << kNobodysPassword << "," << gateway.keys.public_key << "\n";
  if (!csv.flush()) return fail("bench", list.string() + ": cannot be written");
  std::vector<std::string> words{
      (setup_.programs / "v2x-backend").string(), "gateways", "import", list.string(), "--data", data().string()};
  for (const std::string& word : store_words()) words.push_back(word);
  world::Process process(words, logs() / "import.out", logs() / "import.log");
  const auto end = process.wait(kImporting);
  if (end && end->code == 0) return done();
  std::ifstream log(logs() / "import.log");
  std::string why;
  std::getline(log, why);
  return fail("bench",
              fmt::format("the fleet's import {}: {}", end ? "ended with " + end->text() : "does not end", why));
}

std::vector<std::string> BenchBackend::store_words() const {
  if (!server_) return {};
  return {"--telemetry", server_->url()};
}

world::Box::Options BenchBackend::box_options(const std::string& epoch) const {
  world::Box::Options options;
  options.name = "backend";
  options.control = "ipc://" + (scratch_.path() / "backend.ctl").string();
  options.logs = logs();
  options.patience.start = kStarting;
  options.patience.stop = kStopping;
  options.command = {(setup_.programs / "v2x-backend").string(),
                     "--data",
                     data().string(),
                     "--http-port",
                     std::to_string(http_port()),
                     "--telemetry-port",
                     std::to_string(ports_.port(kTelemetryPort)),
                     "--smtp",
                     fmt::format("127.0.0.1:{}", ports_.port(kSmtpPort)),
                     "--trusted-proxy",
                     "127.0.0.1",
                     "--control",
                     options.control,
                     "--epoch",
                     epoch};
  for (const std::string& word : store_words()) options.command.push_back(word);
  return options;
}

Status BenchBackend::start() {
  const auto hello = box_->start();
  if (!hello) return fail(hello.error());
  target_ = {fmt::format("tcp://127.0.0.1:{}", ports_.port(kTelemetryPort)), hello->value("server_public_key", "")};
  return done();
}

std::string BenchBackend::last_error() const {
  const auto errors = box_->error_lines();
  return errors.empty() ? "" : errors.back();
}

std::optional<pid_t> BenchBackend::store_pid() const {
  if (!server_) return std::nullopt;
  return server_->pid();
}

std::uint64_t BenchBackend::bytes_on_disk() const {
  if (server_) return bytes_below(server_->directory(), "", "pg_wal");
  return bytes_below(data(), "telemetry", "");
}

}  // namespace v2x::bench
