// Self-sustained operation (自立): when the EV unit feeds the house from the car while the grid is out.
#pragma once

#include <array>
#include <optional>

#include "sim/power/active_faults.hpp"

namespace v2x::ev {

/// What the unit knows at an update.
struct OutageView {
  bool outage = false;         ///< the unit has tripped for it
  bool grid_dead = false;      ///< now
  bool grid_ready = false;     ///< good, and the reconnect wait is over
  bool session_flows = false;  ///< the car may deliver
  bool automatic = false;      ///< set.outage_mode is self_sustain
  bool by_hand = false;        ///< island switch, or a commanded black start
  bool car_supplies = false;   ///< the car, or its 12 V cable, can wake the unit
  int session_failures = 0;    ///< in a row
  double soc = 0, floor = 0;   ///< 0…1
  double leg_u_w = 0, leg_v_w = 0;
};

/// Decides, and raises E8-0, E8-1 and E8-2. The grid switch is open while it forms, and for a dark moment after.
class SelfSustained {
 public:
  /// `faults` outlives this object.
  SelfSustained(power::ActiveFaults& faults, double rated_va);

  void observe(const OutageView& view, Time now);
  Time next_change(Time now) const;
  /// The PV units feed in more than the car takes: the frequency is raised until they trip.
  void raise_frequency(Time now);
  bool frequency_raised(Time now) const { return now < raised_until_; }

  bool forms() const { return forms_; }
  /// A session is needed although there is no grid.
  bool wants_session(Time now) const { return wanted_ && now >= boots_until_; }
  bool wanted() const { return wanted_; }
  bool dark(Time now) const { return now < dark_until_; }

 private:
  void watch_load(const OutageView& view, Time now);
  void watch_charge(const OutageView& view, Time now);
  void begin(const OutageView& view, Time now);

  power::ActiveFaults* faults_;
  double rated_va_;
  bool wanted_ = false, forms_ = false, was_out_ = false, flowed_ = false, hand_served_ = false;
  Time forms_from_{}, boots_until_{}, dark_until_{}, raised_until_{};
  std::array<power::HoldTimer, 3> overload_;
};

}  // namespace v2x::ev
