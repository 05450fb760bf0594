#include "sim/plant/pv_string.hpp"

#include <algorithm>
#include <cmath>

namespace v2x::plant {

power::DcSource string_output(const PvStringConfig& config, double poa, double ambient_c) {
  if (poa <= 0) return {};
  const double warmer_k = ambient_c + poa * (config.noct_c - 20) / 800 - 25;  // cell above 25 °C
  const double voltage = 1 + config.voltage_per_k * warmer_k + 0.025 * std::log(std::max(poa, 10.0) / 1000);
  power::DcSource out;
  out.mpp_w = std::max(0.0, poa / 1000 * config.peak_w * (1 + config.power_per_k * warmer_k) * (1 - config.loss));
  out.mpp_v = config.mpp_v * voltage;
  out.open_v = config.open_v * voltage;
  out.poa = poa;
  return out;
}

}  // namespace v2x::plant
