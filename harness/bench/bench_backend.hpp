// A v2x-backend under load: fresh data, a fleet of known gateways, and one customer who looks at her house.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/scratch_directory.hpp"
#include "harness/actors/smtp_sink.hpp"
#include "harness/bench/generator.hpp"
#include "harness/scenario/world_file.hpp"
#include "harness/world/box.hpp"
#include "harness/world/database_server.hpp"
#include "harness/world/port_block.hpp"

namespace v2x::bench {

enum class StoreKind { sqlite, postgresql, clickhouse };
const std::map<std::string, StoreKind>& store_kinds();

struct BackendSetup {
  std::filesystem::path programs;  ///< where v2x-backend is
  std::filesystem::path world;     ///< with a customer whose gateway is registered
  StoreKind store = StoreKind::sqlite;
  Time service_start{};  ///< what the service's clock shows when it first starts; after 2026-04-01 noon
};

/// Owns the processes, their data and their ports; all are gone with it. Belongs to one thread.
class BenchBackend {
 public:
  explicit BenchBackend(BackendSetup setup);

  /// The customer's account, made once through the pages and then kept; the fleet's import; the start.
  Status make(const std::vector<FleetGateway>& fleet);
  /// After kill(): on the same data, keys and ports. start() waits until it answers, launch() doesn't.
  Status start();
  void launch() { box_->launch(); }
  void kill() { box_->kill(); }
  /// As its operator would; an Error when it doesn't end well.
  Status stop() { return box_->stop(); }

  TelemetryTarget target() const { return target_; }
  Time service_time() const { return clock_->now(); }
  int http_port() const { return ports_.port(kHttpPort); }
  pid_t pid() const { return box_->id(); }
  /// Of the database server; nullopt when the store is a file.
  std::optional<pid_t> store_pid() const;
  /// Of everything that holds telemetry.
  std::uint64_t bytes_on_disk() const;
  /// A verb of its control socket, as world::Box has it.
  Result<Json> call(const std::string& verb, Json arguments) { return box_->call(verb, std::move(arguments)); }
  /// The log's last line that is an error; "" when there is none.
  std::string last_error() const;

  /// Whether it has ended although nobody wanted it to.
  bool has_ended() { return !box_->running(); }
  const std::filesystem::path& directory() const { return scratch_.path(); }
  const scenario::World& world() const { return world_; }
  std::filesystem::path people() const { return state() / "people.json"; }
  /// The secret key of the customer's gateway.
  std::filesystem::path key_file() const { return state() / "keys" / (world_.sites.front().gateway_id + ".key"); }

 private:
  static constexpr int kHttpPort = 0;
  static constexpr int kTelemetryPort = 1;
  static constexpr int kSmtpPort = 2;

  std::filesystem::path state() const { return scratch_.path() / "state"; }
  std::filesystem::path data() const { return state() / "backend"; }
  std::filesystem::path logs() const { return scratch_.path() / "logs"; }
  std::vector<std::string> store_words() const;
  world::Box::Options box_options(const std::string& epoch) const;
  Status register_customer();
  Status import(const std::vector<FleetGateway>& fleet);

  BackendSetup setup_;
  scenario::World world_;
  ScratchDirectory scratch_;
  world::PortBlock ports_;
  actors::SmtpSink sink_;
  MessagingContext context_;
  std::unique_ptr<RealtimeClock> clock_;
  std::unique_ptr<world::DatabaseServer> server_;
  std::unique_ptr<world::Box> box_;
  TelemetryTarget target_;
};

}  // namespace v2x::bench
