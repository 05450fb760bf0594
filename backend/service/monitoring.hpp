// What the monitoring site shows of one gateway: now, today, status (MON-01 … MON-09).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "backend/service/energy.hpp"
#include "backend/service/registry.hpp"
#include "backend/service/telemetry.hpp"
#include "contracts/fault_catalogue.hpp"

namespace v2x::service {

/// MON-05, in the order in which the first that holds is shown.
enum class SiteStatus { never_reported, offline, fault, island, throttled, normal };

/// 動作状態 of the car (MON-04).
enum class EvState { charging, discharging, standby, unplugged, stopped, unknown };

struct StandingFault {
  std::string code;
  std::string title;  ///< 系統過電圧; empty when the catalogue doesn't know the code
  int unit_no = 0;
  Time raised_at{};
};

/// Everything absent is shown as 「-」.
struct HomeNow {
  std::optional<Time> time;  ///< end of the newest sample's period
  SiteStatus status = SiteStatus::never_reported;
  bool stale = false;                 ///< newest sample older than 5 min
  std::optional<Time> last_received;  ///< what the stale text names
  bool clock_wrong = false;           ///< samples from the future are being kept back (MON-09)
  Flows<std::int64_t> now_w;          ///< all absent when offline
  Flows<std::int64_t> today_wh;
  EvState ev_state = EvState::unknown;
  std::optional<int> soc_percent;
  /// Positive = charging.
  std::optional<std::int64_t> ev_w() const {
    if (!now_w.charge || !now_w.discharge) return std::nullopt;
    return *now_w.charge - *now_w.discharge;
  }
  std::vector<StandingFault> faults;  ///< of severity error, newest first
};

/// Thread-safe. Reads both stores; writes nothing. Who may see the gateway was checked by the caller.
class MonitoringQueries {
 public:
  MonitoringQueries(Registry& registry, TelemetryStore& telemetry, const contracts::FaultCatalogue& faults,
                    const Clock& clock)
      : registry_(registry), telemetry_(telemetry), energy_(telemetry, clock), faults_(faults), clock_(clock) {}

  /// As the current owner and the dealers linked in this ownership period see it (GW-11, DEAL-08). An unowned or
  /// unknown gateway is `never_reported`.
  HomeNow now(const std::string& gateway_id) const;

  const EnergyQueries& energy() const { return energy_; }
  const contracts::FaultCatalogue& faults() const { return faults_; }

 private:
  Registry& registry_;
  TelemetryStore& telemetry_;
  const EnergyQueries energy_;
  const contracts::FaultCatalogue& faults_;
  const Clock& clock_;
};

}  // namespace v2x::service
