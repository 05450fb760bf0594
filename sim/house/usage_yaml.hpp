// Reads `usage:` of a car: how it is driven.
#pragma once

#include "common/yaml.hpp"
#include "sim/plant/driver.hpp"

namespace v2x::house {

/// `commuter`, or a map of what differs from it. Throws BadInput with the place of the mistake.
plant::DriverConfig read_usage(const yaml::Node& node);

}  // namespace v2x::house
