#include "sim/site/world.hpp"

#include "common/yaml.hpp"
#include "sim/gateway/gateway_yaml.hpp"
#include "sim/house/house_yaml.hpp"

namespace v2x::site {
namespace {

const core::RegisterMap& load_map(const std::string& name, const contracts::QuantityCatalogue& catalogue,
                                  RegisterMaps& maps) {
  const auto found = maps.find(name);
  if (found != maps.end()) return found->second;
  return maps.emplace(name, core::RegisterMap::load_named(name, catalogue)).first->second;
}

gateway::UnitKind bus_kind(house::UnitKind kind) {
  switch (kind) {
    case house::UnitKind::meter:
      return gateway::UnitKind::meter;
    case house::UnitKind::ev_pcs:
      return gateway::UnitKind::ev_pcs;
    case house::UnitKind::pv_pcs:
      break;
  }
  return gateway::UnitKind::pv_pcs;
}

SiteConfig read_site(const std::string& name, const yaml::Node& node, const contracts::QuantityCatalogue& catalogue,
                     RegisterMaps& maps) {
  SiteConfig site{name, house::read_house(name, node), gateway::read_gateway(node.at("gateway"))};
  if (node.has("bus")) site.bus = read_bus(node.at("bus"));
  if (site.bus.habits.night == core::NightBus::refuse)
    site.gateway.sleeps_at = {site.house.place.latitude_deg, site.house.place.longitude_deg};
  for (const house::UnitConfig& unit : site.house.units) {
    const core::RegisterMap& map = load_map(unit.map, catalogue, maps);
    if (const std::string kind = to_string(unit.kind); map.device() != kind)
      node.at("units").at(unit.name).at("map").refuse("map '" + unit.map + "' is for " + map.device() +
                                                      ", expected one for " + kind);
    site.gateway.units.push_back({unit.name, bus_kind(unit.kind), static_cast<std::uint32_t>(unit.unit_no),
                                  static_cast<std::uint8_t>(unit.unit_id), &map});
  }
  return site;
}

}  // namespace

std::vector<SiteConfig> read_sites(const std::filesystem::path& file, const contracts::QuantityCatalogue& catalogue,
                                   RegisterMaps& maps) {
  const yaml::Node world = yaml::load_file(file);
  std::vector<SiteConfig> sites;
  if (world.has("include")) sites = read_sites(file.parent_path() / world.at("include").text(), catalogue, maps);
  if (world.has("sites"))
    for (const auto& [name, node] : world.at("sites").entries())
      sites.push_back(read_site(name, node, catalogue, maps));
  if (sites.empty()) world.refuse("no sites, expected at least one below 'sites:'");
  return sites;
}

}  // namespace v2x::site
