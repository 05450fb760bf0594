#include "harness/actors/flows.hpp"

#include <fmt/format.h>

#include <array>

namespace v2x::actors {
namespace {

using scenario::Person;

/// Splits "075-344-7000" and "600-8530" at the hyphens into numbered fields: tel1, tel2, tel3.
void add_parts(Fields& fields, const std::string& prefix, const std::string& value) {
  size_t from = 0;
  for (int i = 1; from != std::string::npos; ++i) {
    const size_t hyphen = value.find('-', from);
    fields.emplace_back(prefix + std::to_string(i),
                        value.substr(from, hyphen == std::string::npos ? hyphen : hyphen - from));
    from = hyphen == std::string::npos ? hyphen : hyphen + 1;
  }
}

// service.md §2.1: REG-01 … REG-09
Fields person_fields(const Person& person) {
  Fields fields{{"sei", person.sei},          {"mei", person.mei},   {"seiKana", person.sei_kana},
                {"meiKana", person.mei_kana}, {"mail", person.mail}, {"mailConfirm", person.mail},
                {"pref", person.prefecture},  {"city", person.city}, {"addr", person.address}};
  add_parts(fields, "zip", person.zip);
  add_parts(fields, "tel", person.tel);
  return fields;
}

// REG-11 … REG-14: the house stands where the customer lives.
Fields registration_fields(const scenario::Customer& customer, const scenario::Site& site) {
  Fields fields = person_fields(customer);
  const Fields more{{"gatewayId", site.gateway_id}, {"gatewayPassword", site.gateway_password},
                    {"siteName", site.site_name},   {"sitePref", customer.prefecture},
                    {"siteCity", customer.city},    {"siteAddr", customer.address}};
  fields.insert(fields.end(), more.begin(), more.end());
  add_parts(fields, "siteZip", customer.zip);
  return fields;
}

Fields activation_fields(const Person& person) {
  Fields fields{{"password", person.password}, {"passwordConfirm", person.password}};
  add_parts(fields, "tel", person.tel);
  return fields;
}

/// One page of an errand: press `element` with `fill`, then page `next` must be there.
struct Turn {
  std::string element;
  Fields fill;
  std::string next;
};

Status take_turns(Browser& browser, const std::vector<Turn>& turns) {
  for (const Turn& turn : turns)
    if (auto status = expect_page(browser.press(turn.element, turn.fill), turn.next); !status) return status;
  return done();
}

Status open_then(Browser& browser, const std::string& path, const std::string& id, const std::vector<Turn>& turns) {
  if (auto status = expect_page(browser.open(path), id); !status) return status;
  return take_turns(browser, turns);
}

}  // namespace

Status expect_page(const Result<View>& view, const std::string& id) {
  if (!view) return fail(view.error());
  if (view->page.id() == id) return done();
  const std::string errors = view->page.text("#errors").value_or("");
  return fail("page", fmt::format("expected page {}, but {} {} answered {} with page {}{}", id, view->method,
                                  view->path.substr(0, view->path.find('?')), view->status,
                                  view->page.id().empty() ? view->page.title() : view->page.id(),
                                  errors.empty() ? "" : ": " + errors));
}

const Place& place(const std::string& name) {
  // service.md §1.2
  static const std::array<Place, 3> places{
      {{"management", "/reg/login", "R20"}, {"entry", "/entry/login", "D20"}, {"monitoring", "/ctrl/login", "M02"}}};
  for (const Place& entry : places)
    if (entry.name == name) return entry;
  return places.front();
}

bool is_login_page(const std::string& page_id) {
  return page_id == "R10" || page_id == "D10" || page_id == "M01";
}

Status log_in(Browser& browser, const Place& where, const std::string& user, const std::string& password) {
  const auto opened = browser.open(where.login);
  if (!opened) return fail(opened.error());
  if (!is_login_page(opened->page.id())) return fail("page", "expected a login page, found page " + opened->page.id());
  return expect_page(browser.press("#login-button", {{"loginid", user}, {"loginpassword", password}}), where.home);
}

Status log_out(Browser& browser, const Place& where) {
  const auto pressed = browser.press("#btn-logout");
  if (!pressed) return fail(pressed.error());
  if (!is_login_page(pressed->page.id()))
    return fail("page", "expected the login page of " + where.name + ", found page " + pressed->page.id());
  return done();
}

Status register_account(Browser& browser, const scenario::Customer& customer, const scenario::Site& site) {
  return open_then(browser, "/reg/", "R01",
                   {{"#btn-next", {}, "R02"},
                    {"#btn-next", registration_fields(customer, site), "R03"},
                    {"#btn-submit", {}, "R04"}});
}

Status activate_account(Browser& browser, const scenario::Customer& customer, const std::string& url) {
  return open_then(browser, url, "R05",
                   {{"#btn-submit", {}, "R06"}, {"#btn-submit", activation_fields(customer), "R20"}});
}

Status link_dealer(Browser& browser, const scenario::Site& site, const scenario::Dealer& dealer,
                   const std::string& dealer_id) {
  Fields fields{{"dealerId", dealer_id}};
  add_parts(fields, "dealerTel", dealer.tel);
  return open_then(browser, "/reg/dealer/link?gw=" + site.gateway_id, "R41",
                   {{"#btn-next", fields, "R42"}, {"#btn-submit", {}, "R43"}});
}

Status sign_up(Browser& browser, const scenario::Dealer& dealer) {
  Fields fields = person_fields(dealer);
  fields.emplace_back("dealerName", dealer.dealer_name);
  return open_then(browser, "/entry/", "D01",
                   {{"#btn-next", {}, "D02"}, {"#btn-next", fields, "D03"}, {"#btn-submit", {}, "D04"}});
}

Result<std::string> activate_dealer(Browser& browser, const scenario::Dealer& dealer, const std::string& url) {
  if (auto status = open_then(browser, url, "D05",
                              {{"#btn-submit", {}, "D06"}, {"#btn-submit", activation_fields(dealer), "D07"}});
      !status)
    return fail(status.error());
  const std::string shown = browser.shown()->page.text("#dealer-id").value_or("");
  const auto digit = shown.find_first_of("0123456789");
  if (digit == std::string::npos) return fail("page", "page D07 shows no 販売店ID in #dealer-id");
  return shown.substr(digit, shown.find_last_of("0123456789") - digit + 1);
}

Status add_contact(Browser& browser, const scenario::Contact& contact) {
  const auto yes_no = [](bool on) { return std::string(on ? "yes" : "no"); };
  return open_then(browser, "/entry/contactRegist", "D31",
                   {{"#btn-submit",
                     {{"contactName", contact.display_name},
                      {"contactMail", contact.mail},
                      {"notifyFault", yes_no(contact.notify_fault)},
                      {"notifyOffline", yes_no(contact.notify_offline)}},
                     "D30"}});
}

Status confirm_contact(Browser& browser, const std::string& url) {
  if (auto status = expect_page(browser.open(url), "D32"); !status) return status;
  const auto confirmed = browser.press("#btn-submit");
  if (!confirmed) return fail(confirmed.error());
  if (confirmed->status != 200) return fail("page", fmt::format("the confirmation answered {}", confirmed->status));
  return done();
}

}  // namespace v2x::actors
