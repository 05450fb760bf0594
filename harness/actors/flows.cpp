#include "harness/actors/flows.hpp"

#include <fmt/format.h>

#include <algorithm>
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

Fields gateway_fields(const scenario::Site& site) {
  return {{"gatewayId", site.gateway_id}, {"gatewayPassword", site.gateway_password}};
}

// REG-13, REG-14: the house stands where the customer lives.
Fields place_fields(const scenario::Customer& customer, const scenario::Site& site) {
  Fields fields{{"siteName", site.site_name},
                {"sitePref", customer.prefecture},
                {"siteCity", customer.city},
                {"siteAddr", customer.address}};
  add_parts(fields, "siteZip", customer.zip);
  return fields;
}

Fields registration_fields(const scenario::Customer& customer, const scenario::Site& site) {
  Fields fields = person_fields(customer);
  for (const Fields& more : {gateway_fields(site), place_fields(customer, site)})
    fields.insert(fields.end(), more.begin(), more.end());
  return fields;
}

Fields activation_fields(const Person& person, const std::string& password) {
  Fields fields{{"password", password}, {"passwordConfirm", password}};
  add_parts(fields, "tel", person.tel);
  return fields;
}

/// One page of an errand: press `element` with `fill`, then page `next` must be there.
struct Turn {
  std::string element;
  Fields fill;
  std::string next;
};

/// An errand: where it begins, the page that must be there, and its turns.
struct Route {
  std::string path;
  std::string first;
  std::vector<Turn> turns;
};

/// What is really entered on the page `id`: the wanted values in place of the usual ones, where the page has such
/// fields.
Fields deviate(Fields fill, const std::string& id, const Fields& with) {
  const scenario::PageName* page = scenario::find_page_by_id(id);
  for (const auto& [name, text] : with) {
    const auto usual = std::find_if(fill.begin(), fill.end(), [&](const auto& field) { return field.first == name; });
    if (usual != fill.end()) {
      usual->second = text;
    } else if (page && page->has_field(name)) {
      fill.emplace_back(name, text);
    }
  }
  return fill;
}

/// Whether the errand ends here, as wanted: by its status, or because there is nothing to go on with.
bool refuses(const View& view, const scenario::Refused& refusal, const std::string& next_element) {
  const bool ends = view.status >= 400 || view.page.count(next_element) == 0;
  return refusal.wanted() && ends && expect_refusal(view, refusal).has_value();
}

Status travel(Browser& browser, const Route& route, const Deviation& deviation) {
  auto view = browser.open(route.path);
  std::string expected = route.first;
  for (const Turn& turn : route.turns) {
    if (view && refuses(*view, deviation.refused, turn.element)) return done();
    if (auto status = expect_page(view, expected); !status) return status;
    view = browser.press(turn.element, deviate(turn.fill, expected, deviation.with));
    expected = turn.next;
  }
  if (!view) return fail(view.error());
  if (!deviation.refused.wanted()) return expect_page(view, expected);
  if (view->status < 400)
    return fail("page", fmt::format("was not refused, but led to page {} ({})", view->page.id(), view->status));
  return expect_refusal(*view, deviation.refused);
}

/// The number of the request that M10 shows, or why it isn't M10.
Result<std::string> request_of(const Result<View>& view) {
  if (const Status shown = expect_page(view, "M10"); !shown) return fail(shown.error());
  const auto number = view->page.attribute("#request", "data-request");
  if (!number) return fail("page", "page M10 names no request");
  return *number;
}

