// The simulator's part of a world file: its houses and their gateways. People are the harness's business.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "contracts/quantity_catalogue.hpp"
#include "sim/core/register_map.hpp"
#include "sim/gateway/gateway_config.hpp"
#include "sim/house/house_config.hpp"
#include "sim/site/bus_config.hpp"

namespace v2x::site {

struct SiteConfig {
  std::string name;
  house::HouseConfig house;
  gateway::GatewayConfig gateway;
  BusConfig bus = {};
};

/// Maps are loaded once and shared by all units that name them; must outlive the sites.
using RegisterMaps = std::map<std::string, core::RegisterMap>;

/// Reads `sites:` of the file and of what it includes, in file order; throws BadInput with its place.
std::vector<SiteConfig> read_sites(const std::filesystem::path& file, const contracts::QuantityCatalogue& catalogue,
                                   RegisterMaps& maps);

}  // namespace v2x::site
