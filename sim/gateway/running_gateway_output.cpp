// RunningGateway and 出力制御: what the PV units may give.
#include "sim/gateway/pv_registers.hpp"
#include "sim/gateway/running_gateway.hpp"

namespace v2x::gateway {

/// What the house takes, by the newest answers; nullopt when one is missing.
std::optional<double> RunningGateway::load_w(Time now) const {
  double load_w = 0;
  for (const Unit& unit : units_) {
    const auto power_w = unit.known[Reading::ac_w];
    if (!is_fresh(unit, now) || !power_w) return std::nullopt;
    load_w += *power_w;
  }
  return load_w;
}

/// After a poll that the unit has answered: it is there to be told.
void RunningGateway::control_output(Unit& pv, Time now) {
  const int limit = limit_pct(*config_.output_control, clock(now), load_w(now));
  if (!pv.limit.due(now, limit)) return;
  const auto beat = static_cast<std::uint32_t>(now.time_since_epoch() / std::chrono::seconds(1));
  auto writes = encode_limit(*pv.reader.unit().map, limit, beat);
  if (writes.empty()) return;
  pv.reader.write(WritePurpose::output_control, std::move(writes));
  pv.limit.told(now, limit);
}

}  // namespace v2x::gateway
