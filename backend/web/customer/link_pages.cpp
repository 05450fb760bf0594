// R41 … R43: a customer lets a dealer look after a gateway.
#include "backend/service/ports/links.hpp"
#include "backend/web/router.hpp"
#include "backend/web/view.hpp"

namespace v2x::web {
namespace {

using service::FieldErrors;
using service::Form;

constexpr const char* kSearch = "/reg/dealer/search";
constexpr const char* kLink = "/reg/dealer/link";
constexpr const char* kConfirm = "/reg/dealer/linkConfirm";
constexpr const char* kComplete = "/reg/dealer/linkComplete";

std::string link_path(const std::string& gateway_id) {
  return std::string(kLink) + "?gw=" + gateway_id;
}

Response form_page(Exchange& exchange, const service::MaintainedGateway& maintained, const Form& form,
                   FieldErrors errors, int status) {
  const bool full = maintained.dealers.size() >= service::kDealersPerGateway;
  if (full) errors = {{"dealerId", std::string(service::kFiveDealers)}};
  Data data;
  data.set("steps", steps_view(0));
  data.set("gateway", gateway_view(maintained.gateway.device));
  data.set("maintainers", dealers_view(maintained.dealers));
  if (!full) {
    data.set("groups", fields_view(service::link_fields(), form, errors));
    data.set("next", "次に進む");
  }
  data.set("errors", errors_view(errors));
  data.set("action", link_path(maintained.gateway.device.gateway_id));
  data.set("back", kSearch);
  return exchange.page(data, status);
}

Response show_form(Exchange& exchange) {
  const auto maintained = exchange.app().linking.find(exchange.visitor(), exchange.query("gw"));
  if (!maintained) return exchange.error(404);
  const auto draft = exchange.app().linking.draft(exchange.session());
  const bool kept = draft && !draft->done && service::entered(draft->form, "gatewayId") == exchange.query("gw");
  return form_page(exchange, *maintained, kept ? draft->form : Form{}, {}, 200);
}

Response take_form(Exchange& exchange) {
  const std::string gateway_id = exchange.query("gw");
  const auto errors = exchange.app().linking.enter(exchange.visitor(), exchange.session(), gateway_id,
                                                   exchange.request().form, exchange.caller());
  if (!errors) return exchange.error(errors.error());
  const auto maintained = exchange.app().linking.find(exchange.visitor(), gateway_id);
  if (!maintained) return exchange.error(404);
  if (maintained->dealers.size() >= service::kDealersPerGateway) return form_page(exchange, *maintained, {}, {}, 409);
  if (!errors->empty()) return form_page(exchange, *maintained, exchange.request().form, *errors, 422);
  return exchange.to(kConfirm);
}

Response show_confirm(Exchange& exchange) {
  const auto draft = exchange.app().linking.draft(exchange.session());
  if (draft && draft->done) return exchange.to(kComplete);
  const auto proposal = exchange.app().linking.proposal(exchange.visitor(), exchange.session());
  if (!proposal && proposal.error().code == "no_draft") return exchange.to(kSearch, Notice::draft_expired);
  if (!proposal) return exchange.error(404);
  const service::OwnedGateway& gateway = proposal->maintained.gateway;
  Data data;
  data.set("texts",
           texts_view({"この販売店様にゲートウェイの保守を任せます。",
                       "販売店様は、システムの状態確認、設定変更とお客様の登録状態の確認ができるようになります。"}));
  data.set("steps", steps_view(1));
  data.set("dealer", dealer_view(proposal->dealer, "保守を任せる販売店様"));
  data.set("gateway", gateway_view(gateway.device));
  data.set("place", site_view(gateway.site));
  data.set("inventory", units_view(gateway.device));
  data.set("back", link_path(gateway.device.gateway_id));
  data.set("submit", "登録");
  return exchange.page(data);
}

Response take_confirm(Exchange& exchange) {
  const auto draft = exchange.app().linking.draft(exchange.session());
  const auto submitted = exchange.app().linking.submit(exchange.visitor(), exchange.session(), exchange.caller());
  if (submitted) return exchange.to(kComplete);
  const std::string& code = submitted.error().code;
  if (code == "no_draft") return exchange.to(kSearch, Notice::draft_expired);
  const auto maintained = exchange.app().linking.find(exchange.visitor(), service::entered(draft->form, "gatewayId"));
  if (code == "not_found" || !maintained) return exchange.error(404);
  exchange.set_page("R41");
  return form_page(exchange, *maintained, draft->form, {{"dealerId", submitted.error().message}}, 409);
}

Response show_complete(Exchange& exchange) {
  const auto draft = exchange.app().linking.draft(exchange.session());
  if (!draft || !draft->done) return exchange.to(kSearch, Notice::draft_expired);
  Data data;
  data.set("texts", texts_view({"販売店様に連絡用のメールを送信しました。"}));
  data.set("steps", steps_view(2));
  data.set("menu", "/reg/menu");
  return exchange.page(data);
}

}  // namespace

std::vector<Route> link_routes() {
  return {
      {"GET", kLink, "R41", Right::owner, show_form},
      {"POST", kLink, "R41", Right::owner, take_form},
      {"GET", kConfirm, "R42", Right::customer, show_confirm},
      {"POST", kConfirm, "R42", Right::customer, take_confirm},
      {"GET", kComplete, "R43", Right::customer, show_complete},
  };
}

}  // namespace v2x::web
