// R21 … R24: a customer registers another gateway.
#include "backend/service/gateway_proof.hpp"
#include "backend/web/router.hpp"
#include "backend/web/view.hpp"

namespace v2x::web {
namespace {

using service::FieldErrors;
using service::Form;

constexpr const char* kMenu = "/reg/menu";
constexpr const char* kGateway = "/reg/gateway/regist";
constexpr const char* kSite = "/reg/gateway/registInfo";
constexpr const char* kConfirm = "/reg/gateway/registConfirm";
constexpr const char* kComplete = "/reg/gateway/registComplete";

Response gateway_page(Exchange& exchange, const Form& form, const FieldErrors& errors, int status) {
  Data data;
  data.set("texts", texts_view({"登録するゲートウェイのIDとパスワードをご入力ください。"}));
  data.set("groups", fields_view(service::gateway_fields(), form, errors));
  data.set("errors", errors_view(errors));
  data.set("action", kGateway);
  data.set("back", kMenu);
  data.set("next", "次に進む");
  return exchange.page(data, status);
}

Response show_gateway(Exchange& exchange) {
  const auto draft = exchange.app().claiming.draft(exchange.session());
  return gateway_page(exchange, draft && !draft->done ? draft->form : Form{}, {}, 200);
}

Response take_gateway(Exchange& exchange) {
  const auto errors = exchange.app().claiming.enter_gateway(exchange.visitor(), exchange.session(),
                                                            exchange.request().form, exchange.caller());
  if (!errors) return exchange.error(errors.error());
  if (!errors->empty()) return gateway_page(exchange, exchange.request().form, *errors, 422);
  return exchange.to(kSite);
}

Response site_page(Exchange& exchange, const std::string& gateway_id, const Form& form, const FieldErrors& errors,
                   int status) {
  const service::GatewayDevice device = exchange.app().claiming.device(gateway_id);
  Data data;
  data.set("texts", texts_view({"登録するゲートウェイの情報をご入力ください。"}));
  data.set("steps", steps_view(0));
  data.set("gateway", gateway_view(device));
  data.set("groups", fields_view(service::site_fields(), form, errors));
  data.set("own_address", own_address_view(exchange.visitor()));
  data.set("inventory", units_view(device));
  data.set("errors", errors_view(errors));
  data.set("back", kGateway);
  data.set("next", "次に進む");
  return exchange.page(data, status);
}

Response show_site(Exchange& exchange) {
  const auto draft = exchange.app().claiming.draft(exchange.session());
  if (!draft || draft->done) return exchange.to(kGateway, Notice::draft_expired);
  return site_page(exchange, service::entered(draft->form, "gatewayId"), draft->form, {}, 200);
}

Response take_site(Exchange& exchange) {
  const auto errors = exchange.app().claiming.enter_site(exchange.session(), exchange.request().form);
  const auto draft = exchange.app().claiming.draft(exchange.session());
  if (!errors || !draft) return exchange.to(kGateway, Notice::draft_expired);
  if (!errors->empty())
    return site_page(exchange, service::entered(draft->form, "gatewayId"), exchange.request().form, *errors, 422);
  return exchange.to(kConfirm);
}

Response show_confirm(Exchange& exchange) {
  const auto draft = exchange.app().claiming.draft(exchange.session());
  if (!draft) return exchange.to(kGateway, Notice::draft_expired);
  if (draft->done) return exchange.to(kComplete);
  if (service::entered(draft->form, "siteName").empty()) return exchange.to(kSite);
  const service::GatewayDevice device = exchange.app().claiming.device(service::entered(draft->form, "gatewayId"));
  Data data;
  data.set("texts", texts_view({"以下の内容でゲートウェイを登録します。登録内容をご確認ください。"}));
  data.set("steps", steps_view(1));
  data.set("gateway", gateway_view(device));
  data.set("groups", values_view(service::site_fields(), draft->form));
  data.set("inventory", units_view(device));
  data.set("back", kSite);
  data.set("submit", "登録");
  return exchange.page(data);
}

Response take_confirm(Exchange& exchange) {
  const auto submitted = exchange.app().claiming.submit(exchange.visitor(), exchange.session(), exchange.caller());
  if (submitted) return exchange.to(kComplete);
  if (submitted.error().code == "no_draft") return exchange.to(kGateway, Notice::draft_expired);
  exchange.set_page("R21");
  return gateway_page(exchange, {}, {{"gatewayId", std::string(service::kGatewayTaken)}}, 409);
}

Response show_complete(Exchange& exchange) {
  const auto draft = exchange.app().claiming.draft(exchange.session());
  if (!draft || !draft->done) return exchange.to(kGateway, Notice::draft_expired);
  Data data;
  data.set("texts", texts_view({"ゲートウェイを登録しました。"}));
  data.set("steps", steps_view(2));
  data.set("menu", kMenu);
  return exchange.page(data);
}

}  // namespace

std::vector<Route> claim_routes() {
  return {
      {"GET", kGateway, "R21", Right::customer, show_gateway},
      {"POST", kGateway, "R21", Right::customer, take_gateway},
      {"GET", kSite, "R22", Right::customer, show_site},
      {"POST", kSite, "R22", Right::customer, take_site},
      {"GET", kConfirm, "R23", Right::customer, show_confirm},
      {"POST", kConfirm, "R23", Right::customer, take_confirm},
      {"GET", kComplete, "R24", Right::customer, show_complete},
  };
}

}  // namespace v2x::web
