// The `gateway:` node of a site in a world.
#pragma once

#include "common/yaml.hpp"
#include "sim/gateway/gateway_config.hpp"

namespace v2x::gateway {

/// Everything but the units, which the site fills in. Throws BadInput with its place.
GatewayConfig read_gateway(const yaml::Node& node);

}  // namespace v2x::gateway