std::string by_gateway(const std::string& path, const scenario::Site& site) {
  return path + "?gw=" + site.gateway_id;
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

Status expect_refusal(const View& view, const scenario::Refused& refusal) {
  if (!refusal.text.empty() && view.page.text().find(refusal.text) == std::string::npos)
    return fail("page", fmt::format("page {} ({}) does not say 「{}」{}", view.page.id(), view.status, refusal.text,
                                    view.page.text("#errors") ? ", but: " + *view.page.text("#errors") : ""));
  for (const auto& [field, text] : refusal.beside) {
    const auto found = view.page.text("#err-" + field);
    if (!found)
      return fail("page", fmt::format("page {} ({}) says nothing beside {}, expected 「{}」", view.page.id(),
                                      view.status, field, text));
    if (*found != text) return fail("page", fmt::format("beside {} is 「{}」, expected 「{}」", field, *found, text));
  }
  return done();
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

Status log_in(Browser& browser, const Place& where, const Credentials& known, const Deviation& deviation) {
  const std::string page = where.name == "management" ? "R10" : where.name == "entry" ? "D10" : "M01";
  return travel(browser,
                {where.login,
                 page,
                 {{"#login-button", {{"loginid", known.user}, {"loginpassword", known.password}}, where.home}}},
                deviation);
}

Status log_out(Browser& browser, const Place& where) {
  const auto pressed = browser.press("#btn-logout");
  if (!pressed) return fail(pressed.error());
  if (!is_login_page(pressed->page.id()))
    return fail("page", "expected the login page of " + where.name + ", found page " + pressed->page.id());
  return done();
}

Status register_account(Browser& browser, const scenario::Customer& customer, const scenario::Site& site,
                        const Deviation& deviation) {
  return travel(browser,
                {"/reg/",
                 "R01",
                 {{"#btn-next", {}, "R02"},
                  {"#btn-next", registration_fields(customer, site), "R03"},
                  {"#btn-submit", {}, "R04"}}},
                deviation);
}

Status activate_account(Browser& browser, const scenario::Customer& customer, const std::string& url,
                        const Deviation& deviation) {
  return travel(browser,
                {url,
                 "R05",
                 {{"#btn-submit", {}, "R06"}, {"#btn-submit", activation_fields(customer, customer.password), "R20"}}},
                deviation);
}

Status claim_gateway(Browser& browser, const scenario::Customer& customer, const scenario::Site& site,
                     const Deviation& deviation) {
  return travel(browser,
                {"/reg/gateway/regist",
                 "R21",
                 {{"#btn-next", gateway_fields(site), "R22"},
                  {"#btn-next", place_fields(customer, site), "R23"},
                  {"#btn-submit", {}, "R24"}}},
                deviation);
}

Status link_dealer(Browser& browser, const scenario::Site& site, const scenario::Dealer& dealer,
                   const std::string& dealer_id, const Deviation& deviation) {
  Fields fields{{"dealerId", dealer_id}};
  add_parts(fields, "dealerTel", dealer.tel);
  return travel(
      browser,
      {by_gateway("/reg/dealer/link", site), "R41", {{"#btn-next", fields, "R42"}, {"#btn-submit", {}, "R43"}}},
      deviation);
}

Status unlink_dealer(Browser& browser, const scenario::Site& site, const std::string& dealer_id,
                     const Deviation& deviation) {
  return travel(browser,
                {by_gateway("/reg/dealer/unlink", site),
                 "R51",
                 {{fmt::format("//a[@data-dealer='{}']", dealer_id), {}, "R52"}, {"#btn-submit", {}, "R53"}}},
                deviation);
}

Status release_gateway(Browser& browser, const scenario::Site& site, const std::string& password,
                       const Deviation& deviation) {
  return travel(browser,
                {by_gateway("/reg/gateway/release", site), "R34", {{"#btn-submit", {{"password", password}}, "R35"}}},
                deviation);
}

Status change_profile(Browser& browser, const Place& where, const std::string& password, const Deviation& deviation) {
  // A new address or telephone number asks for the password; it may always be given.
  Fields fill{{"currentPassword", password}};
  for (const auto& [name, text] : deviation.with)
    if (name == "mail") fill.emplace_back("mailConfirm", text);
  if (where.name == "entry")
    return travel(browser, {"/entry/profile", "D40", {{"#btn-next", fill, "D40-confirm"}, {"#btn-submit", {}, "D20"}}},
                  deviation);
  return travel(browser, {"/reg/profile", "R60", {{"#btn-next", fill, "R61"}, {"#btn-submit", {}, "R20"}}}, deviation);
}

Status confirm_mail(Browser& browser, const std::string& url) {
  return travel(browser, {url, "R62", {{"#btn-submit", {}, "R10"}}}, {});
}

Status change_password(Browser& browser, const Place& where, const std::string& old_password,
                       const std::string& new_password, const Deviation& deviation) {
  const Fields fill{{"currentPassword", old_password}, {"password", new_password}, {"passwordConfirm", new_password}};
  const bool dealer = where.name == "entry";
  return travel(browser,
                {dealer ? "/entry/password" : "/reg/password",
                 dealer ? "D41" : "R63",
                 {{"#btn-submit", fill, dealer ? "D20" : "R20"}}},
                deviation);
}

Status ask_for_password(Browser& browser, const Place& where, const std::string& user) {
  const bool dealer = where.name == "entry";
  const std::string page = dealer ? "D11" : "R11";
  if (auto status = expect_page(browser.open(dealer ? "/entry/forgot" : "/reg/forgot"), page); !status) return status;
  const auto answer = browser.press("#btn-reset", {{"loginid", user}});
  if (!answer) return fail(answer.error());
  // AUTH-10: the same, whether the account exists or not.
  return expect_refusal(*answer, {"ご入力のユーザIDが登録されている場合、メールを送信しました。", {}});
}

Status set_password(Browser& browser, const scenario::Person& person, const std::string& url,
                    const std::string& password, const Deviation& deviation) {
  const bool dealer = path_of_url(url).rfind("/entry/", 0) == 0;
  return travel(
      browser,
      {url, dealer ? "D12" : "R12", {{"#btn-submit", activation_fields(person, password), dealer ? "D10" : "R10"}}},
      deviation);
}

Status sign_up(Browser& browser, const scenario::Dealer& dealer, const Deviation& deviation) {
  Fields fields = person_fields(dealer);
  fields.emplace_back("dealerName", dealer.dealer_name);
  return travel(
      browser, {"/entry/", "D01", {{"#btn-next", {}, "D02"}, {"#btn-next", fields, "D03"}, {"#btn-submit", {}, "D04"}}},
      deviation);
}

Result<std::string> activate_dealer(Browser& browser, const scenario::Dealer& dealer, const std::string& url,
                                    const Deviation& deviation) {
  const Status activated = travel(
      browser,
      {url, "D05", {{"#btn-submit", {}, "D06"}, {"#btn-submit", activation_fields(dealer, dealer.password), "D07"}}},
      deviation);
  if (!activated) return fail(activated.error());
  if (deviation.refused.wanted()) return std::string();
  const std::string shown = browser.shown()->page.text("#dealer-id").value_or("");
  const auto digit = shown.find_first_of("0123456789");
  if (digit == std::string::npos) return fail("page", "page D07 shows no 販売店ID in #dealer-id");
  return shown.substr(digit, shown.find_last_of("0123456789") - digit + 1);
}

Status add_contact(Browser& browser, const scenario::Contact& contact, const Deviation& deviation) {
  const auto yes_no = [](bool on) { return std::string(on ? "yes" : "no"); };
  const Fields fields{{"contactName", contact.display_name},
                      {"contactMail", contact.mail},
                      {"notifyFault", yes_no(contact.notify_fault)},
                      {"notifyOffline", yes_no(contact.notify_offline)}};
  return travel(browser, {"/entry/contactRegist", "D31", {{"#btn-submit", fields, "D30"}}}, deviation);
}

Status confirm_contact(Browser& browser, const std::string& url) {
  if (auto status = expect_page(browser.open(url), "D32"); !status) return status;
  const auto confirmed = browser.press("#btn-submit");
  if (!confirmed) return fail(confirmed.error());
  if (confirmed->status != 200) return fail("page", fmt::format("the confirmation answered {}", confirmed->status));
  return done();
}

Status end_care(Browser& browser, const scenario::Site& site, const Deviation& deviation) {
  return travel(browser, {by_gateway("/entry/gateways/end", site), "D23", {{"#btn-submit", {}, "D24"}}}, deviation);
}

Result<std::string> change_settings(Browser& browser, const scenario::Site& site, const Deviation& deviation) {
  const Status changed = travel(
      browser, {by_gateway("/ctrl/settings", site), "M08", {{"#btn-next", {}, "M09"}, {"#btn-submit", {}, "M10"}}},
      deviation);
  if (!changed) return fail(changed.error());
  if (deviation.refused.wanted()) return std::string();
  return request_of(*browser.shown());
}

Result<std::string> read_settings(Browser& browser, const scenario::Refused& refused) {
  const auto pressed = browser.press("#btn-read");
  if (!refused.wanted()) return request_of(pressed);
  if (!pressed) return fail(pressed.error());
  if (const Status told = expect_refusal(*pressed, refused); !told) return fail(told.error());
  return std::string();
}

}  // namespace v2x::actors
