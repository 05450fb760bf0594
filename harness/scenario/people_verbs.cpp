#include "harness/scenario/people_verbs.hpp"

#include "harness/scenario/readers.hpp"

namespace v2x::scenario {
namespace {

constexpr const char* kGroup = "people";

const Argument kAs{"as", "person", true};
const Argument kSite{"site", "site, may be left out when the world has one"};
const Argument kDealer{"dealer", "dealer", true};
const Argument kPlace{"to", "management, monitoring, entry"};
const Argument kNewPassword{"to", "password", true};

/// An errand: all of them can be done with other values and be refused.
Verb errand(const char* name, const char* help, const char* example, std::vector<Argument> arguments,
            const char* scalar, Act (*read)(const yaml::Node&, const Scope&)) {
  arguments.push_back({"with", "field: text"});
  arguments.push_back({"refused", "text, or field: text"});
  return {name, kGroup, help, example, std::move(arguments), scalar, false, read};
}

Verb page_verb() {
  return {
      "page",
      kGroup,
      "Opens a page (or follows a mailed URL, or goes back), fills, presses, and checks what is shown. Logs in where "
      "that is needed. Without any of these it goes on with the page that is shown. renews: the page that is shown "
      "does "
      "once what it does by itself when its time has come; through Chromium it must do so in place, unless leads_to "
      "names "
      "where it goes.",
      "page: {as: hanako, open: monitoring home, shows: {状態: 正常動作中}}",
      {kAs,
       {"open", "page"},
       {"follow", "M-01 …"},
       {"back", "yes, no"},
       {"renews", "page"},
       {"log_in", "yes, no"},
       kSite,
       {"fill", "field: text"},
       {"press", "element"},
       {"leads_to", "page"},
       {"shows", "label: text"},
       {"contains", "text or list"},
       {"lacks", "text or list"},
       {"refused", "text, or field: text"},
       {"status", "HTTP status"},
       {"screenshot", "yes, no: through Chromium, as a phone and a PC show it"}},
      "",
      false,
      readers::page};
}

Verb api_verb() {
  return {
      "api",
      kGroup,
      "A request of the person's app to /api/v1, which logs in before when it has no token. {gw} in the path is the "
      "gateway's ID.",
      "api: {as: hanako, get: '/sites/{gw}/now', shows: {status: normal}}",
      {kAs,
       {"get", "path below /api/v1"},
       {"post", "path below /api/v1"},
       kSite,
       {"body", "member: value"},
       {"status", "HTTP status, 200"},
       {"shows", "member, like faults.0.code: value"}},
      "",
      false,
      readers::api};
}

Verb operator_verb() {
  return {"operator",
          kGroup,
          "What the operator of the service does, by the command line of v2x-backend beside the running service.",
          "operator: {does: publish_terms, for: customers, from: 2026-05-01, text: 第1条}",
          {{"does", "publish_terms, release, lock, unlock", true},
           {"for", "publish_terms: customers, dealers"},
           {"from", "publish_terms: first day, YYYY-MM-DD"},
           {"text", "publish_terms: the terms"},
           {"site", "release: whose gateway, may be left out when the world has one"},
           {"account", "lock, unlock: person"}},
          "",
          false,
          readers::operate};
}

}  // namespace

std::vector<Verb> people_verbs() {
  return {
      errand("register", "A customer fills in R01 to R04.", "register: hanako", {kAs, kSite}, "as",
             readers::register_customer),
      errand("dealer_sign_up", "A dealer fills in D01 to D04.", "dealer_sign_up: shop4001", {kAs}, "as",
             readers::dealer_sign_up),
      errand("activate", "Opens the mailed URL, agrees, sets the password.", "activate: hanako", {kAs}, "as",
             readers::activate),
      errand("log_in", "Logs in.", "log_in: {as: hanako, to: monitoring}", {kAs, kPlace}, "as", readers::log_in),
      {"log_out",
       kGroup,
       "Logs out.",
       "log_out: {as: hanako, of: monitoring}",
       {kAs, {"of", "management, monitoring, entry"}},
       "as",
       false,
       readers::log_out},
      errand("claim", "The customer registers one more gateway (R21 to R24).", "claim: {as: hanako, site: home}",
             {kAs, kSite}, "as", readers::claim),
      errand("link", "The customer puts a gateway into a dealer's care (R41 to R43).",
             "link: {as: hanako, dealer: shop4001}", {kAs, kDealer, kSite}, "", readers::link),
      errand("unlink", "The customer ends a dealer's care (R51 to R53), or the dealer does (D23, D24).",
             "unlink: {as: hanako, dealer: shop4001}", {kAs, {"dealer", "dealer"}, kSite}, "as", readers::unlink),
      errand("release", "The customer gives a gateway up (R34).", "release: {as: hanako, site: home}", {kAs, kSite},
             "as", readers::release),
      errand("change_profile",
             "Changes what `with` names (R60, R61 or D40). A new mail address is confirmed by the mailed URL.",
             "change_profile: {as: hanako, with: {city: 京都市北区}}", {kAs, {"verify", "yes, no"}}, "",
             readers::change_profile),
      errand("change_password", "Changes the password (R63 or D41).", "change_password: {as: hanako, to: Hanako2027}",
             {kAs, kNewPassword}, "", readers::change_password),
      errand("forgot_password", "Asks for the mail (R11 or D11) and sets a new password with its URL (R12 or D12).",
             "forgot_password: {as: hanako, to: Hanako2027}", {kAs, kNewPassword}, "", readers::forgot_password),
      errand("contacts", "The dealer adds maintenance contacts; each confirms by the mailed URL.",
             "contacts: {as: shop4001, add: [contact1], verify: yes}",
             {kAs, {"add", "contacts of the world"}, {"verify", "yes, no"}}, "as", readers::contacts),
      {"read_settings",
       kGroup,
       "Presses 現在値の取得 (M08) and waits until the request is final.",
       "read_settings: hanako",
       {kAs, kSite, {"result", "text of M10; by default the values are shown"}, {"refused", "text"}},
       "as",
       false,
       readers::read_settings},
      errand(
          "change_settings",
          "Changes settings of the devices (M08 to M10), read before where they are not known yet, and waits until the "
          "request is final.",
          "change_settings: {as: hanako, with: {socEconomyMode: 50}}",
          {kAs, kSite, {"result", "text of M10, 設定が完了しました。"}, {"wait", "yes, no"}}, "",
          readers::change_settings),
      page_verb(),
      api_verb(),
      operator_verb(),
  };
}

}  // namespace v2x::scenario
