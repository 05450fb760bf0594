#include <fmt/format.h>

#include "common/nearest.hpp"
#include "common/units.hpp"
#include "contracts/bus_fault.hpp"
#include "harness/scenario/readers.hpp"

namespace v2x::scenario::readers {
namespace {

using contracts::BusParameterType;

/// "home.pcs1" of this world.
std::string unit(const Node& node, const Scope& scope) {
  std::vector<std::string> units;
  for (const Site& site : scope.world.sites)
    for (const Unit& one : site.units) units.push_back(site.name + "." + one.name);
  return node.word(units, "unit of world " + scope.world.name);
}

Json number_or_text(const Node& node) {
  try {
    return node.number();
  } catch (const BadInput&) {
    return node.text();
  }
}

Json parameter(const contracts::BusParameter& parameter, const Node& node) {
  switch (parameter.type) {
    case BusParameterType::duration:
      return to_seconds(node.duration());
    case BusParameterType::number:
      return node.number();
    case BusParameterType::word:
      return node.text();
    case BusParameterType::list:
      break;
  }
  Json list = Json::array();
  if (!node.is_list()) return Json::array({number_or_text(node)});
  for (const Node& item : node.items()) list.push_back(number_or_text(item));
  return list;
}

}  // namespace

Act bus(const Node& node, const Scope& scope) {
  Bus step;
  step.unit = unit(node.at("unit"), scope);
  std::vector<std::string> kinds = contracts::bus_fault_names();
  kinds.emplace_back("none");
  const std::string kind = node.at("kind").word(kinds, "kind of bus fault");
  step.arguments = {{"unit", step.unit}, {"kind", kind}};
  step.shown = kind == "none" ? "its bus is healthy again" : "bus fault " + kind;
  if (kind == "none") {
    node.allow_only({"unit", "kind"});
    return step;
  }
  for (const contracts::BusFaultInfo& info : contracts::bus_faults()) {
    if (kind != info.name) continue;
    for (const auto& [name, value] : node.entries()) {
      if (name == "unit" || name == "kind") continue;
      const contracts::BusParameter* known = contracts::find_parameter(info, name);
      if (!known) node.key(name).refuse("'" + name + "' is no parameter of " + kind);
      step.arguments[name] = parameter(*known, value);
      step.shown += fmt::format(", {} {}", name, value.is_scalar() ? value.text() : step.arguments[name].dump());
    }
  }
  if (const auto fault = contracts::BusFault::parse(step.arguments); !fault) node.refuse(fault.error().message);
  return step;
}

}  // namespace v2x::scenario::readers
