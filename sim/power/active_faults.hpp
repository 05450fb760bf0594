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
  /// Whether the cause that all codes of this class share is still there; of the grid those that the reconnect wait
  /// follows.
  void see_cause(contracts::FaultClass fault_class, bool present, Time now);
  /// Whether the cause of this code is still there; raises nothing.
  void see_cause(std::string_view code, bool present, Time now);
  /// AlarmReset or the run switch off and on: codes with manual recovery clear once their cause is gone.
  void acknowledge(Time now);
  /// The plug was pulled and put in anew: codes with that recovery clear.
  void replugged(Time now);
  /// Clears what is due.
  void update(Time now);
  Time next_change(Time now) const;

  bool active(std::string_view code) const;
  /// Some active code keeps the unit from running.
  bool stops() const;
  /// Some active code opens the relay at once and holds the unit in the state `fault`.
  bool trips() const;
  /// The same without the codes of the grid, which don't matter in self-sustained operation.
  bool trips_beyond_grid() const;
  /// Bits of 714.DCAlrm of this code while it is active.
  std::uint64_t dc_alarm_bits(std::string_view code) const;
  /// The same of all codes.
  std::uint64_t dc_alarm_bits() const;

 private:
  struct Active {
    const contracts::Fault* fault = nullptr;
    Time since;
    Time cause_gone = kNever;
    bool acknowledged = false;
    bool latched = false;  ///< too often within an hour: a hand must recover it
  };
  struct Occurrence {
    const contracts::Fault* fault = nullptr;
    Time at;
  };

  static Time clears_at(const Active& active);
  static void note(Active& active, bool present, Time now);
  bool too_often(const contracts::Fault& fault, Time now);
  bool any_with(contracts::Effect effect) const;
  void publish();
  void publish_gravest();

  const contracts::FaultCatalogue* catalogue_;
  core::QuantityTable* table_;
  std::vector<Active> active_;
  std::vector<Occurrence> lately_;  ///< of codes that become manual, within the last hour
  core::Slot fault_, text_, number_, since_, bits_, vendor_[4];
};

}  // namespace v2x::power
