// The PVWatts inverter: AC power from DC power, and back.
#pragma once

namespace v2x::pcs {

class PvWatts {
 public:
  explicit PvWatts(double rated_w);

  /// AC watts out of `dc_w`, not limited to the rating; 0 where the inverter can't even feed itself.
  double ac_w(double dc_w) const;
  /// DC watts that give `ac_w` ≥ 0: the lower root of the same quadratic.
  double dc_w(double ac_w) const;

 private:
  double square_, linear_, constant_;  ///< ac = square·dc² + linear·dc + constant
};

}  // namespace v2x::pcs
