// The fault codes that are active in one unit: raised by a condition, held for a while, cleared by the catalogue's
// rule.
#pragma once

#include <string_view>
#include <vector>

#include "contracts/fault_catalogue.hpp"
#include "sim/core/quantity_table.hpp"
#include "sim/power/hold_timer.hpp"

namespace v2x::power {

/// Publishes fault, fault_text, fault_number, fault_bits, fault_vendor and fault_since whenever something changes.
class ActiveFaults {
 public:
  /// Both outlive this object.
  ActiveFaults(const contracts::FaultCatalogue& catalogue, core::QuantityTable& table);

  /// The cause of `code` is there. A second grid code is not shown beside the first; E1-0 replaces it.
  void raise(std::string_view code, Time now);
  /// Whether the cause that all codes of this class share is still there.
  void see_cause(contracts::FaultClass fault_class, bool present, Time now);
  /// AlarmReset or the run switch off and on: codes with manual recovery clear once their cause is gone.
  void acknowledge(Time now);
  /// The plug was pulled and put in anew: codes with that recovery clear.
  void replugged(Time now);
  /// Clears what is due.
  void update(Time now);
  Time next_change(Time now) const;

  /// Some active code keeps the unit from running.
  bool stops() const;

 private:
  struct Active {
    const contracts::Fault* fault = nullptr;
    Time since;
    Time cause_gone = kNever;
    bool acknowledged = false;
  };

  static Time clears_at(const Active& active);
  void publish();
  void publish_gravest();

  const contracts::FaultCatalogue* catalogue_;
  core::QuantityTable* table_;
  std::vector<Active> active_;
  core::Slot fault_, text_, number_, since_, bits_, vendor_[4];
};

}  // namespace v2x::power
