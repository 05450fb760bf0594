// R11, R12, R62, D11, D12: forgotten IDs and passwords, and new mail addresses – what is proved by mail or by the
// sheet.
#include "backend/web/parse.hpp"
#include "backend/web/router.hpp"
#include "backend/web/view.hpp"

namespace v2x::web {
namespace {

using service::AttemptKind;
using service::FieldErrors;
using service::Form;
using service::UrlState;

model::AccountKind kind_of(const Exchange& exchange) {
  return exchange.site().id == service::SiteId::entry ? model::AccountKind::dealer : model::AccountKind::customer;
}

/// R11 has two forms; errors belong to the one that was sent.
struct Entered {
  bool reset = false;
  Form form;
  FieldErrors errors;
};

Data form_view(const std::vector<service::FieldGroup>& fields, const Entered& entered, bool ours) {
  Data view;
  view.set("groups", fields_view(fields, ours ? entered.form : Form{}, ours ? entered.errors : FieldErrors{}));
  return view;
}

Response forgot_page(Exchange& exchange, const Entered& entered, int status) {
  const model::AccountKind kind = kind_of(exchange);
  Data data;
  data.set("reset_form", form_view(service::reset_fields(kind), entered, entered.reset));
  data.set("find_form", form_view(service::find_id_fields(kind), entered, !entered.reset));
  data.set("errors", errors_view(entered.errors));
  data.set("action", exchange.path("/forgot"));
  data.set("back", exchange.path("/login"));
  if (const auto found = exchange.app().password_care.found_id(exchange.session());
      found && exchange.query("found") == "1")
    data.set("found", *found);
  return exchange.page(data, status);
}

Response show_forgot(Exchange& exchange) {
  return forgot_page(exchange, {}, 200);
}

Response take_reset_request(Exchange& exchange) {
  const auto& fields = service::reset_fields(kind_of(exchange));
  const Form form = service::taken(fields, exchange.request().form);
  if (const FieldErrors errors = service::errors_in(fields, form); !errors.empty())
    return forgot_page(exchange, {true, form, errors}, 422);
  exchange.app().password_care.ask_reset(service::entered(form, "loginid"));
  return exchange.to(exchange.path("/forgot"), Notice::reset_asked);
}

Response take_find_id(Exchange& exchange) {
  const Form& form = exchange.request().form;
  if (kind_of(exchange) == model::AccountKind::dealer) {
    const FieldErrors errors = exchange.app().password_care.mail_dealer_id(form);
    if (!errors.empty()) return forgot_page(exchange, {false, form, errors}, 422);
    return exchange.to(exchange.path("/forgot"), Notice::id_mailed);
  }
  const auto errors = exchange.app().password_care.find_id(exchange.session(), form, exchange.caller());
  if (!errors) return exchange.error(errors.error());
  if (!errors->empty()) return forgot_page(exchange, {false, form, *errors}, 422);
  return exchange.to(exchange.path("/forgot?found=1"));
}

Response take_forgot(Exchange& exchange) {
  return exchange.field("act") == "find" ? take_find_id(exchange) : take_reset_request(exchange);
}

/// A URL that is of no use any more, and the way on.
Response dead_page(Exchange& exchange, const std::string& state, const char* way, const std::string& path) {
  const char* reason = "このURLは無効です";
  if (state == "expired") reason = "URLの有効期限が切れています";
  if (state == "used") reason = "このURLはすでに使用されています";
  Data dead;
  dead.set("reason", reason);
  dead.set("way", way);
  dead.set("path", path);
  Data data;
  data.set("dead", dead);
  return exchange.page(data, 410);
}

Response reset_page(Exchange& exchange, const Form& form, const FieldErrors& errors, int status) {
  Data data;
  data.set("texts", texts_view({kPasswordRule}));
  data.set("groups", fields_view(service::password_fields(), form, errors));
  data.set("errors", errors_view(errors));
  data.set("submit", "登録");
  return exchange.page(data, status);
}

Response dead_reset(Exchange& exchange, const std::string& state) {
  return dead_page(exchange, state, "パスワードの再設定をもう一度申し込む", exchange.path("/forgot"));
}

Response show_reset(Exchange& exchange) {
  const UrlState state = exchange.app().password_care.reset_state(exchange.query("id"));
  return state == UrlState::good ? reset_page(exchange, {}, {}, 200) : dead_reset(exchange, to_string(state));
}

Response take_reset(Exchange& exchange) {
  const Form& form = exchange.request().form;
  const auto errors = exchange.app().password_care.reset(exchange.query("id"), form, exchange.caller());
  if (!errors) {
    const std::string& code = errors.error().code;
    return code == "locked" || code == "busy" ? exchange.error(errors.error()) : dead_reset(exchange, code);
  }
  if (!errors->empty()) return reset_page(exchange, form, *errors, 422);
  return exchange.to(exchange.path("/login"), Notice::password_reset);
}

Response dead_mail_change(Exchange& exchange, const std::string& state) {
  return dead_page(exchange, state, "ログインへ", exchange.path("/login"));
}

Response show_mail_change(Exchange& exchange) {
  const UrlState state = exchange.app().profile.mail_change_state(exchange.query("id"));
  if (state != UrlState::good) return dead_mail_change(exchange, to_string(state));
  Data data;
  data.set("texts", texts_view({"「変更する」を押すと、このメールを受け取ったメールアドレスに変更されます。",
                                "変更後は、新しいメールアドレスでログインしてください。"}));
  data.set("submit", "変更する");
  return exchange.page(data);
}

Response take_mail_change(Exchange& exchange) {
  const auto kind = exchange.app().profile.change_mail(exchange.query("id"), exchange.caller());
  if (!kind) return dead_mail_change(exchange, kind.error().code);
  return exchange.to(*kind == model::AccountKind::dealer ? "/entry/login" : "/reg/login", Notice::mail_changed);
}

}  // namespace

std::vector<Route> recovery_routes() {
  return {
      {"GET", "/reg/forgot", "R11", Right::open, show_forgot},
      {"POST", "/reg/forgot", "R11", Right::open, take_forgot, AttemptKind::reset},
      {"GET", "/reg/account/passwordReset", "R12", Right::open, show_reset, AttemptKind::token_page},
      {"POST", "/reg/account/passwordReset", "R12", Right::open, take_reset, AttemptKind::token_page},
      {"GET", "/reg/account/mailChange", "R62", Right::open, show_mail_change, AttemptKind::token_page},
      {"POST", "/reg/account/mailChange", "R62", Right::open, take_mail_change, AttemptKind::token_page},
      {"GET", "/entry/forgot", "D11", Right::open, show_forgot},
      {"POST", "/entry/forgot", "D11", Right::open, take_forgot, AttemptKind::reset},
      {"GET", "/entry/account/passwordReset", "D12", Right::open, show_reset, AttemptKind::token_page},
      {"POST", "/entry/account/passwordReset", "D12", Right::open, take_reset, AttemptKind::token_page},
  };
}

}  // namespace v2x::web
