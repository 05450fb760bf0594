#include "backend/web/monitoring/frame.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

#include "backend/service/ports/accounts.hpp"
#include "backend/service/rights.hpp"

namespace v2x::web {
namespace {

constexpr const char* kGatewayCookie = "ctrl_gateway";

struct Entry {
  std::string_view text;
  std::string_view path;
  bool owner_only = false;
};
constexpr std::array kMenu = {
    Entry{"ホーム", "/ctrl/home"},         Entry{"エネルギーの流れ", "/ctrl/flow"},
    Entry{"グラフ", "/ctrl/graph"},        Entry{"経済効果", "/ctrl/economy", true},
    Entry{"異常履歴", "/ctrl/faults"},     Entry{"機器情報", "/ctrl/device"},
    Entry{"機器の設定", "/ctrl/settings"}, Entry{"AI制御", "/ctrl/ai"},
    Entry{"データ出力", "/ctrl/csv"},
};

bool is_dealer(Exchange& exchange) {
  return exchange.visitor().kind == model::AccountKind::dealer;
}

std::vector<service::OwnedGateway> gateways_of(Exchange& exchange) {
  return exchange.app().registry.read([&](service::Transaction& tx) { return viewable(tx, exchange.visitor()); });
}

const service::OwnedGateway* chosen(Exchange& exchange, const std::vector<service::OwnedGateway>& gateways) {
  const auto find = [&](const std::string& id) {
    const auto found =
        std::find_if(gateways.begin(), gateways.end(), [&](const auto& g) { return g.device.gateway_id == id; });
    return found == gateways.end() ? nullptr : &*found;
  };
  if (const std::string asked = exchange.query("gw"); !asked.empty()) return find(asked);
  if (const auto* last = find(exchange.remembered(kGatewayCookie))) return last;
  return gateways.empty() ? nullptr : &gateways.front();
}

std::string owner_name(Exchange& exchange, std::int64_t account_id) {
  const auto owner =
      exchange.app().registry.read([&](service::Transaction& tx) { return tx.accounts().find(account_id); });
  return owner ? owner->person.full_name() : "";
}

/// 「京都発電所 (01AB12345678)」; dealers see the customer, too (MON-06).
DataList choices(Exchange& exchange, const std::vector<service::OwnedGateway>& gateways, const std::string& current) {
  DataList options;
  for (const auto& gateway : gateways) {
    const std::string& id = gateway.device.gateway_id;
    Data option;
    option.set("gateway_id", id);
    option.set("text", fmt::format("{} ({}){}", gateway.site.name, id,
                                   is_dealer(exchange) ? " " + owner_name(exchange, gateway.account_id) + " 様" : ""));
    option.set("selected", Data(id == current));
    options.push_back(option);
  }
  return options;
}

Data menu_view(Exchange& exchange, const service::OwnedGateway& gateway) {
  DataList entries;
  for (const Entry& entry : kMenu) {
    if (entry.owner_only && is_dealer(exchange)) continue;
    Data item;
    item.set("text", std::string(entry.text));
    item.set("link", of_gateway(entry.path, gateway));
    item.set("current", Data(exchange.request().path == entry.path));
    entries.push_back(item);
  }
  Data menu;
  menu.set("entries", Data(entries));
  return menu;
}

Data frame_view(Exchange& exchange, const std::vector<service::OwnedGateway>& gateways,
                const service::OwnedGateway& gateway) {
  Data data;
  data.set("menu", menu_view(exchange, gateway));
  data.set("gateway_id", gateway.device.gateway_id);
  data.set("site_label", gateway.site.name);
  data.set("action", exchange.request().path);
  if (gateways.size() > 1) {
    Data choice;
    choice.set("options", Data(choices(exchange, gateways, gateway.device.gateway_id)));
    data.set("choice", choice);
  }
  return data;
}

}  // namespace

std::string of_gateway(std::string_view path, const service::OwnedGateway& gateway) {
  return fmt::format("{}?gw={}", path, gateway.device.gateway_id);
}

Data frame_of(Exchange& exchange, const service::OwnedGateway& gateway) {
  return frame_view(exchange, gateways_of(exchange), gateway);
}

void set_renewal(Data& data, const std::string& address, const Renewal& renewal) {
  data.set("refresh_s", std::to_string(renewal.reload_s));
  data.set("refresh_to", address + "&by=page");
  if (renewal.in_place_s) data.set("renew_s", std::to_string(*renewal.in_place_s));
}

std::optional<service::OwnedGateway> shown_gateway(Exchange& exchange) {
  const auto gateways = gateways_of(exchange);
  const auto* gateway = chosen(exchange, gateways);
  return gateway ? std::optional(*gateway) : std::nullopt;
}

Response with_gateway(Exchange& exchange, GatewayPage show) {
  const auto gateways = gateways_of(exchange);
  const auto* gateway = chosen(exchange, gateways);
  if (gateway) {
    exchange.remember(kGatewayCookie, gateway->device.gateway_id);
    return show(exchange, *gateway, frame_view(exchange, gateways, *gateway));
  }
  if (!exchange.query("gw").empty()) return exchange.error(404);
  Data none;
  if (!is_dealer(exchange)) none.set("claim", exchange.app().settings.bases.multi + "/reg/gateway/regist");
  Data data;
  data.set("none", none);
  return exchange.page(data);
}

}  // namespace v2x::web
