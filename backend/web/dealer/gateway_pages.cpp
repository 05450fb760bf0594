// D20, D21: a dealer's menu and the gateways that it looks after.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "backend/web/parse.hpp"
#include "backend/web/router.hpp"
#include "backend/web/view.hpp"
#include "common/jst.hpp"

namespace v2x::web {
namespace {

constexpr size_t kRowsPerPage = 50;  // D21

/// DEAL-06; in the order in which the list shows them.
enum class GatewayState { fault, offline, never_reported, normal };

struct StateWords {
  const char* word;  ///< in the URL and as a class
  const char* text;
};

constexpr StateWords words_of(GatewayState state) {
  switch (state) {
    case GatewayState::fault:
      return {"fault", "異常"};
    case GatewayState::offline:
      return {"offline", "通信断"};
    case GatewayState::never_reported:
      return {"never", "未接続"};
    case GatewayState::normal:
      return {"normal", "正常"};
  }
  return {"", ""};
}

GatewayState state_of(service::SiteStatus status) {
  switch (status) {
    case service::SiteStatus::never_reported:
      return GatewayState::never_reported;
    case service::SiteStatus::offline:
      return GatewayState::offline;
    case service::SiteStatus::fault:
      return GatewayState::fault;
    default:
      return GatewayState::normal;
  }
}

struct Row {
  service::OwnedGateway gateway;
  std::string owner;
  GatewayState state;
  std::string codes;
};

/// Each code once: three units that trip together are one cause.
std::string codes_of(const service::HomeNow& home) {
  std::set<std::string> codes;
  for (const auto& fault : home.faults) codes.insert(fault.code);
  return fmt::format("{}", fmt::join(codes, ", "));
}

std::vector<Row> rows_of(Exchange& exchange) {
  std::vector<Row> rows;
  for (auto& entrusted : exchange.app().maintenance.list(exchange.visitor()))
    rows.push_back({std::move(entrusted.gateway), entrusted.owner.person.full_name(), GatewayState::normal, ""});
  for (Row& row : rows) {
    const service::HomeNow home = exchange.app().monitoring.now(row.gateway.device.gateway_id);
    row.state = state_of(home.status);
    row.codes = codes_of(home);
  }
  std::stable_sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) { return a.state < b.state; });
  return rows;
}

bool matches(const Row& row, const std::string& part, const std::string& state) {
  const auto contains = [&](const std::string& text) { return text.find(part) != std::string::npos; };
  return (contains(row.gateway.device.gateway_id) || contains(row.gateway.site.name) || contains(row.owner)) &&
         (state.empty() || state == words_of(row.state).word);
}

Data row_view(const Row& row) {
  Data view = gateway_view(row.gateway.device);
  view.set("site_label", row.gateway.site.name);
  view.set("owner", row.owner);
  view.set("state", words_of(row.state).text);
  view.set("state_word", words_of(row.state).word);
  view.set("codes", row.codes);
  const auto& seen = row.gateway.device.last_seen;
  view.set("last_contact", seen ? format_jst(*seen, "%Y/%m/%d %H:%M") : "未接続");
  return view;
}

DataList state_options(const std::string& chosen) {
  DataList options;
  for (const auto state :
       {GatewayState::fault, GatewayState::offline, GatewayState::never_reported, GatewayState::normal}) {
    Data option;
    option.set("word", words_of(state).word);
    option.set("text", words_of(state).text);
    option.set("selected", Data(chosen == words_of(state).word));
    options.push_back(option);
  }
  return options;
}

bool warns_about_contacts(Exchange& exchange) {
  const auto contacts = exchange.app().contacts.list(exchange.visitor());
  return std::none_of(contacts.begin(), contacts.end(),
                      [](const auto& c) { return c.state == service::ContactState::verified; });
}

Response show_menu(Exchange& exchange) {
  Data data;
  data.set("entries", Data(DataList{menu_entry("menu-gateways", "保守ゲートウェイ一覧", "/entry/gateways"),
                                    menu_entry("menu-contacts", "保守担当者の管理", "/entry/contacts"),
                                    menu_entry("menu-profile", "販売店様情報を編集する", "/entry/profile"),
                                    menu_entry("menu-password", "ログイン時のパスワードを変更する", "/entry/password"),
                                    menu_entry("menu-history", "ログイン履歴", "/entry/history"),
                                    menu_entry("menu-close", "アカウントの削除", "/entry/account/close")}));
  if (warns_about_contacts(exchange)) data.set("warning", std::string(service::kNoVerifiedContact));
  return exchange.page(data);
}

Response show_gateways(Exchange& exchange) {
  const std::string part = exchange.query("q"), state = exchange.query("state");
  auto rows = rows_of(exchange);
  std::erase_if(rows, [&](const Row& row) { return !matches(row, part, state); });
  const std::string page_text = exchange.query("p");
  const size_t pages = std::max<size_t>((rows.size() + kRowsPerPage - 1) / kRowsPerPage, 1);
  const size_t page = std::clamp<size_t>(static_cast<size_t>(std::atoi(page_text.c_str())), 1, pages);
  DataList views;
  for (size_t i = (page - 1) * kRowsPerPage; i < std::min(rows.size(), page * kRowsPerPage); ++i)
    views.push_back(row_view(rows[i]));
  const std::string here =
      "/entry/gateways?q=" + encode_query_value(part) + "&state=" + encode_query_value(state) + "&p=";
  Data data;
  data.set("rows", Data(views));
  data.set("q", part);
  data.set("states", Data(state_options(state)));
  data.set("searched", Data(!part.empty() || !state.empty()));
  data.set("back", "/entry/menu");
  if (page > 1) data.set("previous", here + std::to_string(page - 1));
  if (page < pages) data.set("following", here + std::to_string(page + 1));
  return exchange.page(data);
}

}  // namespace

std::vector<Route> dealer_routes() {
  return {
      {"GET", "/entry/menu", "D20", Right::dealer, show_menu},
      {"GET", "/entry/gateways", "D21", Right::dealer, show_gateways},
  };
}

}  // namespace v2x::web
