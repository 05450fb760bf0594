// Reads one site of a world file into a HouseConfig.
#pragma once

#include <string>

#include "common/yaml.hpp"
#include "sim/house/house_config.hpp"

namespace v2x::house {

/// `node` is the map below the site's name. Throws BadInput with its place. The keys site_name and gateway are accepted
/// and left to their readers.
HouseConfig read_house(const std::string& site, const yaml::Node& node);

}  // namespace v2x::house
