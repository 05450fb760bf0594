// M02, M13: the monitoring site's home page and its JSON.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "backend/model/figures.hpp"
#include "backend/service/ports/accounts.hpp"
#include "backend/service/rights.hpp"
#include "backend/web/router.hpp"
#include "common/jst.hpp"

namespace v2x::web {
namespace {

using service::EvState;
using service::HomeNow;
using service::SiteStatus;

constexpr const char* kHome = "/ctrl/home";
constexpr const char* kGatewayCookie = "ctrl_gateway";
constexpr int kRefreshS = 60;  // MON-07, without script
constexpr const char* kTimeFormat = "%Y/%m/%d %H:%M";

struct Words {
  const char* word;  ///< in JSON and as a class
  const char* text;
};

Words words_of(SiteStatus status) {
  switch (status) {
    case SiteStatus::never_reported:
      return {"never_reported", "未接続"};
    case SiteStatus::offline:
      return {"offline", "通信断"};
    case SiteStatus::fault:
      return {"fault", "異常発生中"};
    case SiteStatus::island:
      return {"island", "停電(自立運転中)"};
    case SiteStatus::throttled:
      return {"throttled", "抑制中"};
    case SiteStatus::normal:
      return {"normal", "正常動作中"};
  }
  return {"", ""};
}

Words words_of(EvState state) {
  switch (state) {
    case EvState::charging:
      return {"charging", "充電"};
    case EvState::discharging:
      return {"discharging", "放電"};
    case EvState::standby:
      return {"standby", "待機"};
    case EvState::unplugged:
      return {"unplugged", "車両未接続"};
    case EvState::stopped:
      return {"stopped", "停止"};
    case EvState::unknown:
      return {"unknown", "-"};
  }
  return {"", ""};
}

std::vector<service::OwnedGateway> gateways_of(Exchange& exchange) {
  return exchange.app().registry.read([&](service::Transaction& tx) { return viewable(tx, exchange.visitor()); });
}

/// The gateway that the URL names, else the one seen last, else the first; nullptr when it isn't the visitor's.
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

Data figure(const std::optional<std::int64_t>& value, const char* unit) {
  Data data;
  data.set("figure", model::in_kilo(value));
  if (value) data.set("unit", unit);
  return data;
}

Data energy_row(const char* id, const char* label, const std::optional<std::int64_t>& now_w,
                const std::optional<std::int64_t>& today_wh) {
  Data row;
  row.set("id", id);
  row.set("row_label", label);
  row.set("now", figure(now_w, " kW"));
  row.set("today", figure(today_wh, " kWh"));
  return row;
}

std::string owner_name(Exchange& exchange, std::int64_t account_id) {
  const auto owner =
      exchange.app().registry.read([&](service::Transaction& tx) { return tx.accounts().find(account_id); });
  return owner ? owner->person.full_name() : "";
}

/// 「京都発電所 (01AB12345678)」; dealers see the customer, too (MON-06).
DataList choices(Exchange& exchange, const std::vector<service::OwnedGateway>& gateways, const std::string& current) {
  const bool dealer = exchange.visitor().kind == model::AccountKind::dealer;
  DataList options;
  for (const auto& gateway : gateways) {
    const std::string& id = gateway.device.gateway_id;
    Data option;
    option.set("gateway_id", id);
    option.set("text", fmt::format("{} ({}){}", gateway.site.name, id,
                                   dealer ? " " + owner_name(exchange, gateway.account_id) + " 様" : ""));
    option.set("selected", Data(id == current));
    options.push_back(option);
  }
  return options;
}

Data home_view(const HomeNow& home) {
  Data data;
  data.set("now_time", home.time ? format_jst(*home.time, kTimeFormat) : "-");
  data.set("status", words_of(home.status).text);
  data.set("status_word", words_of(home.status).word);
  data.set("energy_before", Data(DataList{energy_row("pv", "発電", home.now_w.pv, home.today_wh.pv),
                                          energy_row("load", "消費", home.now_w.load, home.today_wh.load)}));
  data.set("energy_after", Data(DataList{energy_row("sell", "売電", home.now_w.sell, home.today_wh.sell),
                                         energy_row("buy", "買電", home.now_w.buy, home.today_wh.buy)}));
  data.set("ev_state", words_of(home.ev_state).text);
  data.set("ev_soc", home.soc_percent ? std::to_string(*home.soc_percent) + "%" : "-");
  if (home.status == SiteStatus::fault) {
    DataList faults;
    for (const auto& fault : home.faults) {
      Data item;
      item.set("code", fault.code);
      item.set("fault_title", fault.title);
      faults.push_back(item);
    }
    Data view;
    view.set("items", Data(faults));
    data.set("faults", view);
  }
  data.set("stale", Data(home.stale));
  data.set("last_received", home.last_received ? format_jst(*home.last_received, kTimeFormat) : "-");
  return data;
}

Response show_home(Exchange& exchange) {
  const auto gateways = gateways_of(exchange);
  const auto* gateway = chosen(exchange, gateways);
  if (!gateway && !exchange.query("gw").empty()) return exchange.error(404);
  const bool dealer = exchange.visitor().kind == model::AccountKind::dealer;
  Data data;
  if (!gateway) {
    data.set("none", Data(true));
    if (!dealer) data.set("claim", exchange.app().settings.bases.multi + "/reg/gateway/regist");
    return exchange.page(data);
  }
  const std::string& id = gateway->device.gateway_id;
  data = home_view(exchange.app().monitoring.now(id));
  data.set("shown", Data(true));
  data.set("gateway_id", id);
  data.set("site_label", gateway->site.name);
  data.set("action", kHome);
  data.set("live", std::string(kHome) + "/live?gw=" + id);
  data.set("refresh_s", std::to_string(kRefreshS));
  if (gateways.size() > 1) {
    Data choice;
    choice.set("options", Data(choices(exchange, gateways, id)));
    data.set("choice", choice);
  }
  exchange.remember(kGatewayCookie, id);
  return exchange.page(data);
}

nlohmann::json number_or_null(const std::optional<std::int64_t>& value) {
  return value ? nlohmann::json(*value) : nlohmann::json(nullptr);
}

nlohmann::json live_json(const HomeNow& home) {
  nlohmann::json json;
  json["at"] = home.time ? nlohmann::json(format_time(*home.time)) : nlohmann::json(nullptr);
  json["status"] = words_of(home.status).word;
  json["stale"] = home.stale;
  json["pv_w"] = number_or_null(home.now_w.pv);
  json["load_w"] = number_or_null(home.now_w.load);
  json["sell_w"] = number_or_null(home.now_w.sell);
  json["buy_w"] = number_or_null(home.now_w.buy);
  const auto& charge = home.now_w.charge;
  const auto& discharge = home.now_w.discharge;
  const auto ev_w = charge && discharge ? std::optional(*charge - *discharge) : std::nullopt;
  json["ev"] = {{"state", words_of(home.ev_state).word},
                {"w", number_or_null(ev_w)},
                {"soc", home.soc_percent ? nlohmann::json(*home.soc_percent) : nlohmann::json(nullptr)}};
  json["today"] = {
      {"pv_wh", number_or_null(home.today_wh.pv)},         {"load_wh", number_or_null(home.today_wh.load)},
      {"sell_wh", number_or_null(home.today_wh.sell)},     {"buy_wh", number_or_null(home.today_wh.buy)},
      {"charge_wh", number_or_null(home.today_wh.charge)}, {"discharge_wh", number_or_null(home.today_wh.discharge)}};
  json["faults"] = nlohmann::json::array();
  for (const auto& fault : home.faults)
    json["faults"].push_back({{"code", fault.code},
                              {"title", fault.title},
                              {"unit", fault.unit_no},
                              {"raised_at", format_time(fault.raised_at)}});
  return json;
}

Response show_live(Exchange& exchange) {
  const auto gateways = gateways_of(exchange);
  const auto* gateway = chosen(exchange, gateways);
  if (!gateway) return exchange.json(R"({"type":"not_found","status":404})", 404);
  return exchange.json(live_json(exchange.app().monitoring.now(gateway->device.gateway_id)).dump());
}

Response show_start(Exchange& exchange) {
  return exchange.to(kHome);
}

Response show_timeout(Exchange& exchange) {
  Data data;
  data.set("login", "/ctrl/login");
  return exchange.page(data);
}

}  // namespace

std::vector<Route> monitoring_routes() {
  return {
      {"GET", "/ctrl/", "M02", Right::viewer, show_start},
      {"GET", kHome, "M02", Right::viewer, show_home},
      {"GET", "/ctrl/home/live", "M02", Right::viewer, show_live},
      {"GET", "/ctrl/timeout", "M13", Right::open, show_timeout},
  };
}

}  // namespace v2x::web
