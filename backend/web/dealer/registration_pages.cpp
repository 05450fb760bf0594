// D01 … D07: a dealer registers.
#include "backend/web/registration_flow.hpp"
#include "backend/web/router.hpp"

namespace v2x::web {
namespace {

using service::AttemptKind;

constexpr RegistrationFlow kFlow = {model::AccountKind::dealer, "/entry", "販売店様の情報をご入力ください。",
                                    "/entry/account/mainRegistComplete", "R07"};

Response show_entry(Exchange& exchange) {
  Data data;
  data.set("regist", kFlow.path("regist"));
  data.set("login", "/entry/login");
  return exchange.page(data);
}

Response show_dealer_id(Exchange& exchange) {
  Data data;
  data.set("dealer_id", exchange.visitor().login_id);
  data.set("contacts", "/entry/contacts");
  data.set("menu", "/entry/menu");
  return exchange.page(data);
}

template <Response (*show)(Exchange&, const RegistrationFlow&)>
Response with_flow(Exchange& exchange) {
  return show(exchange, kFlow);
}

}  // namespace

std::vector<Route> dealer_registration_routes() {
  return {
      {"GET", "/entry/", "D01", Right::open, show_entry},
      {"GET", "/entry/account/regist", "D02", Right::open, with_flow<show_registration_form>},
      {"POST", "/entry/account/regist", "D02", Right::open, with_flow<take_registration_form>},
      {"GET", "/entry/account/registConfirm", "D03", Right::open, with_flow<show_registration_confirm>},
      {"POST", "/entry/account/registConfirm", "D03", Right::open, with_flow<take_registration_confirm>,
       AttemptKind::registration},
      {"GET", "/entry/account/registComplete", "D04", Right::open, with_flow<show_registration_complete>},
      {"GET", "/entry/account/mainRegist", "D05", Right::open, with_flow<show_terms>, AttemptKind::token_page},
      {"POST", "/entry/account/mainRegist", "D05", Right::open, with_flow<take_terms>, AttemptKind::token_page},
      {"GET", "/entry/account/mainRegist/password", "D06", Right::open, with_flow<show_password>,
       AttemptKind::token_page},
      {"POST", "/entry/account/mainRegist/password", "D06", Right::open, with_flow<take_password>,
       AttemptKind::token_page},
      {"GET", "/entry/account/mainRegistComplete", "D07", Right::dealer, show_dealer_id},
  };
}

}  // namespace v2x::web
