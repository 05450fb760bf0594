// One string of panels: what it could deliver under a given light and air temperature.
#pragma once

#include "sim/power/dc_source.hpp"

namespace v2x::plant {

struct PvStringConfig {
  double peak_w = 1500;
  double tilt_deg = 30;
  double azimuth_deg = 0;  ///< south 0, west positive
  double mpp_v = 183;
  double open_v = 226;
  double power_per_k = -0.0035;    ///< γ
  double voltage_per_k = -0.0028;  ///< β
  double noct_c = 45;              ///< nominal operating cell temperature
  double loss = 0.10;              ///< dirt, mismatch, cables

  bool operator==(const PvStringConfig&) const = default;
};

/// `poa`: W/m² on the string's plane.
power::DcSource string_output(const PvStringConfig& config, double poa, double ambient_c);

}  // namespace v2x::plant
