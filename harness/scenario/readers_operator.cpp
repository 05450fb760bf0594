// What the operator of the service does, by the command line of v2x-backend.
#include <algorithm>

#include "harness/scenario/readers.hpp"

namespace v2x::scenario::readers {
namespace {

/// Refuses arguments that another act would take.
void takes_only(const Node& node, const std::string& act, const std::vector<std::string>& keys) {
  for (const char* key : {"for", "from", "text", "site", "account"}) {
    const bool known = std::find(keys.begin(), keys.end(), key) != keys.end();
    if (node.has(key) && !known) node.key(key).refuse("is no argument of '" + act + "'");
  }
}

void read_terms(const Node& node, Operator& step) {
  step.terms_for = node.at("for").word({"customers", "dealers"}, "kind of account");
  step.from = node.at("from").text();
  step.terms = node.at("text").text();
  step.shown = "terms for " + step.terms_for + " from " + step.from;
}

}  // namespace

Act operate(const Node& node, const Scope& scope) {
  Operator step;
  step.act = node.at("does").word({"publish_terms", "release", "lock", "unlock"}, "act of the operator");
  if (step.act == "publish_terms") {
    takes_only(node, step.act, {"for", "from", "text"});
    read_terms(node, step);
  } else if (step.act == "release") {
    takes_only(node, step.act, {"site"});
    step.site = scope.site_or_only(node, "site");
    step.shown = step.act + " " + step.site;
  } else {
    takes_only(node, step.act, {"account"});
    step.person = scope.person(node.at("account"));
    step.shown = step.act + " " + step.person;
  }
  return step;
}

}  // namespace v2x::scenario::readers
