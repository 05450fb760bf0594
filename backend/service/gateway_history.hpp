// What happened to a gateway in its current ownership period: energy over time, faults, the units that it has.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "backend/model/period.hpp"
#include "backend/service/energy.hpp"
#include "backend/service/ports/alarms.hpp"
#include "backend/service/ports/inventory.hpp"
#include "backend/service/ports/outbox.hpp"
#include "backend/service/registry.hpp"
#include "contracts/fault_catalogue.hpp"

namespace v2x::service {

/// What became of a fault's mails, in one word (M06).
enum class Notified { sent, held, nobody, failed };
/// Of all decisions about the mails of one cause (MAIL-05); `waiting`: its time to be mailed is still to come.
Notified notified(const std::vector<DecisionRow>& decisions, bool waiting);

struct FaultLine {
  Episode episode;
  std::string title{};       ///< empty when the catalogue doesn't know the code
  std::string unit_model{};  ///< of the gateway itself for unit 0
  contracts::Severity severity = contracts::Severity::error;
  Notified notified = Notified::nobody;
};

struct FaultPage {
  std::vector<FaultLine> lines;
  bool more = false;
};

/// One line of 「データ出力」.
struct CsvLine {
  Time start{};
  std::optional<HalfHour> half_hour;  ///< absent: no data
};

/// What a unit's own faults say about it.
enum class UnitState { unknown, normal, notice, fault };
struct UnitLine {
  InventoryUnit unit;
  UnitState state = UnitState::unknown;
  std::vector<std::string> faults;  ///< 「E1-1 系統過電圧」
};

struct DeviceSheet {
  GatewayDevice device;
  std::vector<UnitLine> units;
};

/// Thread-safe. Who may see the gateway was checked by the caller; one that nobody owns has no history.
class GatewayHistory {
 public:
  GatewayHistory(Registry& registry, const EnergyQueries& energy, const contracts::FaultCatalogue& faults,
                 const Clock& clock)
      : registry_(registry), energy_(energy), faults_(faults), clock_(clock) {}

  std::vector<EnergySlot> energy(const std::string& gateway_id, const model::Period& period) const;
  /// From the first visible half-hour to the newest complete one (MON-27). Empty when the month has no data.
  std::vector<CsvLine> csv(const std::string& gateway_id, const model::Period& month) const;
  /// Newest first, of two years; pages are numbered from 1.
  FaultPage faults(const std::string& gateway_id, int page) const;
  std::optional<DeviceSheet> device(const std::string& gateway_id) const;

 private:
  FaultLine line_of(Transaction& tx, const Episode& episode) const;
  std::string title_of(const std::string& code) const;
  UnitLine unit_line(const InventoryUnit& unit, const std::vector<Episode>& standing, bool heard) const;

  Registry& registry_;
  const EnergyQueries& energy_;
  const contracts::FaultCatalogue& faults_;
  const Clock& clock_;
};

}  // namespace v2x::service
