// The physical truth about energies: what really flowed, kept by the minute.
#pragma once

#include <vector>

#include "common/clock.hpp"

namespace v2x::house {

/// Wh. `load_wh` includes the own supply of all units; charge and discharge are at the AC side of the EV unit.
struct Energy {
  double pv_wh = 0, load_wh = 0, buy_wh = 0, sell_wh = 0, charge_wh = 0, discharge_wh = 0;
};

/// The powers of one interval, W.
struct HousePower {
  double pv_w = 0, load_w = 0, aux_w = 0, grid_w = 0, ev_w = 0;
};

/// Grows by 48 bytes a minute: 70 kB a day.
class EnergyBook {
 public:
  explicit EnergyBook(Time start);

  void add(const HousePower& power, Duration dt);
  /// At every whole minute.
  void latch(Time minute);
  /// Exact at whole minutes; other instants count from the minute before. Clipped to what was simulated.
  Energy between(Time from, Time to) const;

 private:
  Energy at(Time t) const;

  Time first_;
  Energy sum_;
  std::vector<Energy> minutes_;  ///< sums at first_, first_ + 1 min, …
};

}  // namespace v2x::house
