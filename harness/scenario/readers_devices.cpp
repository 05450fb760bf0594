#include <algorithm>

#include "common/nearest.hpp"
#include "contracts/fault_catalogue.hpp"
#include "harness/scenario/readers.hpp"

namespace v2x::scenario::readers {
namespace {

constexpr double kTripWh = 6000;  // default

/// What the catalogue calls a unit of this kind.
std::string catalogue_kind(const std::string& kind) {
  return kind == "pv_pcs" ? "pv" : kind == "ev_pcs" ? "ev" : kind;
}

Fault fault(const Node& node, const Scope& scope, bool inject) {
  const contracts::FaultCatalogue catalogue = contracts::FaultCatalogue::load();
  std::vector<std::string> codes;
  for (const contracts::Fault& one : catalogue.all()) codes.push_back(one.code);
  Fault step{scope.unit(node.at("unit")), node.at("code").word(codes, "code of the fault catalogue"), inject};
  const size_t dot = step.unit.find('.');
  const Unit& unit = *scope.world.find_site(step.unit.substr(0, dot))->find_unit(step.unit.substr(dot + 1));
  const auto& applies = catalogue.find(step.code)->applies;
  if (std::find(applies.begin(), applies.end(), catalogue_kind(unit.kind)) == applies.end())
    node.at("code").refuse(step.code + " does not occur in a unit of kind " + unit.kind);
  return step;
}

Vehicle vehicle(const Node& node, const Scope& scope, const char* act) {
  Vehicle step{scope.site(argument(node, "site")), act};
  if (!scope.world.find_site(step.site)->has_car) argument(node, "site").refuse("site " + step.site + " has no car");
  return step;
}

}  // namespace

Node argument(const Node& node, const std::string& name) {
  return node.is_map() ? node.at(name) : node;
}

Act plug(const Node& node, const Scope& scope) {
  return vehicle(node, scope, "plug");
}

Act unplug(const Node& node, const Scope& scope) {
  Vehicle step = vehicle(node, scope, "unplug");
  step.forced = node.is_map() && node.has("forced") && node.at("forced").boolean();
  return step;
}

Act depart(const Node& node, const Scope& scope) {
  return vehicle(node, scope, "depart");
}

Act come_back(const Node& node, const Scope& scope) {
  Vehicle step = vehicle(node, scope, "return");
  step.trip_wh = node.is_map() && node.has("trip") ? node.at("trip").measure("Wh") : kTripWh;
  if (step.trip_wh < 0) node.at("trip").refuse("a trip takes energy, expected 0 kWh or more");
  return step;
}

Act inject(const Node& node, const Scope& scope) {
  return fault(node, scope, true);
}

Act repair(const Node& node, const Scope& scope) {
  return fault(node, scope, false);
}

Act reset(const Node& node, const Scope& scope) {
  const Node unit = argument(node, "unit");
  Reset step{scope.unit(unit)};
  if (!scope.paths.find(step.unit + ".op.run_switch")) unit.refuse(step.unit + " has no run switch");
  return step;
}

}  // namespace v2x::scenario::readers
