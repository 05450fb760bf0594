#include <fmt/format.h>

#include "common/units.hpp"
#include "harness/scenario/readers.hpp"

namespace v2x::scenario::readers {
namespace {

/// "30 %" → 0.3.
double share(const Node& node) {
  constexpr double kWhole = 100;
  const double percent = node.measure("%");
  if (percent <= 0 || percent > kWhole) node.refuse("expected more than 0 % and at most 100 %");
  return percent / kWhole;
}

/// Frames wait between `min` and `max`; one of them alone means both.
void read_delay(const Node& node, Json& arguments) {
  if (!node.has("min") && !node.has("max")) node.refuse("has no delay, expected 'min', 'max' or both");
  const Duration least = node.at(node.has("min") ? "min" : "max").duration();
  const Duration most = node.at(node.has("max") ? "max" : "min").duration();
  if (least < Duration(0) || most < least) node.refuse("expected 0 s or more, and 'max' not below 'min'");
  arguments["min"] = to_seconds(least);
  arguments["max"] = to_seconds(most);
}

}  // namespace

Act wan(const Node& node, const Scope& scope) {
  Wan step{scope.site_or_only(node, "site"), Json::object(), ""};
  const std::string kind =
      node.at("is").word({"up", "down", "latency", "loss", "duplicate", "reorder"}, "state of a line");
  step.arguments = {{"site", step.site}, {"kind", kind}};
  step.shown = "WAN " + kind;
  const bool by_share = kind == "loss" || kind == "duplicate" || kind == "reorder";
  const bool by_time = kind == "latency" || kind == "reorder";
  if (!by_share && node.has("share")) node.key("share").refuse("'" + kind + "' takes no share");
  if (!by_time && (node.has("min") || node.has("max"))) node.refuse("'" + kind + "' takes no 'min' or 'max'");
  if (by_time) read_delay(node, step.arguments);
  if (by_share) {
    step.arguments["share"] = share(node.at("share"));
    step.shown += " of " + node.at("share").text();
  }
  return step;
}

Act smtp(const Node& node, const Scope& scope) {
  const Node kind = node.is_map() ? node.at("is") : node;
  Smtp step;
  step.kind =
      kind.word({"up", "down", "refuse_4xx", "refuse_5xx", "drop_after_data", "slow"}, "state of a mail server");
  if (!node.is_map()) return step;
  const bool can_choose = step.kind != "up" && step.kind != "down";
  if (node.has("to")) {
    if (!can_choose || step.kind == "slow") node.key("to").refuse("'" + step.kind + "' holds for every mail");
    step.to = scope.address(node.at("to"));
  }
  if (node.has("times")) {
    if (!can_choose) node.key("times").refuse("'" + step.kind + "' holds until the next 'smtp'");
    step.times = static_cast<int>(node.at("times").integer());
    if (*step.times < 1) node.at("times").refuse("expected 1 or more");
  }
  return step;
}

}  // namespace v2x::scenario::readers
