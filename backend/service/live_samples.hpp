// Live samples: what gateways show while somebody watches, kept in memory and never stored.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "backend/service/gateway_commands.hpp"
#include "backend/service/telemetry.hpp"
#include "common/clock.hpp"

namespace v2x::service {

struct LiveSettings {
  Duration period = std::chrono::seconds(2);         // of the samples
  Duration lasts = std::chrono::seconds(60);         // a watch that nobody renews
  Duration renew_before = std::chrono::seconds(30);  // renewed when less than this is left
  Duration fresh = std::chrono::seconds(10);         // an older live sample is none
};

/// Thread-safe. Pages call watch() at each refresh; so live mode ends by itself when nobody looks any more.
class LiveSamples {
 public:
  explicit LiveSamples(const Clock& clock, LiveSettings settings = {}) : clock_(clock), settings_(settings) {}

  /// Somebody who may see it looks at this gateway now.
  void watch(const std::string& gateway_id);
  /// The newest live sample that begins at or after `from` (the ownership's visible_from); nullopt when there is no
  /// fresh one.
  std::optional<TelemetrySample> newest(const std::string& gateway_id, Time from) const;

  /// For the ingest: a sample came; which gateways are to be asked now, of those that `connected` says are there.
  void put(const std::string& gateway_id, TelemetrySample sample);
  std::vector<GatewayCommand> take_commands(const std::function<bool(const std::string&)>& connected);
  /// Called without a lock when there is something to take. Set once, at start.
  void on_watch(std::function<void()> wake) { wake_ = std::move(wake); }

  /// Beyond every id of a request, so that a gateway can't mistake one for the other.
  static constexpr std::uint64_t kFirstId = std::uint64_t{1} << 62;

 private:
  struct Watched {
    bool wanted = false;              ///< to be asked
    std::optional<Time> asked_until;  ///< the gateway sends until then
    std::optional<TelemetrySample> sample;
    Time heard{};
  };

  const Clock& clock_;
  const LiveSettings settings_;
  std::function<void()> wake_;
  mutable std::mutex mutex_;  // guards watched_
  std::map<std::string, Watched> watched_;
};

}  // namespace v2x::service
