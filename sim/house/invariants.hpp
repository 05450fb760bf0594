// N1–N9: the laws of energy that hold after every change of a house, read from what it publishes.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sim/core/quantity_table.hpp"
#include "sim/ev/car.hpp"
#include "sim/house/energy_book.hpp"

namespace v2x::house {

/// What the tables don't say.
struct Circumstances {
  bool dark = false;               ///< no light falls on the panels
  double offered_w = 0;            ///< sum of what the strings offer at their maximum power points
  double buy_wh = 0, sell_wh = 0;  ///< the meter's counters, unrounded
};

/// Remembers the first breach. All tables outlive this object and must be published before each call.
class Invariants {
 public:
  Invariants(std::string site, const core::QuantityTable& site_table, const ev::Car* car);
  /// A power conditioner by its name in paths.
  void watch(const std::string& name, const core::QuantityTable& table);

  /// A hand has reset counters of this unit, or it has lost what it had not saved: N6 looks away once.
  void allow_fall(const core::QuantityTable* unit);

  /// The published powers have held for `dt`.
  void integrate(Duration dt);
  void check(const Circumstances& circumstances, Time now);
  /// A sentence that names invariant, site, time and terms.
  const std::optional<std::string>& breach() const { return breach_; }

 private:
  struct Unit {
    std::string name;
    const core::QuantityTable* table;
    bool is_pv;
    core::Slot ac, dc, relay;
    std::vector<core::Slot> strings;
    std::vector<core::Slot> counters;
    std::vector<double> last;  ///< of the counters
    core::Slot state;
    bool may_fall = false;
  };
  /// Wh since the start.
  struct Books {
    double pv_dc = 0, conversion_loss = 0, load = 0, aux = 0, meter = 0;
  };

  void check_balance();
  void check_unit(Unit& unit);
  void check_battery();
  void check_books(const Circumstances& circumstances);
  void check_meter(const Circumstances& circumstances);
  void check_darkness(const Circumstances& circumstances);
  void check_outage();
  void report(const char* invariant, const std::string& terms);
  double site(core::Slot slot) const { return site_table_->number(slot); }

  std::string site_;
  const core::QuantityTable* site_table_;
  const ev::Car* car_;
  double stored_at_start_wh_ = 0;
  std::vector<Unit> units_;
  Books books_;
  Time now_{};
  std::optional<std::string> breach_;
  core::Slot grid_, load_, aux_, meter_, buy_, sell_, grid_state_;
};

}  // namespace v2x::house
