#include "sim/ev/vehicle_preset.hpp"

#include <algorithm>

#include "common/nearest.hpp"
#include "common/resources.hpp"
#include "common/yaml.hpp"

namespace v2x::ev {

VehiclePreset VehiclePreset::load(const std::filesystem::path& file) {
  const yaml::Node node = yaml::load_file(file, "vehicles/" + file.filename().string());
  node.allow_only({"title", "type_codes", "years", "supported", "kwh", "usable_kwh", "cells", "r0_ohm", "v2h_min",
                   "v2h_max", "protocol", "level_unit", "sends_201", "soc_const", "max_a", "aux_w", "supply_12v",
                   "tickle", "phev"});
  VehiclePreset preset;
  preset.name = file.stem().string();
  preset.title = node.at("title").text();
  for (const yaml::Node& code : node.at("type_codes").items()) preset.type_codes.push_back(code.text());
  preset.years = node.at("years").text();
  preset.supported = node.at("supported").boolean();
  preset.gross_wh = node.at("kwh").number() * 1000;
  preset.battery.usable_wh = node.at("usable_kwh").number() * 1000;
  preset.battery.cells = static_cast<int>(node.at("cells").integer());
  preset.battery.r0_ohm = node.at("r0_ohm").number();
  preset.v2h_min = node.at("v2h_min").number();
  preset.v2h_max = node.at("v2h_max").number();
  preset.protocol = static_cast<int>(node.at("protocol").integer());
  preset.level_unit =
      node.at("level_unit").word({"kwh01", "percent"}) == "kwh01" ? LevelUnit::kwh01 : LevelUnit::percent;
  preset.sends_201 = node.at("sends_201").boolean();
  preset.soc_const = static_cast<int>(node.at("soc_const").integer());
  preset.max_a = node.at("max_a").number();
  preset.aux_w = node.at("aux_w").number();
  preset.supply_12v = node.at("supply_12v").word({"none", "not_needed", "needed"});
  preset.tickle = node.at("tickle").boolean();
  preset.phev = node.has("phev") && node.at("phev").boolean();
  if (preset.battery.usable_wh <= 0 || preset.battery.cells <= 0 || preset.battery.r0_ohm <= 0)
    node.refuse("usable_kwh, cells and r0_ohm must be above 0");
  return preset;
}

VehiclePreset VehiclePreset::load_named(const std::string& name) {
  const std::filesystem::path folder = resource("vehicles");
  std::vector<std::string> known;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    if (entry.path().extension() == ".yaml") known.push_back(entry.path().stem().string());
  std::sort(known.begin(), known.end());
  if (!std::binary_search(known.begin(), known.end(), name))
    throw BadInput(unknown_word(name, "vehicle preset", known));
  return load(folder / (name + ".yaml"));
}

}  // namespace v2x::ev
