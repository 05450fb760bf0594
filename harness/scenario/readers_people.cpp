#include <algorithm>

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

FieldTexts texts(const Node& node, const std::string& key) {
  FieldTexts out;
  if (!node.is_map() || !node.has(key)) return out;
  for (const auto& [name, value] : node.at(key).entries()) out.emplace_back(name, value.text());
  return out;
}

std::vector<std::string> text_or_list(const Node& node, const std::string& key) {
  std::vector<std::string> out;
  if (!node.has(key)) return out;
  if (node.at(key).is_scalar()) return {node.at(key).text()};
  for (const Node& item : node.at(key).items()) out.push_back(item.text());
  return out;
}

using Forms = std::vector<std::string>;  ///< names of pages

/// Refuses a field that none of the pages has; any field goes where the page is not known.
void check_fields(const Node& node, const std::string& key, const Forms& forms) {
  if (forms.empty()) return;
  std::vector<std::string> known;
  for (const std::string& form : forms) {
    const PageName* page = find_page(form);
    known.insert(known.end(), page->fields.begin(), page->fields.end());
  }
  for (const auto& [name, text] : node.at(key).entries())
    if (std::find(known.begin(), known.end(), name) == known.end())
      node.at(key).key(name).refuse(unknown_word(name, "field of page " + forms.front(), known));
}

bool yes(const Node& node, const std::string& key, bool otherwise) {
  return node.is_map() && node.has(key) ? node.at(key).boolean() : otherwise;
}

}  // namespace

Refused refusal(const Node& node, const Forms& forms) {
  Refused refused;
  if (!node.is_map() || !node.has("refused")) return refused;
  if (node.at("refused").is_scalar()) {
    refused.text = node.at("refused").text();
  } else {
    check_fields(node, "refused", forms);
    refused.beside = texts(node, "refused");
  }
  return refused;
}

Deviation deviation(const Node& node, const Forms& forms) {
  if (node.is_map() && node.has("with")) check_fields(node, "with", forms);
  return {texts(node, "with"), refusal(node, forms)};
}

Act register_customer(const Node& node, const Scope& scope) {
  return Register{scope.customer(who(node)), scope.site_or_only(node, "site"), deviation(node, {"registration"})};
}

Act dealer_sign_up(const Node& node, const Scope& scope) {
  return DealerSignUp{scope.dealer(who(node)), deviation(node, {"dealer registration"})};
}

Act activate(const Node& node, const Scope& scope) {
  return Activate{scope.person(who(node)), deviation(node, {"first password"})};
}

Act log_in(const Node& node, const Scope& scope) {
  const std::string person = scope.person(who(node));
  return LogIn{person, place_of(node, "to", person, scope), deviation(node, {"login"})};
}

Act log_out(const Node& node, const Scope& scope) {
  const std::string person = scope.person(who(node));
  return LogOut{person, place_of(node, "of", person, scope)};
}

Act claim(const Node& node, const Scope& scope) {
  return Claim{scope.customer(who(node)), scope.site_or_only(node, "site"), deviation(node, {"claim", "claim place"})};
}

Act link(const Node& node, const Scope& scope) {
  return Link{scope.customer(node.at("as")), scope.dealer(node.at("dealer")), scope.site_or_only(node, "site"),
              deviation(node, {"link dealer"})};
}

Act unlink(const Node& node, const Scope& scope) {
  Unlink step{scope.person(who(node)), "", scope.site_or_only(node, "site"), deviation(node, {"unlink dealer"})};
  step.dealer = step.person;
  const bool by_customer = scope.world.find_customer(step.person) != nullptr;
  const bool named = node.is_map() && node.has("dealer");
  if (by_customer && !named) node.refuse("whose care ends? expected 'dealer' too");
  if (!by_customer && named) node.at("dealer").refuse("a dealer ends no other dealer's care, expected 'as' alone");
  if (named) step.dealer = scope.dealer(node.at("dealer"));
  return step;
}

Act release(const Node& node, const Scope& scope) {
  return Release{scope.customer(who(node)), scope.site_or_only(node, "site"), deviation(node, {"release"})};
}

