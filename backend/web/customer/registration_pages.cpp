// R01 … R09: a customer registers.
#include "backend/web/registration_flow.hpp"
#include "backend/web/router.hpp"
#include "backend/web/view.hpp"

namespace v2x::web {
namespace {

using service::AttemptKind;

constexpr RegistrationFlow kFlow = {model::AccountKind::customer, "/reg", "ユーザ様の情報をご入力ください。",
                                    "/reg/menu", "R07"};

Response show_campaign(Exchange& exchange) {
  Data data;
  data.set("paragraphs", paragraphs_view(exchange.app().campaign));
  data.set("next", kFlow.path("regist"));
  return exchange.page(data);
}

Response resend_page(Exchange& exchange, const service::Form& form, const service::FieldErrors& errors, int status) {
  Data data;
  data.set("sent", Data(exchange.query("sent") == "1"));
  data.set("groups", fields_view(service::resend_fields(), form, errors));
  data.set("errors", errors_view(errors));
  data.set("action", kFlow.path("resend"));
  data.set("back", "/reg/login");
  data.set("submit", "再送する");
  return exchange.page(data, status);
}

Response show_resend(Exchange& exchange) {
  return resend_page(exchange, {}, {}, 200);
}

Response take_resend(Exchange& exchange) {
  const service::Form form = service::taken(service::resend_fields(), exchange.request().form);
  const auto errors = service::errors_in(service::resend_fields(), form);
  if (!errors.empty()) return resend_page(exchange, form, errors, 422);
  kFlow.service(exchange).resend_to(service::entered(form, "mail"));
  return exchange.to(kFlow.path("resend") + "?sent=1");
}

Response show_sample(Exchange& exchange) {
  Data data;
  data.set("close", exchange.logged_in() ? std::string("/reg/gateway/regist") : kFlow.path("regist"));
  return exchange.page(data);
}

template <Response (*show)(Exchange&, const RegistrationFlow&)>
Response with_flow(Exchange& exchange) {
  return show(exchange, kFlow);
}

}  // namespace

std::vector<Route> registration_routes() {
  return {
      {"GET", "/reg/", "R01", Right::open, show_campaign},
      {"GET", "/reg/account/regist", "R02", Right::open, with_flow<show_registration_form>},
      {"POST", "/reg/account/regist", "R02", Right::open, with_flow<take_registration_form>},
      {"GET", "/reg/account/registConfirm", "R03", Right::open, with_flow<show_registration_confirm>},
      {"POST", "/reg/account/registConfirm", "R03", Right::open, with_flow<take_registration_confirm>,
       AttemptKind::registration},
      {"GET", "/reg/account/registComplete", "R04", Right::open, with_flow<show_registration_complete>},
      {"GET", "/reg/account/mainRegist", "R05", Right::open, with_flow<show_terms>, AttemptKind::token_page},
      {"POST", "/reg/account/mainRegist", "R05", Right::open, with_flow<take_terms>, AttemptKind::token_page},
      {"GET", "/reg/account/mainRegist/password", "R06", Right::open, with_flow<show_password>,
       AttemptKind::token_page},
      {"POST", "/reg/account/mainRegist/password", "R06", Right::open, with_flow<take_password>,
       AttemptKind::token_page},
      {"GET", "/reg/account/resend", "R08", Right::open, show_resend},
      {"POST", "/reg/account/resend", "R08", Right::open, take_resend, AttemptKind::resend},
      {"GET", "/reg/sample", "R09", Right::open, show_sample},
  };
}

}  // namespace v2x::web
