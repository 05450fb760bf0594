// What a PV unit is told of the output control as its registers, whatever its map.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/core/register_map.hpp"
#include "sim/gateway/unit_reader.hpp"

namespace v2x::gateway {

/// The limit in percent of the rating, which stays until another one comes, and the heartbeat, without which the unit
/// stops by itself (set.heartbeat_timeout). Empty when the map has no limit; without the heartbeat when it has none.
std::vector<RegisterWrite> encode_limit(const core::RegisterMap& map, int limit_pct, std::uint32_t heartbeat);

}  // namespace v2x::gateway
