#include "harness/scenario/readers.hpp"

namespace v2x::scenario::readers {
namespace {

constexpr const char* kDone = "設定が完了しました。";  // SET-06

}  // namespace

Act read_settings(const Node& node, const Scope& scope) {
  ReadSettings step{scope.person(node.is_map() ? node.at("as") : node), scope.site_or_only(node, "site"),
                    refusal(node, {}), ""};
  if (node.is_map() && node.has("result")) step.result = node.at("result").text();
  return step;
}

Act change_settings(const Node& node, const Scope& scope) {
  ChangeSettings step{scope.person(node.at("as")), scope.site_or_only(node, "site"),
                      deviation(node, {"device settings"}), kDone, true};
  if (node.has("result")) step.result = node.at("result").text();
  if (node.has("wait")) step.wait = node.at("wait").boolean();
  if (!step.wait && node.has("result")) node.at("result").refuse("it is not waited for, expected no 'wait: no'");
  return step;
}

Act weather(const Node& node, const Scope&) {
  Weather step;
  step.area = node.at("area").text();
  const bool code = step.area.size() == 2 && step.area >= "01" && step.area <= "47";
  if (!code) node.at("area").refuse("'" + step.area + "', expected a prefecture's code, 01 to 47");
  step.shown = "area " + step.area + ":";
  if (node.has("tomorrow")) {
    step.tomorrow = node.at("tomorrow").word({"sunny", "partly", "cloudy", "rain", "snow", "unknown"}, "weather");
    step.shown += " tomorrow " + step.tomorrow;
  }
  if (node.has("warning")) {
    step.warning = node.at("warning").boolean();
    step.shown += *step.warning ? " warning" : " no warning";
  }
  if (step.tomorrow.empty() && !step.warning) node.refuse("nothing is said, expected 'tomorrow' or 'warning'");
  return step;
}

}  // namespace v2x::scenario::readers
