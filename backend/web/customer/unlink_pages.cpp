// R51 … R53: a customer takes a gateway out of a dealer's hands.
#include "backend/web/router.hpp"
#include "backend/web/view.hpp"

namespace v2x::web {
namespace {

constexpr const char* kSearch = "/reg/dealer/unlinkSearch";
constexpr const char* kChoice = "/reg/dealer/unlink";
constexpr const char* kConfirm = "/reg/dealer/unlinkConfirm";
constexpr const char* kComplete = "/reg/dealer/unlinkComplete";

std::string with_gateway(const char* path, const std::string& gateway_id) {
  return std::string(path) + "?gw=" + gateway_id;
}

Response choice_page(Exchange& exchange, const service::MaintainedGateway& maintained,
                     const service::FieldErrors& errors, int status) {
  const std::string gateway_id = maintained.gateway.device.gateway_id;
  DataList choices;
  for (const auto& dealer : maintained.dealers) {
    Data choice = dealer_view(dealer, "");
    choice.set("path", with_gateway(kConfirm, gateway_id) + "&dealer=" + dealer.login_id);
    choices.push_back(choice);
  }
  Data data;
  data.set("texts", texts_view({"ゲートウェイの保守を解除する販売店様を選択してください。"}));
  data.set("choices", Data(choices));
  data.set("gateway", gateway_view(maintained.gateway.device));
  data.set("errors", errors_view(errors));
  data.set("back", kSearch);
  return exchange.page(data, status);
}

Response show_choice(Exchange& exchange) {
  const auto maintained = exchange.app().linking.find(exchange.visitor(), exchange.query("gw"));
  if (!maintained) return exchange.error(404);
  return choice_page(exchange, *maintained, {}, 200);
}

Response show_confirm(Exchange& exchange) {
  const std::string gateway_id = exchange.query("gw"), dealer_id = exchange.query("dealer");
  const auto proposal = exchange.app().unlinking.proposal(exchange.visitor(), gateway_id, dealer_id);
  if (!proposal)
    return exchange.app().unlinking.has_ended(exchange.session(), gateway_id, dealer_id) ? exchange.to(kComplete)
                                                                                         : exchange.error(404);
  Data data;
  data.set("texts", texts_view({"この販売店様によるゲートウェイの保守を解除します。",
                                "保守を解除した販売店様はゲートウェイ管理を終了します。"}));
  data.set("dealer", dealer_view(proposal->dealer, "保守を解除する販売店様"));
  data.set("gateway", gateway_view(proposal->gateway.device));
  data.set("place", site_view(proposal->gateway.site));
  data.set("inventory", units_view(proposal->gateway.device));
  data.set("maintainers", dealers_view(proposal->remaining));
  data.set("back", with_gateway(kChoice, gateway_id));
  data.set("submit", "解除");
  return exchange.page(data);
}

Response take_confirm(Exchange& exchange) {
  const std::string gateway_id = exchange.query("gw");
  const auto submitted = exchange.app().unlinking.submit(exchange.visitor(), exchange.session(), gateway_id,
                                                         exchange.query("dealer"), exchange.caller());
  if (submitted) return exchange.to(kComplete);
  const auto maintained = exchange.app().linking.find(exchange.visitor(), gateway_id);
  if (submitted.error().code == "not_found" || !maintained) return exchange.error(404);
  exchange.set_page("R51");
  return choice_page(exchange, *maintained, {{"dealerId", submitted.error().message}}, 409);
}

Response show_complete(Exchange& exchange) {
  if (!exchange.app().unlinking.has_ended_any(exchange.session())) return exchange.to(kSearch, Notice::draft_expired);
  Data data;
  data.set("texts", texts_view({"販売店様に連絡用のメールを送信しました。"}));
  data.set("menu", "/reg/menu");
  return exchange.page(data);
}

}  // namespace

std::vector<Route> unlink_routes() {
  return {
      {"GET", kChoice, "R51", Right::owner, show_choice},
      {"GET", kConfirm, "R52", Right::owner, show_confirm},
      {"POST", kConfirm, "R52", Right::owner, take_confirm},
      {"GET", kComplete, "R53", Right::customer, show_complete},
  };
}

}  // namespace v2x::web
