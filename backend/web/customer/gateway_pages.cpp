// R32 … R35: a customer edits a gateway's 案件 and address, or gives the gateway back.
#include "backend/web/router.hpp"
#include "backend/web/view.hpp"

namespace v2x::web {
namespace {

using service::FieldErrors;
using service::Form;

constexpr const char* kList = "/reg/gateway/list";
constexpr const char* kDetail = "/reg/gateway/detail";
constexpr const char* kEdit = "/reg/gateway/edit";
constexpr const char* kEditConfirm = "/reg/gateway/editConfirm";
constexpr const char* kRelease = "/reg/gateway/release";
constexpr const char* kReleaseComplete = "/reg/gateway/releaseComplete";

std::string with_gateway(const char* path, const std::string& gateway_id) {
  return std::string(path) + "?gw=" + gateway_id;
}

Response edit_page(Exchange& exchange, const service::OwnedGateway& gateway, const Form& form,
                   const FieldErrors& errors, int status) {
  Data data;
  data.set("steps", steps_view(0));
  data.set("gateway", gateway_view(gateway.device));
  data.set("groups", fields_view(service::site_fields(), form, errors));
  data.set("own_address", own_address_view(exchange.visitor()));
  data.set("inventory", units_view(gateway.device));
  data.set("errors", errors_view(errors));
  data.set("back", with_gateway(kDetail, gateway.device.gateway_id));
  data.set("next", "次に進む");
  return exchange.page(data, status);
}

Response show_edit(Exchange& exchange) {
  const auto gateway = exchange.app().site_editing.find(exchange.visitor(), exchange.query("gw"));
  if (!gateway) return exchange.error(404);
  return edit_page(exchange, *gateway, exchange.app().site_editing.form(*gateway, exchange.session()), {}, 200);
}

Response take_edit(Exchange& exchange) {
  const std::string gateway_id = exchange.query("gw");
  const auto errors =
      exchange.app().site_editing.enter(exchange.visitor(), exchange.session(), gateway_id, exchange.request().form);
  const auto gateway = exchange.app().site_editing.find(exchange.visitor(), gateway_id);
  if (!errors || !gateway) return exchange.error(404);
  if (!errors->empty()) return edit_page(exchange, *gateway, exchange.request().form, *errors, 422);
  return exchange.to(kEditConfirm);
}

Response show_edit_confirm(Exchange& exchange) {
  const auto draft = exchange.app().site_editing.draft(exchange.session());
  if (!draft) return exchange.to(kList, Notice::draft_expired);
  const std::string gateway_id = service::entered(draft->form, "gatewayId");
  if (draft->done) return exchange.to(with_gateway(kDetail, gateway_id));
  const auto gateway = exchange.app().site_editing.find(exchange.visitor(), gateway_id);
  if (!gateway) return exchange.error(404);
  Data data;
  data.set("texts", texts_view({"以下の内容でゲートウェイ情報を変更します。変更内容をご確認ください。"}));
  data.set("steps", steps_view(1));
  data.set("gateway", gateway_view(gateway->device));
  data.set("groups", values_view(service::site_fields(), draft->form));
  data.set("inventory", units_view(gateway->device));
  data.set("back", with_gateway(kEdit, gateway_id));
  data.set("submit", "登録");
  return exchange.page(data);
}

Response take_edit_confirm(Exchange& exchange) {
  const auto draft = exchange.app().site_editing.draft(exchange.session());
  const auto submitted = exchange.app().site_editing.submit(exchange.visitor(), exchange.session(), exchange.caller());
  if (submitted && draft)
    return exchange.to(with_gateway(kDetail, service::entered(draft->form, "gatewayId")), Notice::gateway_changed);
  if (!draft || submitted.error().code == "no_draft") return exchange.to(kList, Notice::draft_expired);
  return exchange.error(404);
}

Response release_page(Exchange& exchange, const service::OwnedGateway& gateway, const FieldErrors& errors, int status) {
  Data data;
  data.set("gateway", gateway_view(gateway.device));
  data.set("consequences",
           consequences_view("登録を解除すると",
                             {"このゲートウェイのデータを閲覧できなくなります。",
                              "販売店様による保守は、すべて終了します。販売店様にはメールでお知らせします。",
                              "発生中の異常のお知らせは終了し、今後のメールは送信されません。",
                              "AI制御は停止し、送信待ちの設定は取り消されます。",
                              "もう一度登録しても、これまでのデータは表示されません。"}));
  data.set("groups", fields_view(service::password_check_fields(), {}, errors));
  data.set("errors", errors_view(errors));
  data.set("back", with_gateway(kDetail, gateway.device.gateway_id));
  data.set("submit", "解除");
  return exchange.page(data, status);
}

Response show_release(Exchange& exchange) {
  const auto gateway = exchange.app().site_editing.find(exchange.visitor(), exchange.query("gw"));
  if (!gateway) return exchange.error(404);
  return release_page(exchange, *gateway, {}, 200);
}

Response take_release(Exchange& exchange) {
  const std::string gateway_id = exchange.query("gw");
  const auto gateway = exchange.app().site_editing.find(exchange.visitor(), gateway_id);
  const auto errors = exchange.app().releasing.submit(exchange.visitor(), exchange.session(), gateway_id,
                                                      exchange.request().form, exchange.caller());
  if (!errors) return exchange.error(errors.error());
  if (!errors->empty() && !gateway) return exchange.error(404);
  if (!errors->empty()) return release_page(exchange, *gateway, *errors, 422);
  return exchange.to(kReleaseComplete);
}

Response show_release_complete(Exchange& exchange) {
  if (!exchange.app().releasing.has_released(exchange.session())) return exchange.to(kList, Notice::draft_expired);
  Data data;
  data.set("texts", texts_view({"ゲートウェイの登録を解除しました。"}));
  data.set("menu", "/reg/menu");
  return exchange.page(data);
}

}  // namespace

std::vector<Route> gateway_routes() {
  return {
      {"GET", kEdit, "R32", Right::owner, show_edit},
      {"POST", kEdit, "R32", Right::owner, take_edit},
      {"GET", kEditConfirm, "R33", Right::customer, show_edit_confirm},
      {"POST", kEditConfirm, "R33", Right::customer, take_edit_confirm},
      {"GET", kRelease, "R34", Right::owner, show_release},
      {"POST", kRelease, "R34", Right::owner, take_release},
      {"GET", kReleaseComplete, "R35", Right::customer, show_release_complete},
  };
}

}  // namespace v2x::web
