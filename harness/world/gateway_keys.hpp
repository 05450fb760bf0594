// The gateways' CURVE keys: what the factory prints, and what the simulated gateways hold.
#pragma once

#include <filesystem>

#include "harness/scenario/world_file.hpp"

namespace v2x::world {

/// Makes a key pair per site with a gateway. Writes `directory`/<gateway id>.key (the secret key, 0600) and the list
/// for `v2x-backend gateways import`, whose path it returns.
std::filesystem::path make_gateway_keys(const scenario::World& world, const std::filesystem::path& directory);

}  // namespace v2x::world
