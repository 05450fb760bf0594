// A traction battery: open-circuit voltage over charge, series resistance with one RC pair, and temperature.
#pragma once

#include "common/clock.hpp"

namespace v2x::ev {

struct BatteryConfig {
  double usable_wh = 39000;
  int cells = 96;
  double r0_ohm = 0.07;  ///< of the pack at 25 °C
};

/// Current is positive when discharging and constant between two calls of integrate(). The terminal voltage that goes
/// with it is the one at the beginning of the interval; stored energy is an exact function of the charge.
class Battery {
 public:
  Battery(const BatteryConfig& config, double soc, double temperature_c);

  double soc() const { return soc_; }  ///< as displayed, 0…1
  double open_v() const;
  double voltage(double current_a) const { return open_v() - current_a * resistance_ - polarisation_v_; }
  double stored_wh() const;
  double capacity_ah() const { return capacity_ah_; }
  double temperature_c() const { return temperature_c_; }
  /// Voltage that charging never exceeds (CV).
  double largest_v() const;
  double smallest_v() const;

  /// The current that gives `terminal_w` at the terminals.
  double current_for(double terminal_w) const;
  /// Bounds ≥ 0 in A: temperature, and constant voltage when charging.
  double charge_limit_a(double largest_a) const;
  double discharge_limit_a(double largest_a) const;
  /// How long `current_a` may flow before soc() reaches `soc`; Duration::max() when it doesn't.
  Duration time_to(double soc, double current_a) const;

  void integrate(double current_a, double ambient_c, Duration dt);
  void set_soc(double soc) { soc_ = soc; }
  void set_temperature(double celsius);

  // Rates of one instant, in W.
  double chemical_w(double current_a) const;  ///< fall of the stored energy
  double ohmic_w(double current_a) const;     ///< in the resistance and the RC pair
  double inefficiency_w(double current_a) const;

 private:
  BatteryConfig config_;
  double soc_;
  double temperature_c_;
  double capacity_ah_;
  double resistance_;          ///< at the present temperature
  double polarisation_v_ = 0;  ///< of the RC pair
};

}  // namespace v2x::ev
