// The `gateway:` node of a site in a world, and of the file of v2x-gateway.
#pragma once

#include "common/yaml.hpp"
#include "sim/gateway/gateway_config.hpp"

namespace v2x::gateway {

/// Everything but the units, which the site fills in. Throws BadInput with its place.
GatewayConfig read_gateway(const yaml::Node& node);
/// The same without what only a world says: its label's password, and whose device it is.
GatewayConfig read_own_gateway(const yaml::Node& node);

}  // namespace v2x::gateway
