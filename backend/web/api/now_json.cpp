#include "backend/web/api/now_json.hpp"

#include <array>
#include <string>

#include "backend/web/api/api_exchange.hpp"
#include "common/jst.hpp"

namespace v2x::web {

std::string to_string(service::SiteStatus status) {
  constexpr std::array kWords{"never_reported", "offline", "fault", "island", "throttled", "normal"};
  return kWords.at(static_cast<size_t>(status));
}

std::string to_string(service::EvState state) {
  constexpr std::array kWords{"charging", "discharging", "standby", "unplugged", "stopped", "unknown"};
  return kWords.at(static_cast<size_t>(state));
}

nlohmann::json now_json(const service::HomeNow& home) {
  const auto& [pv, load, buy, sell, charge, discharge] = home.now_w;
  const auto ev_w = charge && discharge ? std::optional(*charge - *discharge) : std::nullopt;
  const auto& today = home.today_wh;
  nlohmann::json faults = nlohmann::json::array();
  for (const auto& fault : home.faults)
    faults.push_back({{"code", fault.code},
                      {"title", fault.title},
                      {"unit", fault.unit_no},
                      {"raised_at", format_time(fault.raised_at)}});
  return {{"at", time_or_null(home.time)},
          {"status", to_string(home.status)},
          {"stale", home.stale},
          {"pv_w", or_null(pv)},
          {"load_w", or_null(load)},
          {"sell_w", or_null(sell)},
          {"buy_w", or_null(buy)},
          {"ev", {{"state", to_string(home.ev_state)}, {"w", or_null(ev_w)}, {"soc", or_null(home.soc_percent)}}},
          {"today",
           {{"pv_wh", or_null(today.pv)},
            {"load_wh", or_null(today.load)},
            {"sell_wh", or_null(today.sell)},
            {"buy_wh", or_null(today.buy)},
            {"charge_wh", or_null(today.charge)},
            {"discharge_wh", or_null(today.discharge)}}},
          {"faults", faults}};
}

}  // namespace v2x::web
