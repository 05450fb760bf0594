// M02, M03, M13: the monitoring site's home page, the flow of energy and the JSON that refreshes both.
#include <fmt/format.h>

#include <string>
#include <vector>

#include "backend/model/figures.hpp"
#include "backend/service/watching.hpp"
#include "backend/web/monitoring/flow_view.hpp"
#include "backend/web/monitoring/frame.hpp"
#include "backend/web/monitoring/now_json.hpp"
#include "backend/web/router.hpp"
#include "common/jst.hpp"

namespace v2x::web {
namespace {

using service::HomeNow;
using service::SiteStatus;

constexpr const char* kHome = "/ctrl/home";
constexpr const char* kLive = "/ctrl/home/live";
constexpr const char* kFlow = "/ctrl/flow";
constexpr int kRefreshS = 60;  // MON-07, without script
constexpr const char* kTimeFormat = "%Y/%m/%d %H:%M";

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

/// All open ones, newest first (MON-05).
Data faults_view(const HomeNow& home) {
  DataList faults;
  for (const auto& fault : home.faults) {
    Data item;
    item.set("code", fault.code);
    item.set("fault_title", fault.title);
    faults.push_back(item);
  }
  Data view;
  view.set("items", Data(faults));
  return view;
}

std::string codes_of(const HomeNow& home) {
  std::vector<std::string> codes;
  for (const auto& fault : home.faults) codes.push_back(fault.code);
  return fmt::format("{}", fmt::join(codes, ","));
}

/// `page` is refreshed: by its script, else by the browser.
void set_state(Data& data, const HomeNow& home, const std::string& gateway_id, const char* page) {
  data.set("now_time", home.time ? format_jst(*home.time, kTimeFormat) : "-");
  data.set("status", words_of(home.status).text);
  data.set("status_word", words_of(home.status).word);
  data.set("fault_codes", codes_of(home));
  if (home.status == SiteStatus::fault) data.set("faults", faults_view(home));
  data.set("stale", Data(home.stale));
  data.set("stale_word", home.stale ? "true" : "false");
  data.set("last_received", home.last_received ? format_jst(*home.last_received, kTimeFormat) : "-");
  data.set("ev_state", words_of(home.ev_state).text);
  data.set("ev_soc", home.soc_percent ? fmt::format("{}%", *home.soc_percent) : "-");
  data.set("live", fmt::format("{}?gw={}", kLive, gateway_id));
  set_renewal(data, fmt::format("{}?gw={}", page, gateway_id), {.reload_s = kRefreshS, .in_place_s = {}});
  set_flow(data, home);
}

/// Of a page that somebody looks at for the moment: the gateway reports live meanwhile.
HomeNow watched_now(Exchange& exchange, const std::string& gateway_id) {
  App& app = exchange.app();
  return service::watched(app.registry, app.live, gateway_id, app.monitoring.now(gateway_id));
}

Response show_home(Exchange& exchange) {
  return with_gateway(exchange, [](Exchange& ex, const service::OwnedGateway& gateway, Data data) {
    const HomeNow home = ex.app().monitoring.now(gateway.device.gateway_id);
    set_state(data, home, gateway.device.gateway_id, kHome);
    data.set("energy_before", Data(DataList{energy_row("pv", "発電", home.now_w.pv, home.today_wh.pv),
                                            energy_row("load", "消費", home.now_w.load, home.today_wh.load)}));
    data.set("energy_after", Data(DataList{energy_row("sell", "売電", home.now_w.sell, home.today_wh.sell),
                                           energy_row("buy", "買電", home.now_w.buy, home.today_wh.buy)}));
    if (ex.visitor().kind == model::AccountKind::customer) data.set("economy", of_gateway("/ctrl/economy", gateway));
    data.set("graph", of_gateway("/ctrl/graph", gateway));
    data.set("flow", of_gateway(kFlow, gateway));
    return ex.page(data);
  });
}

Response show_flow(Exchange& exchange) {
  return with_gateway(exchange, [](Exchange& ex, const service::OwnedGateway& gateway, Data data) {
    set_state(data, watched_now(ex, gateway.device.gateway_id), gateway.device.gateway_id, kFlow);
    data.set("live", fmt::format("{}&watch=1", of_gateway(kLive, gateway)));
    return ex.page(data);
  });
}

Response show_live(Exchange& exchange) {
  const auto gateway = shown_gateway(exchange);
  if (!gateway) return exchange.json(R"({"type":"not_found","status":404})", 404);
  const std::string& id = gateway->device.gateway_id;
  const bool watches = !exchange.query("watch").empty();
  return exchange.json(now_json(watches ? watched_now(exchange, id) : exchange.app().monitoring.now(id)).dump());
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
      {.method = "GET",
       .path = kLive,
       .page = "M02",
       .right = Right::viewer,
       .answer = show_live,
       .in_background = true},  // MON-07
      {"GET", kFlow, "M03", Right::viewer, show_flow},
      {"GET", "/ctrl/timeout", "M13", Right::open, show_timeout},
  };
}

}  // namespace v2x::web
