#include <fmt/format.h>

#include "common/nearest.hpp"
#include "common/units.hpp"
#include "contracts/bus_fault.hpp"
#include "harness/scenario/readers.hpp"

namespace v2x::scenario::readers {
namespace {

using contracts::BusParameterType;

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

namespace {

constexpr int kLargest = 0xFFFF;
constexpr int kMostRead = 125, kMostWritten = 123;  // Modbus Application Protocol V1.1b3 §6.3, §6.12
constexpr int kReadHolding = 3, kReadInput = 4, kWriteOne = 6, kWriteMany = 16;

int within(const Node& node, int low, int high) {
  const auto value = node.integer();
  if (value < low || value > high) node.refuse(fmt::format("found {}, expected {} to {}", value, low, high));
  return static_cast<int>(value);
}

std::vector<std::uint16_t> registers(const Node& node, int most) {
  std::vector<std::uint16_t> values;
  for (const Node& item : node.items()) values.push_back(static_cast<std::uint16_t>(within(item, 0, kLargest)));
  if (values.empty() || values.size() > static_cast<size_t>(most))
    node.refuse(fmt::format("found {} registers, expected 1 to {}", values.size(), most));
  return values;
}

void read_function(const Node& node, Modbus& step) {
  step.function = step.writes() ? kWriteMany : kReadHolding;
  if (!node.has("function")) return;
  const int wanted = within(node.at("function"), kReadHolding, kWriteMany);
  const int other = step.writes() ? kWriteOne : kReadInput;
  if (wanted != step.function && wanted != other)
    node.at("function").refuse(fmt::format("expected {} or {}", step.function, other));
  step.function = wanted;
}

void read_wish(const Node& node, Modbus& step) {
  constexpr int kLastException = 11;
  if (node.has("exception")) step.exception = within(node.at("exception"), 1, kLastException);
  step.silent = node.has("silent") && node.at("silent").boolean();
  if (step.exception && step.silent) node.at("silent").refuse("an exception is an answer, expected one of the two");
}

}  // namespace

Act modbus(const Node& node, const Scope& scope) {
  Modbus step;
  step.unit = scope.unit(node.at("unit"));
  if (node.has("read") == node.has("write")) node.refuse("expected 'read' or 'write' with the first register");
  const bool writes = node.has("write");
  step.function = writes ? kWriteMany : kReadHolding;
  step.first = within(node.at(writes ? "write" : "read"), 0, kLargest);
  for (const char* other : {writes ? "shows" : "values", writes ? "count" : "values"})
    if (node.has(other)) node.key(other).refuse(std::string("does not go with '") + (writes ? "write" : "read") + "'");
  read_function(node, step);
  read_wish(node, step);
  if (writes) step.values = registers(node.at("values"), step.function == kWriteOne ? 1 : kMostWritten);
  if (node.has("shows")) step.values = registers(node.at("shows"), kMostRead);
  step.count = step.values.empty() ? 1 : static_cast<int>(step.values.size());
  if (node.has("count")) step.count = within(node.at("count"), 1, kLargest);  // more than 125 is for the unit to refuse
  if (!step.values.empty() && step.count != static_cast<int>(step.values.size()))
    node.at("count").refuse("expected as many registers as 'shows' has");
  step.shown = fmt::format("an outside master {} {} at {}", writes ? "writes" : "reads", step.count, step.first);
  return step;
}

Act bus(const Node& node, const Scope& scope) {
  Bus step;
  step.unit = scope.unit(node.at("unit"));
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
