// The grid as a power conditioner measures it at its terminals.
#pragma once

namespace v2x::power {

inline constexpr double kNominalLegV = 101;  // single-phase three-wire, Japan
inline constexpr double kDeadShare = 0.2;    // below it a leg counts as without voltage (E1-0, gate block)
inline constexpr double kDeadLegV = kDeadShare * kNominalLegV;

struct GridView {
  double voltage_u = kNominalLegV;
  double voltage_v = kNominalLegV;
  double frequency_hz = 60;
  bool feeder_open = false;  ///< the frequency gives way to what the units feed

  bool leg_dead() const { return voltage_u < kDeadLegV || voltage_v < kDeadLegV; }
  bool dead() const { return voltage_u < kDeadLegV && voltage_v < kDeadLegV; }
};

}  // namespace v2x::power
