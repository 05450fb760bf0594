// R65: a customer's news by mail.
#include "backend/web/router.hpp"
#include "backend/web/view.hpp"

namespace v2x::web {
namespace {

using service::Form;

constexpr const char* kMenu = "/reg/menu";

Response show_news(Exchange& exchange) {
  Form form;
  if (exchange.visitor().notify_fault) form["notifyFault"] = "1";
  if (exchange.visitor().notify_offline) form["notifyOffline"] = "1";
  Data data;
  data.set("groups", fields_view(service::notify_fields(), form, {}));
  data.set("back", kMenu);
  data.set("submit", "登録");
  return exchange.page(data);
}

Response take_news(Exchange& exchange) {
  exchange.app().account_care.set_news(exchange.visitor(), exchange.request().form, exchange.caller());
  return exchange.to(kMenu, Notice::notify_changed);
}

}  // namespace

std::vector<Route> settings_routes() {
  return {
      {"GET", "/reg/notify", "R65", Right::customer, show_news},
      {"POST", "/reg/notify", "R65", Right::customer, take_news},
  };
}

}  // namespace v2x::web
