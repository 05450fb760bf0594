#include "backend/web/registration_flow.hpp"

#include "backend/web/parse.hpp"
#include "backend/web/view.hpp"

namespace v2x::web {
namespace {

using service::Draft;
using service::FieldErrors;
using service::Form;
using service::UrlState;

bool for_customers(const RegistrationFlow& flow) {
  return flow.kind == model::AccountKind::customer;
}

Response form_page(Exchange& exchange, const RegistrationFlow& flow, const Form& form, const FieldErrors& errors,
                   int status) {
  Data data;
  data.set("texts", texts_view({flow.lead}));
  data.set("steps", steps_view(0));
  data.set("groups", fields_view(flow.service(exchange).fields(), form, errors));
  data.set("errors", errors_view(errors));
  data.set("action", flow.path("regist"));
  data.set("back", std::string(flow.prefix) + "/");
  data.set("next", "次に進む");
  if (for_customers(flow)) data.set("have_account", "/reg/login");
  return exchange.page(data, status);
}

/// R07: says what became of the URL.
Response dead_url(Exchange& exchange, const RegistrationFlow& flow, const std::string& state,
                  const std::string& url_token) {
  exchange.set_page(flow.dead_page);
  Data data;
  data.set("expired", Data(state == "expired"));
  data.set("used", Data(state == "used"));
  data.set("unknown", Data(state != "expired" && state != "used"));
  data.set("action", flow.path("mainRegist") + "?id=" + encode_query_value(url_token));
  data.set("regist", flow.path("regist"));
  data.set("login", std::string(exchange.site().login_path));
  return exchange.page(data, 410);
}

Response password_page(Exchange& exchange, const RegistrationFlow& flow, const Form& form, const FieldErrors& errors,
                       int status) {
  Data data;
  data.set("texts", texts_view({kPasswordRule}));
  data.set("groups", fields_view(service::password_fields(), form, errors));
  data.set("errors", errors_view(errors));
  data.set("action", flow.path("mainRegist/password"));
  data.set("back", flow.path("mainRegist"));
  data.set("submit", "登録");
  return exchange.page(data, status);
}

}  // namespace

Response show_registration_form(Exchange& exchange, const RegistrationFlow& flow) {
  const auto draft = flow.service(exchange).draft(exchange.session());
  return form_page(exchange, flow, draft && !draft->done ? draft->form : Form{}, {}, 200);
}

Response take_registration_form(Exchange& exchange, const RegistrationFlow& flow) {
  const auto errors = flow.service(exchange).enter(exchange.session(), exchange.request().form, exchange.caller());
  if (!errors) return exchange.error(errors.error());
  if (!errors->empty()) return form_page(exchange, flow, exchange.request().form, *errors, 422);
  return exchange.to(flow.path("registConfirm"));
}

Response show_registration_confirm(Exchange& exchange, const RegistrationFlow& flow) {
  const auto draft = flow.service(exchange).draft(exchange.session());
  if (!draft) return exchange.to(flow.path("regist"), Notice::draft_expired);
  if (draft->done) return exchange.to(flow.path("registComplete"));
  Data data;
  data.set("texts", texts_view({"以下の内容でアカウントを登録します。登録内容をご確認ください。"}));
  data.set("steps", steps_view(1));
  data.set("groups", values_view(flow.service(exchange).fields(), draft->form));
  data.set("back", flow.path("regist"));
  data.set("submit", "登録");
  return exchange.page(data);
}

Response take_registration_confirm(Exchange& exchange, const RegistrationFlow& flow) {
  const auto submitted = flow.service(exchange).submit(exchange.session());
  if (submitted) return exchange.to(flow.path("registComplete"));
  if (submitted.error().code == "no_draft") return exchange.to(flow.path("regist"), Notice::draft_expired);
  const auto draft = flow.service(exchange).draft(exchange.session());
  exchange.set_page("R02");
  return form_page(exchange, flow, draft ? draft->form : Form{},
                   {{"gatewayId", "入力されたゲートウェイはすでに登録されています。"}}, 409);
}

Response show_registration_complete(Exchange& exchange, const RegistrationFlow& flow) {
  const auto draft = flow.service(exchange).draft(exchange.session());
  if (!draft) return exchange.to(flow.path("regist"), Notice::draft_expired);
  if (!draft->done) return exchange.to(flow.path("registConfirm"));
  Data data;
  data.set("steps", steps_view(2));
  data.set("expires", service::entered(draft->form, "expires"));
  data.set("login", std::string(exchange.site().login_path));
  if (for_customers(flow)) data.set("resend", flow.path("resend"));
  return exchange.page(data);
}

Response show_terms(Exchange& exchange, const RegistrationFlow& flow) {
  const std::string url_token = exchange.query("id");
  // 「前に戻る」 of the password page comes without the token, which is kept nowhere.
  const bool back = url_token.empty() && flow.service(exchange).has_agreed(exchange.session());
  const UrlState state = back ? UrlState::good : flow.service(exchange).url_state(url_token);
  if (state != UrlState::good) return dead_url(exchange, flow, to_string(state), url_token);
  Data data;
  data.set("paragraphs", paragraphs_view(exchange.app().terms.current(flow.kind, exchange.now()).paragraphs));
  data.set("agree", Data(true));
  data.set("decline", std::string(flow.prefix) + "/");
  return exchange.page(data);
}

Response take_terms(Exchange& exchange, const RegistrationFlow& flow) {
  const std::string url_token = exchange.query("id");
  service::Registration& registration = flow.service(exchange);
  if (url_token.empty() && registration.has_agreed(exchange.session()))
    return exchange.to(flow.path("mainRegist/password"));
  const bool again = exchange.field("act") == "resend";
  const auto taken =
      again ? registration.resend(exchange.session(), url_token) : registration.agree(exchange.session(), url_token);
  if (!taken) return dead_url(exchange, flow, taken.error().code, url_token);
  return exchange.to(flow.path(again ? "registComplete" : "mainRegist/password"));
}

Response show_password(Exchange& exchange, const RegistrationFlow& flow) {
  if (!flow.service(exchange).has_agreed(exchange.session()))
    return exchange.to(std::string(flow.prefix) + "/", Notice::draft_expired);
  return password_page(exchange, flow, {}, {}, 200);
}

Response take_password(Exchange& exchange, const RegistrationFlow& flow) {
  const auto result = flow.service(exchange).complete(exchange.session(), exchange.request().form, exchange.caller());
  if (!result) {
    const std::string& code = result.error().code;
    if (code == "busy" || code == "locked") return exchange.error(result.error());
    if (code == "no_draft") return exchange.to(std::string(flow.prefix) + "/", Notice::draft_expired);
    return dead_url(exchange, flow, code, "");
  }
  if (!result->errors.empty()) return password_page(exchange, flow, exchange.request().form, result->errors, 422);
  if (!result->session_token.empty()) exchange.begin_session(result->session_token);
  return exchange.to(std::string(flow.after_full), Notice::registered);
}

}  // namespace v2x::web
