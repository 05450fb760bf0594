// D22 … D24: a gateway that a dealer looks after, with its owner, and giving it up.
#include "backend/web/router.hpp"
#include "backend/web/view.hpp"
#include "common/jst.hpp"

namespace v2x::web {
namespace {

constexpr const char* kList = "/entry/gateways";
constexpr const char* kDetail = "/entry/gateways/detail";
constexpr const char* kEnd = "/entry/gateways/end";
constexpr const char* kEndComplete = "/entry/gateways/endComplete";

std::string with_gateway(const char* path, const std::string& gateway_id) {
  return std::string(path) + "?gw=" + gateway_id;
}

Data blocks_of(const service::EntrustedGateway& entrusted) {
  Data data;
  data.set("gateway", gateway_view(entrusted.gateway.device));
  data.set("place", site_view(entrusted.gateway.site));
  data.set("inventory", units_view(entrusted.gateway.device));
  return data;
}

Data customer_view(const model::Person& person) {
  Data view;
  view.set("full_name", person.full_name());
  view.set("corp_name", person.corp_name);
  view.set("dept_name", person.dept_name);
  view.set("tel", person.tel);
  view.set("mail", person.mail);
  view.set("zip", person.address.zip);
  view.set("address", address_text(person.address));
  return view;
}

Response show_detail(Exchange& exchange) {
  const auto entrusted = exchange.app().maintenance.find(exchange.visitor(), exchange.query("gw"));
  if (!entrusted) return exchange.error(404);
  const std::string& id = entrusted->gateway.device.gateway_id;
  Data data = blocks_of(*entrusted);
  data.set("customer", customer_view(entrusted->owner.person));
  data.set("linked_since", format_jst(entrusted->link.linked, "%Y/%m/%d %H:%M"));
  data.set("back", kList);
  data.set("monitoring_query", "?gw=" + id);
  data.set("home", exchange.app().settings.bases.ctrl + with_gateway("/ctrl/home", id));
  data.set("end", with_gateway(kEnd, id));
  return exchange.page(data);
}

Response show_end(Exchange& exchange) {
  const auto entrusted = exchange.app().maintenance.find(exchange.visitor(), exchange.query("gw"));
  if (!entrusted) return exchange.error(404);
  Data data = blocks_of(*entrusted);
  data.set("texts", texts_view({"このゲートウェイの保守を終了します。"}));
  data.set("consequences",
           consequences_view("終了すると", {"システムの状態確認、設定変更とお客様の登録状態の確認ができなくなります。",
                                            "異常発生時のメールが保守担当者に送信されなくなります。",
                                            "お客様に保守終了のお知らせメールが送信されます。"}));
  data.set("back", with_gateway(kDetail, entrusted->gateway.device.gateway_id));
  data.set("submit", "終了");
  return exchange.page(data);
}

Response take_end(Exchange& exchange) {
  const auto ended =
      exchange.app().maintenance.end(exchange.visitor(), exchange.session(), exchange.query("gw"), exchange.caller());
  return ended ? exchange.to(kEndComplete) : exchange.error(ended.error());
}

Response show_end_complete(Exchange& exchange) {
  if (!exchange.app().maintenance.has_ended(exchange.session())) return exchange.to(kList);
  Data data;
  data.set("texts", texts_view({"ゲートウェイの保守を終了しました。", "お客様に連絡用のメールを送信しました。"}));
  data.set("menu", "/entry/menu");
  return exchange.page(data);
}

}  // namespace

std::vector<Route> maintenance_routes() {
  return {
      {"GET", kDetail, "D22", Right::linked_dealer, show_detail},
      {"GET", kEnd, "D23", Right::linked_dealer, show_end},
      {"POST", kEnd, "D23", Right::linked_dealer, take_end},
      {"GET", kEndComplete, "D24", Right::dealer, show_end_complete},
  };
}

}  // namespace v2x::web
