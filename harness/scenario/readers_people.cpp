#include "common/nearest.hpp"
#include "harness/scenario/readers.hpp"

namespace v2x::scenario::readers {
namespace {

Node who(const Node& node) {
  return node.is_map() ? node.at("as") : node;
}

const std::vector<std::string> kPlaces{"management", "monitoring", "entry"};

/// The site that a person logs in to: named, or the one where their account lives.
std::string place_of(const Node& node, const std::string& key, const std::string& person, const Scope& scope) {
  const bool dealer = scope.world.find_dealer(person) != nullptr;
  if (!node.is_map() || !node.has(key)) return dealer ? "entry" : "management";
  const std::string place = node.at(key).word(kPlaces, "site of the service");
  if (place == (dealer ? "management" : "entry")) node.at(key).refuse("'" + person + "' has no account there");
  return place;
}

std::vector<std::pair<std::string, std::string>> texts(const Node& node, const std::string& key) {
  std::vector<std::pair<std::string, std::string>> out;
  if (!node.has(key)) return out;
  for (const auto& [name, value] : node.at(key).entries()) out.emplace_back(name, value.text());
  return out;
}

}  // namespace

Act register_customer(const Node& node, const Scope& scope) {
  return Register{scope.customer(who(node)), scope.site_or_only(node, "site")};
}

Act dealer_sign_up(const Node& node, const Scope& scope) {
  return DealerSignUp{scope.dealer(who(node))};
}

Act activate(const Node& node, const Scope& scope) {
  return Activate{scope.person(who(node))};
}

Act log_in(const Node& node, const Scope& scope) {
  const std::string person = scope.person(who(node));
  return LogIn{person, place_of(node, "to", person, scope)};
}

Act log_out(const Node& node, const Scope& scope) {
  const std::string person = scope.person(who(node));
  return LogOut{person, place_of(node, "of", person, scope)};
}

Act link(const Node& node, const Scope& scope) {
  return Link{scope.customer(node.at("as")), scope.dealer(node.at("dealer")), scope.site_or_only(node, "site")};
}

Act contacts(const Node& node, const Scope& scope) {
  Contacts step{scope.dealer(who(node)), {}, true};
  std::vector<std::string> known;
  for (const Contact& contact : scope.world.find_dealer(step.dealer)->contacts) known.push_back(contact.name);
  if (known.empty()) node.refuse("'" + step.dealer + "' has no contacts in world " + scope.world.name);
  step.names = known;
  if (!node.is_map()) return step;
  if (node.has("add")) {
    step.names.clear();
    for (const Node& name : node.at("add").items()) step.names.push_back(name.word(known, "contact of " + step.dealer));
  }
  if (node.has("verify")) step.verify = node.at("verify").boolean();
  return step;
}

Act page(const Node& node, const Scope& scope) {
  Page step;
  step.person = scope.person(node.at("as"));
  step.page = find_page(node.at("open").word(page_names(), "page"));
  step.site = scope.site_or_only(node, "site");
  step.fill = texts(node, "fill");
  step.shows = texts(node, "shows");
  for (const auto& [label, text] : step.shows)
    if (!step.page->element(label))
      node.at("shows").key(label).refuse(
          unknown_word(label, "label of page " + step.page->name, step.page->label_names()));
  if (node.has("press")) step.press = node.at("press").text();
  if (node.has("contains")) step.contains = node.at("contains").text();
  if (node.has("status")) step.status = static_cast<int>(node.at("status").integer());
  if (!step.fill.empty() && step.press.empty()) node.at("fill").refuse("filled but not sent, expected 'press' too");
  return step;
}

}  // namespace v2x::scenario::readers
