// Commands on their way through the ingest: down to gateways that are connected, their results and live samples up.
#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <vector>

#include "backend/service/live_samples.hpp"
#include "backend/service/registry.hpp"
#include "backend/service/setting_exchange.hpp"
#include "contracts/telemetry.pb.h"

namespace v2x::ingest {

struct CommandFrame {
  std::string gateway_id;
  telemetry::Down down;
};

/// Belongs to the ingest's thread, but for wanted(). What must be kept is in the registry: a restart sends what is
/// still queued.
class Commands {
 public:
  Commands(service::Registry& registry, const service::SettingExchange& exchange, service::LiveSamples& live)
      : registry_(registry), exchange_(exchange), live_(live) {}

  /// There may be something to send. Thread-safe.
  void wanted() { wanted_ = true; }
  bool are_wanted() const { return wanted_; }
  /// What leaves now; each only once.
  std::vector<CommandFrame> take(const std::function<bool(const std::string&)>& connected);

  // Inside of the ingest's transaction.
  void hello(service::Transaction& tx, const std::string& gateway_id, const telemetry::Hello& hello);
  void result(service::Transaction& tx, const std::string& gateway_id, const telemetry::CommandResult& result);
  void settings_changed(service::Transaction& tx, const std::string& gateway_id, const telemetry::Event& event);

  /// Error: why the sample is absurd.
  Status live(const std::string& gateway_id, const telemetry::Live& live, Time now);

 private:
  service::Registry& registry_;
  const service::SettingExchange& exchange_;
  service::LiveSamples& live_;
  std::atomic<bool> wanted_{true};
};

}  // namespace v2x::ingest
