#include "sim/gateway/pv_registers.hpp"

#include "sim/gateway/register_values.hpp"

namespace v2x::gateway {

std::vector<RegisterWrite> encode_limit(const core::RegisterMap& map, int limit_pct, std::uint32_t heartbeat) {
  // What switches the limit on comes last: it is there already. No ramp of its own: the unit's setting counts.
  auto writes = encode(map, {{"cmd.power_limit", static_cast<double>(limit_pct)},
                             {"cmd.power_limit_window", 0, {}, false},
                             {"cmd.power_limit_revert", 0, {}, false},
                             {"cmd.power_limit_ramp", 0, {}, false},
                             {"cmd.power_limit_enabled", 0, "enabled"}});
  if (writes.empty()) return writes;
  for (RegisterWrite& write : encode(map, {{"cmd.heartbeat", static_cast<double>(heartbeat)}}))
    writes.push_back(std::move(write));
  return writes;
}

}  // namespace v2x::gateway
