// The 100 V outlet that a PV power conditioner feeds in self-sustained operation (自立運転).
#pragma once

#include "sim/power/active_faults.hpp"

namespace v2x::pcs {

/// Watches its load: E8-0 when it is too large, a pause when the sun is too weak for it.
class Outlet {
 public:
  /// Both outlive this object.
  Outlet(core::QuantityTable& table, power::ActiveFaults& faults, double rated_va);

  void plug(double load_w) { table_->set(load_, load_w); }
  double load_w() const { return table_->number(load_); }
  /// At every update; `feeding`: the unit is in self-sustained operation and could deliver `available_w`.
  void observe(bool feeding, double available_w, Time now);
  Time next_change(Time now) const;
  /// Nothing speaks against (going on) feeding.
  bool ready(Time now) const;

 private:
  static constexpr size_t kLevels = 3;

  core::QuantityTable* table_;
  power::ActiveFaults* faults_;
  double rated_va_;
  core::Slot load_;
  power::HoldTimer overload_[kLevels];
  Time weak_until_{};
};

}  // namespace v2x::pcs
