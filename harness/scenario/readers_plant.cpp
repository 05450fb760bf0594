#include "common/jst.hpp"
#include "contracts/fail_points.hpp"
#include "harness/scenario/readers.hpp"

namespace v2x::scenario::readers {
namespace {

Process process(Process::Act act, const Node& node) {
  return {act, argument(node, "who").word({"backend", "mail_server"}, "process")};
}

void refuse_unless_pinnable(const contracts::Quantity& quantity, const std::string& path, const Node& place) {
  if (quantity.access != contracts::QuantityAccess::pin)
    place.refuse("'" + path + "' cannot be set, expected a quantity that the catalogue marks 'pin'");
}

Setting setting(const std::string& path, const Node& key, const Node& value, const Scope& scope) {
  const auto& quantity = scope.paths.resolve(path, key);
  refuse_unless_pinnable(quantity, path, key);
  const Json wanted = Paths::value(quantity, value);
  return {path, wanted, path + " = " + show_value(wanted, quantity.unit)};
}

}  // namespace

Act advance(const Node& node, const Scope&) {
  const Duration by = argument(node, "by").duration();
  if (by < Duration(0)) node.refuse("time does not go back, expected a positive duration");
  return Advance{by};
}

Duration time_of_day(const Node& node) {
  std::string text = node.text();
  if (text.size() == 5) text += ":00";
  const auto instant = parse_time("1970-01-01T" + text);
  if (!instant) node.refuse("'" + node.text() + "' is no time of day, expected like 23:59:50");
  return *instant - jst_midnight(*instant);
}

Act at(const Node& node, const Scope&) {
  return At{time_of_day(argument(node, "time"))};
}

Act set(const Node& node, const Scope& scope) {
  Set step;
  for (const auto& [key, value] : node.entries()) {
    if (key == "for") {
      step.lasting = value.duration();
      continue;
    }
    step.settings.push_back(setting(key, node.key(key), value, scope));
  }
  if (step.settings.empty()) node.refuse("nothing is set, expected like: set: {home.grid.voltage_u: 116 V}");
  return step;
}

Act clear(const Node& node, const Scope& scope) {
  const Node path = argument(node, "path");
  refuse_unless_pinnable(scope.paths.resolve(path.text(), path), path.text(), path);
  return Clear{path.text()};
}

Act gateway(const Node& node, const Scope& scope) {
  Gateway step{scope.site_or_only(node, "site"),
               node.at("act").word({"reboot", "power_off", "power_on", "lose_spool", "skew", "confirm_units"},
                                   "act of a gateway"),
               {}};
  if (step.act == "skew") {
    step.by = node.at("by").duration();
  } else if (node.has("by")) {
    node.at("by").refuse("only skew takes 'by'");
  }
  return step;
}

Act kill(const Node& node, const Scope&) {
  return process(Process::Act::kill, node);
}
Act stop(const Node& node, const Scope&) {
  return process(Process::Act::stop, node);
}
Act start(const Node& node, const Scope&) {
  return process(Process::Act::start, node);
}

Act pause(const Node& node, const Scope&) {
  return Process{Process::Act::pause, argument(node, "who").word({"mail_server"}, "process that can be paused")};
}

Act fail_at(const Node& node, const Scope&) {
  std::vector<std::string> points;
  for (const contracts::FailPoint& point : contracts::load_fail_points()) points.push_back(point.name);
  FailAt step{argument(node, "point").word(points, "point"), "crash", 1};
  if (!node.is_map()) return step;
  if (node.has("do")) step.act = node.at("do").word({"crash", "error"}, "way to fail");
  if (node.has("pass")) step.count = static_cast<int>(node.at("pass").integer());
  if (step.count < 1) node.at("pass").refuse("a point is passed once at least, expected 1 or more");
  return step;
}

Act crashes(const Node& node, const Scope& scope) {
  Crashes step;
  step.count = static_cast<int>(node.at("count").integer());
  if (step.count < 1) node.at("count").refuse("expected 1 or more");
  const auto faults = node.at("fault").entries();
  if (faults.size() != 1) node.at("fault").refuse("expected one quantity, like {home.grid.voltage_u: 116 V}");
  const auto& [path, value] = faults.front();
  step.fault = setting(path, node.at("fault").key(path), value, scope);
  for (const Node& address : node.at("to").items()) step.to.push_back(scope.address(address));
  if (step.to.empty()) node.at("to").refuse("nobody is told, expected like [shop4001.contact1]");
  return step;
}

}  // namespace v2x::scenario::readers
