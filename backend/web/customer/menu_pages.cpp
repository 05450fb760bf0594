// R20, R30, R31, R40, R50: a customer's menu, and the gateways to choose from.
#include "backend/web/parse.hpp"
#include "backend/web/router.hpp"
#include "backend/web/view.hpp"

namespace v2x::web {
namespace {

constexpr size_t kRowsPerPage = 20;  // R30

Response show_menu(Exchange& exchange) {
  Data data;
  data.set("entries",
           Data(DataList{menu_entry("menu-gateway-regist", "ゲートウェイの登録", "/reg/gateway/regist"),
                         menu_entry("menu-gateway", "ゲートウェイの管理", "/reg/gateway/list"),
                         menu_entry("menu-link", "保守を任せる販売店様の登録", "/reg/dealer/search"),
                         menu_entry("menu-unlink", "保守を任せている販売店様の解除", "/reg/dealer/unlinkSearch"),
                         menu_entry("menu-profile", "氏名やメールアドレスなどを編集する", "/reg/profile"),
                         menu_entry("menu-password", "ログイン時のパスワードを変更する", "/reg/password"),
                         menu_entry("menu-history", "ログイン履歴", "/reg/history"),
                         menu_entry("menu-notify", "お知らせメールの設定", "/reg/notify"),
                         menu_entry("menu-close", "アカウントの削除", "/reg/account/close")}));
  return exchange.page(data);
}

Data list_row(const service::MaintainedGateway& maintained, const std::string& detail) {
  Data row = gateway_view(maintained.gateway.device);
  row.set("site_label", maintained.gateway.site.name);
  row.set("dealer_count", std::to_string(maintained.dealers.size()));
  row.set("link", detail + "?gw=" + maintained.gateway.device.gateway_id);
  return row;
}

/// R30, R40 and R50: the same search, leading to different pages.
Response list_page(Exchange& exchange, const std::string& path, const std::string& detail, bool only_linked = false) {
  const std::string part = exchange.query("q");
  auto found = exchange.app().linking.search(exchange.visitor(), part);
  if (only_linked) std::erase_if(found, [](const auto& maintained) { return maintained.dealers.empty(); });
  const size_t pages = std::max<size_t>((found.size() + kRowsPerPage - 1) / kRowsPerPage, 1);
  const size_t page = std::min(static_cast<size_t>(exchange.page_number()), pages);
  DataList rows;
  for (size_t i = (page - 1) * kRowsPerPage; i < std::min(found.size(), page * kRowsPerPage); ++i)
    rows.push_back(list_row(found[i], detail));
  const std::string here = path + "?q=" + encode_query_value(part) + "&p=";
  Data data;
  data.set("rows", Data(rows));
  data.set("q", part);
  data.set("action", path);
  data.set("back", "/reg/menu");
  data.set("searched", Data(!part.empty()));
  data.set("only_linked", Data(only_linked));
  if (page > 1) data.set("previous", here + std::to_string(page - 1));
  if (page < pages) data.set("following", here + std::to_string(page + 1));
  return exchange.page(data);
}

Response show_list(Exchange& exchange) {
  return list_page(exchange, "/reg/gateway/list", "/reg/gateway/detail");
}

Response show_link_search(Exchange& exchange) {
  return list_page(exchange, "/reg/dealer/search", "/reg/dealer/link");
}

Response show_unlink_search(Exchange& exchange) {
  return list_page(exchange, "/reg/dealer/unlinkSearch", "/reg/dealer/unlink", true);
}

Response show_detail(Exchange& exchange) {
  const auto maintained = exchange.app().linking.find(exchange.visitor(), exchange.query("gw"));
  if (!maintained) return exchange.error(404);
  Data data;
  data.set("gateway", gateway_view(maintained->gateway.device));
  data.set("place", site_view(maintained->gateway.site));
  data.set("inventory", units_view(maintained->gateway.device));
  data.set("maintainers", dealers_view(maintained->dealers));
  const std::string gw = "?gw=" + maintained->gateway.device.gateway_id;
  data.set("back", "/reg/gateway/list");
  data.set("edit", "/reg/gateway/edit" + gw);
  data.set("release", "/reg/gateway/release" + gw);
  data.set("link", "/reg/dealer/link" + gw);
  if (!maintained->dealers.empty()) data.set("unlink", "/reg/dealer/unlink" + gw);
  return exchange.page(data);
}

}  // namespace

std::vector<Route> customer_routes() {
  return {
      {"GET", "/reg/menu", "R20", Right::customer, show_menu},
      {"GET", "/reg/gateway/list", "R30", Right::customer, show_list},
      {"GET", "/reg/gateway/detail", "R31", Right::owner, show_detail},
      {"GET", "/reg/dealer/search", "R40", Right::customer, show_link_search},
      {"GET", "/reg/dealer/unlinkSearch", "R50", Right::customer, show_unlink_search},
  };
}

}  // namespace v2x::web
