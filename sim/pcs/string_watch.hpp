// Defects of the strings that a scenario sets, what the unit then sees of them, and the codes E2-1 to E2-3.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "sim/pcs/mppt.hpp"
#include "sim/power/active_faults.hpp"

namespace v2x::pcs {

/// Strings count from 0 here, from 1 in quantities.
class StringWatch {
 public:
  /// Both outlive this object.
  StringWatch(core::QuantityTable& table, power::ActiveFaults& faults);

  /// Sets a defect or mends it; false for a name that is none.
  bool pin(std::string_view quantity, std::optional<double> value);
  /// The string with its defects.
  power::DcSource seen(size_t string, const power::DcSource& sound) const;
  double current_a(size_t string, const DcPoint& point) const;
  /// `operating`: the unit is awake.
  void observe(std::span<const power::DcSource> sources, bool operating, Time now);
  Time next_change(Time now) const;
  /// Bits of 160.DCEvt.
  std::uint64_t alarms(size_t string) const;

 private:
  bool is(core::Slot defect, size_t string) const { return table_->number(defect) == static_cast<double>(string + 1); }
  /// Nothing while it is too dark to judge.
  static std::optional<bool> some_string_lags(std::span<const power::DcSource> sources);
  void see(std::string_view code, power::HoldTimer& timer, bool raises, bool persists, Time now);

  core::QuantityTable* table_;
  power::ActiveFaults* faults_;
  core::Slot open_, short_, voltage_;
  power::HoldTimer over_voltage_, lagging_, over_current_;
  bool lags_ = false;
  size_t high_string_ = 0, short_string_ = 0;
};

}  // namespace v2x::pcs
