#include "sim/plant/grid.hpp"

#include <cmath>
#include <numbers>

#include "common/random.hpp"
#include "sim/plant/calendar.hpp"

namespace v2x::plant {
namespace {

constexpr double kDailyWaveV = 1.0;         // default
constexpr double kVoltageNoiseV = 0.2;      // default
constexpr double kFrequencyNoiseHz = 0.02;  // default
constexpr int kRounds = 3;                  // of the fixed point: below 1 mV at 30 A

}  // namespace

GridSource grid_source(const GridConfig& config, Time step) {
  const auto k = static_cast<std::uint64_t>(step.time_since_epoch().count());
  const double hour = seconds_of_day(step) / 3600;
  const double leg = config.voltage_v + kDailyWaveV * std::cos(2 * std::numbers::pi * (hour - 12) / 24);
  const auto noise = [&](std::string_view purpose) { return random_normal({config.seed, config.site, purpose}, k); };
  return {leg + kVoltageNoiseV * noise("grid_u"), leg + kVoltageNoiseV * noise("grid_v"),
          config.frequency_hz + kFrequencyNoiseHz * (2 * random_uniform({config.seed, config.site, "grid_f"}, k) - 1)};
}

LineState solve_line(const GridConfig& config, const GridSource& source, LegFlow u, LegFlow v) {
  LineState line{source.u_v, source.v_v, 0, 0, 0};
  if (source.u_v <= 0 || source.v_v <= 0) return line;
  for (int round = 0; round < kRounds; ++round) {
    line.current_u_a = u.p_w / line.u_v;
    line.current_v_a = v.p_w / line.v_v;
    const double neutral_v = (line.current_u_a - line.current_v_a) * config.neutral_resistance_ohm;
    const double drop_u = (u.p_w * config.line_resistance_ohm + u.q_var * config.line_reactance_ohm) / line.u_v;
    const double drop_v = (v.p_w * config.line_resistance_ohm + v.q_var * config.line_reactance_ohm) / line.v_v;
    line.u_v = source.u_v - drop_u - neutral_v;
    line.v_v = source.v_v - drop_v + neutral_v;
  }
  const double neutral_a = line.current_u_a - line.current_v_a;
  line.loss_w =
      config.line_resistance_ohm * (line.current_u_a * line.current_u_a + line.current_v_a * line.current_v_a) +
      config.neutral_resistance_ohm * neutral_a * neutral_a;
  return line;
}

}  // namespace v2x::plant
