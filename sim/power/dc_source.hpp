// What a power conditioner sees of a string of panels.
#pragma once

namespace v2x::power {

/// The maximum power point and the open-circuit voltage at this instant.
struct DcSource {
  double mpp_w = 0;
  double mpp_v = 0;
  double open_v = 0;
  double poa = 0;  ///< light on the panels, W/m²
};

}  // namespace v2x::power