Act change_profile(const Node& node, const Scope& scope) {
  const std::string person = scope.person(who(node));
  if (!node.has("with")) node.refuse("nothing is changed, expected 'with: {field: text}'");
  const bool dealer = scope.world.find_dealer(person) != nullptr;
  return ChangeProfile{person, deviation(node, {dealer ? "dealer profile" : "profile"}), yes(node, "verify", true)};
}

Act change_password(const Node& node, const Scope& scope) {
  return ChangePassword{scope.person(who(node)), node.at("to").text(), deviation(node, {"password"})};
}

Act forgot_password(const Node& node, const Scope& scope) {
  return ForgotPassword{scope.person(who(node)), node.at("to").text(), deviation(node, {"new password"})};
}

Act contacts(const Node& node, const Scope& scope) {
  Contacts step{scope.dealer(who(node)), {}, yes(node, "verify", true), deviation(node, {"dealer contact"})};
  std::vector<std::string> known;
  for (const Contact& contact : scope.world.find_dealer(step.dealer)->contacts) known.push_back(contact.name);
  if (known.empty()) node.refuse("'" + step.dealer + "' has no contacts in world " + scope.world.name);
  step.names = known;
  if (!node.is_map() || !node.has("add")) return step;
  step.names.clear();
  for (const Node& name : node.at("add").items()) step.names.push_back(name.word(known, "contact of " + step.dealer));
  return step;
}

namespace {

/// How a page step begins: with a page, with a mailed URL, by going back, with what the page does by itself, or where
/// the person is.
void read_begin(const Node& node, Page& step) {
  if (node.has("open") + node.has("follow") + node.has("back") + node.has("renews") > 1)
    node.refuse("one beginning is enough, expected 'open', 'follow', 'back' or 'renews'");
  if (node.has("open")) {
    step.begin = Page::Begin::open;
    step.page = find_page(node.at("open").word(page_names(), "page"));
  }
  if (node.has("follow")) {
    step.begin = Page::Begin::follow;
    step.mail = node.at("follow").text();
  }
  if (yes(node, "back", false)) step.begin = Page::Begin::back;
  if (node.has("renews")) {
    step.begin = Page::Begin::renew;
    step.page = find_page(node.at("renews").word(page_names(), "page"));
  }
  step.log_in = yes(node, "log_in", true);
}

/// The labels that `shows` names must be the final page's.
void read_shows(const Node& node, Page& step) {
  step.shows = texts(node, "shows");
  if (step.shows.empty()) return;
  const PageName* page = step.leads_to ? step.leads_to : step.page;
  if (!page) node.at("shows").refuse("of which page? expected 'leads_to' too");
  for (const auto& [label, text] : step.shows) {
    const Node key = node.at("shows").key(label);
    const std::string* element = page->element(label);
    if (!element) key.refuse(unknown_word(label, "label of page " + page->name, page->label_names()));
    if (step.site.empty() && element->find("{gw}") != std::string::npos)
      key.refuse("of which gateway? expected 'site' too");
  }
}

void read_form(const Node& node, Page& step) {
  step.fill = texts(node, "fill");
  if (node.has("press")) step.press = node.at("press").text();
  if (!step.fill.empty() && step.press.empty()) node.at("fill").refuse("filled but not sent, expected 'press' too");
  if (step.page && !step.fill.empty()) check_fields(node, "fill", {step.page->name});
}

}  // namespace

Act page(const Node& node, const Scope& scope) {
  Page step;
  step.person = scope.person(node.at("as"));
  read_begin(node, step);
  const bool needs_site = step.page && step.page->of_gateway;
  if (node.has("site") || needs_site || scope.world.sites.size() == 1) step.site = scope.site_or_only(node, "site");
  read_form(node, step);
  if (node.has("leads_to")) step.leads_to = find_page(node.at("leads_to").word(page_names(), "page"));
  read_shows(node, step);
  step.contains = text_or_list(node, "contains");
  step.lacks = text_or_list(node, "lacks");
  step.refused = refusal(node, step.page ? Forms{step.page->name} : Forms{});
  if (node.has("status")) step.status = static_cast<int>(node.at("status").integer());
  step.screenshot = yes(node, "screenshot", false);
  return step;
}

}  // namespace v2x::scenario::readers
