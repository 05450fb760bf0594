// D30 … D32: a dealer's maintenance contacts and their confirmation by mail.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "backend/web/router.hpp"
#include "backend/web/view.hpp"

namespace v2x::web {
namespace {

using service::AttemptKind;
using service::Contact;
using service::ContactState;
using service::FieldErrors;
using service::Form;

constexpr const char* kContacts = "/entry/contacts";
constexpr const char* kContactRegist = "/entry/contactRegist";
constexpr const char* kVerify = "/entry/contact/verify";

std::int64_t number(const std::string& text) {
  std::int64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

const char* text_of(ContactState state) {
  switch (state) {
    case ContactState::verified:
      return "確認済";
    case ContactState::pending:
      return "確認待ち";
    case ContactState::undeliverable:
      return "配信不可";
  }
  return "";
}

Response list_page(Exchange& exchange, const FieldErrors& errors, int status) {
  const auto contacts = exchange.app().contacts.list(exchange.visitor());
  DataList rows;
  for (const Contact& contact : contacts) {
    Data row;
    row.set("id", std::to_string(contact.id));
    row.set("contact_name", contact.name);
    row.set("mail", contact.mail);
    row.set("state", text_of(contact.state));
    row.set("state_word", to_string(contact.state));
    row.set("verified", Data(contact.state == ContactState::verified));
    row.set("fault", contact.notify_fault ? "あり" : "なし");
    row.set("offline", contact.notify_offline ? "あり" : "なし");
    row.set("edit", fmt::format("{}?id={}", kContactRegist, contact.id));
    rows.push_back(row);
  }
  const bool none =
      std::none_of(contacts.begin(), contacts.end(), [](const auto& c) { return c.state == ContactState::verified; });
  Data data;
  data.set("rows", Data(rows));
  data.set("errors", errors_view(errors));
  data.set("add", kContactRegist);
  data.set("back", "/entry/menu");
  if (none) data.set("warning", std::string(service::kNoVerifiedContact));
  return exchange.page(data, status);
}

Response show_list(Exchange& exchange) {
  return list_page(exchange, {}, 200);
}

Response take_list(Exchange& exchange) {
  service::MaintenanceContacts& contacts = exchange.app().contacts;
  const std::int64_t id = number(exchange.field("id"));
  const bool again = exchange.field("act") == "resend";
  const auto acted =
      again ? contacts.ask_again(exchange.visitor(), id) : contacts.remove(exchange.visitor(), id, exchange.caller());
  if (acted) return exchange.to(kContacts, again ? Notice::contact_asked : Notice::contact_removed);
  if (acted.error().code == "last") return list_page(exchange, {{"contacts", acted.error().message}}, 422);
  return exchange.error(404);
}

Form form_of(const Contact& contact) {
  return {{"contactName", contact.name},
          {"contactMail", contact.mail},
          {"notifyFault", contact.notify_fault ? "1" : ""},
          {"notifyOffline", contact.notify_offline ? "1" : ""}};
}

Response form_page(Exchange& exchange, const Form& form, const FieldErrors& errors, int status) {
  Data data;
  if (!exchange.query("id").empty()) data.set("title", "保守担当者の編集");
  data.set("groups", fields_view(service::contact_fields(), form, errors));
  data.set("errors", errors_view(errors));
  data.set("back", kContacts);
  data.set("submit", "登録");
  return exchange.page(data, status);
}

Response show_form(Exchange& exchange) {
  const std::string id = exchange.query("id");
  if (id.empty()) return form_page(exchange, {{"notifyFault", "1"}, {"notifyOffline", "1"}}, {}, 200);
  const auto contact = exchange.app().contacts.find(exchange.visitor(), number(id));
  return contact ? form_page(exchange, form_of(*contact), {}, 200) : exchange.error(404);
}

Response take_form(Exchange& exchange) {
  service::MaintenanceContacts& contacts = exchange.app().contacts;
  const Form& form = exchange.request().form;
  const std::string id = exchange.query("id");
  const auto errors = id.empty() ? contacts.add(exchange.visitor(), form, exchange.caller())
                                 : contacts.edit(exchange.visitor(), number(id), form, exchange.caller());
  if (!errors) return exchange.error(404);
  if (!errors->empty()) return form_page(exchange, form, *errors, 422);
  return exchange.to(kContacts, id.empty() ? Notice::contact_added : Notice::contact_changed);
}

Response verify_page(Exchange& exchange, service::UrlState state) {
  Data data;
  data.set("good", Data(state == service::UrlState::good));
  data.set("verified", Data(state == service::UrlState::used));
  data.set("expired", Data(state == service::UrlState::expired));
  data.set("unknown", Data(state == service::UrlState::unknown));
  const bool alive = state == service::UrlState::good || state == service::UrlState::used;
  return exchange.page(data, alive ? 200 : 410);
}

Response show_verify(Exchange& exchange) {
  return verify_page(exchange, exchange.app().contacts.url_state(exchange.query("id")));
}

Response take_verify(Exchange& exchange) {
  const std::string url_token = exchange.query("id");
  if (exchange.app().contacts.verify(url_token)) return exchange.to(fmt::format("{}?id={}", kVerify, url_token));
  return verify_page(exchange, exchange.app().contacts.url_state(url_token));
}

}  // namespace

std::vector<Route> contact_routes() {
  return {
      {"GET", kContacts, "D30", Right::dealer, show_list},
      {"POST", kContacts, "D30", Right::dealer, take_list},
      {"GET", kContactRegist, "D31", Right::dealer, show_form},
      {"POST", kContactRegist, "D31", Right::dealer, take_form},
      {"GET", kVerify, "D32", Right::open, show_verify, AttemptKind::token_page},
      {"POST", kVerify, "D32", Right::open, take_verify, AttemptKind::token_page},
  };
}

}  // namespace v2x::web
