// The low-voltage grid up to the house: the source behind the line, and the line's drop under load.
#pragma once

#include <cstdint>
#include <string>

#include "common/clock.hpp"

namespace v2x::plant {

struct GridConfig {
  std::string site;  ///< owner of the random streams
  double voltage_v = 101;
  double frequency_hz = 60;
  double line_resistance_ohm = 0.08;
  double line_reactance_ohm = 0.04;
  double neutral_resistance_ohm = 0.08;
  std::uint64_t seed = 1;
};

struct GridSource {
  double u_v = 0, v_v = 0, frequency_hz = 0;
};

/// The source's legs and frequency at a plant step: a daily wave, highest at 12:00, and noise.
GridSource grid_source(const GridConfig& config, Time step);

/// Net import of one leg.
struct LegFlow {
  double p_w = 0, q_var = 0;
};

struct LineState {
  double u_v = 0, v_v = 0;  ///< at the house terminals
  double current_u_a = 0, current_v_a = 0;
  double loss_w = 0;  ///< on the utility's side
};

/// Three rounds of the fixed point from the source voltages.
LineState solve_line(const GridConfig& config, const GridSource& source, LegFlow u, LegFlow v);

}  // namespace v2x::plant
