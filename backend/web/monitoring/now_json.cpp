#include "backend/web/monitoring/now_json.hpp"

#include "common/jst.hpp"

namespace v2x::web {

using service::EvState;
using service::HomeNow;
using service::SiteStatus;

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

nlohmann::json json_of(const std::optional<std::int64_t>& value) {
  return value ? nlohmann::json(*value) : nlohmann::json(nullptr);
}

nlohmann::json now_json(const HomeNow& home) {
  nlohmann::json json;
  json["at"] = home.time ? nlohmann::json(format_time(*home.time)) : nlohmann::json(nullptr);
  json["status"] = words_of(home.status).word;
  json["stale"] = home.stale;
  json["pv_w"] = json_of(home.now_w.pv);
  json["load_w"] = json_of(home.now_w.load);
  json["sell_w"] = json_of(home.now_w.sell);
  json["buy_w"] = json_of(home.now_w.buy);
  json["ev"] = {{"state", words_of(home.ev_state).word},
                {"w", json_of(home.ev_w())},
                {"soc", home.soc_percent ? nlohmann::json(*home.soc_percent) : nlohmann::json(nullptr)}};
  json["today"] = {{"pv_wh", json_of(home.today_wh.pv)},         {"load_wh", json_of(home.today_wh.load)},
                   {"sell_wh", json_of(home.today_wh.sell)},     {"buy_wh", json_of(home.today_wh.buy)},
                   {"charge_wh", json_of(home.today_wh.charge)}, {"discharge_wh", json_of(home.today_wh.discharge)}};
  json["faults"] = nlohmann::json::array();
  for (const auto& fault : home.faults)
    json["faults"].push_back({{"code", fault.code},
                              {"title", fault.title},
                              {"unit", fault.unit_no},
                              {"raised_at", format_time(fault.raised_at)}});
  return json;
}

}  // namespace v2x::web
