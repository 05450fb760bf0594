// API-06, API-10: what a gateway did and what went wrong, as the graph and the fault history show it.
#include "backend/model/period.hpp"
#include "backend/service/gateway_history.hpp"
#include "backend/web/api/api_router.hpp"
#include "common/jst.hpp"

namespace v2x::web {
namespace {

using service::EpisodeState;

constexpr size_t kMostAlarms = 500;  // what one answer may hold; `to` leads further back

std::string to_string(service::EnergySlot::Quality quality) {
  switch (quality) {
    case service::EnergySlot::Quality::measured:
      return "measured";
    case service::EnergySlot::Quality::estimated:
      return "estimated";
    case service::EnergySlot::Quality::missing:
      return "missing";
  }
  return {};
}

nlohmann::json slot_json(const service::EnergySlot& slot) {
  const auto& energy = slot.energy_wh;
  constexpr int kPermillePerPercent = 10;
  const nlohmann::json soc = slot.soc_permille
                                 ? nlohmann::json((*slot.soc_permille + kPermillePerPercent / 2) / kPermillePerPercent)
                                 : nlohmann::json(nullptr);
  return {{"start", format_time(slot.start)},
          {"pv_wh", or_null(energy.pv)},
          {"load_wh", or_null(energy.load)},
          {"sell_wh", or_null(energy.sell)},
          {"buy_wh", or_null(energy.buy)},
          {"charge_wh", or_null(energy.charge)},
          {"discharge_wh", or_null(energy.discharge)},
          {"soc", soc},
          {"quality", to_string(slot.quality)}};
}

Response show_history(ApiExchange& exchange) {
  const auto span = model::span_of(exchange.query("span"));
  if (!span) return exchange.invalid({{"span", "spanの値が正しくありません。"}});
  const std::string date = exchange.query("date");
  const auto period = date.empty() ? model::Period::of(*span, exchange.now()) : model::Period::parse(*span, date);
  if (!period) return exchange.invalid({{"date", "dateの値が正しくありません。"}});
  nlohmann::json slots = nlohmann::json::array();
  for (const auto& slot : exchange.app().history.energy(exchange.gateway().device.gateway_id, *period))
    slots.push_back(slot_json(slot));
  return exchange.json({{"span", to_string(*span)}, {"date", period->date()}, {"slots", std::move(slots)}});
}

/// Which alarms are asked for.
struct Wanted {
  std::optional<EpisodeState> state;
  std::optional<Time> from;
  std::optional<Time> to;

  bool has(const service::Episode& episode) const {
    return (!state || episode.state == *state) && (!from || episode.raised_at >= *from) &&
           (!to || episode.raised_at < *to);
  }
};

Result<Wanted> wanted_alarms(const ApiExchange& exchange) {
  Wanted wanted;
  if (const std::string word = exchange.query("state"); !word.empty()) {
    wanted.state = service::episode_state(word);
    if (service::to_string(*wanted.state) != word) return fail("state", "no state");
  }
  for (const auto& [name, member] : {std::pair{"from", &Wanted::from}, std::pair{"to", &Wanted::to}}) {
    const std::string text = exchange.query(name);
    if (text.empty()) continue;
    const auto t = parse_time(text);
    if (!t) return fail(name, "no time");
    wanted.*member = *t;
  }
  return wanted;
}

std::string to_string(service::Notified notified) {
  switch (notified) {
    case service::Notified::sent:
      return "sent";
    case service::Notified::held:
      return "held";
    case service::Notified::nobody:
      return "none";
    case service::Notified::failed:
      return "failed";
  }
  return {};
}

nlohmann::json alarm_json(const service::FaultLine& line) {
  const service::Episode& episode = line.episode;
  return {{"id", episode.id},
          {"code", episode.code},
          {"title", line.title},
          {"unit", episode.unit_no},
          {"severity", line.severity == contracts::Severity::error ? "error" : "notice"},
          {"state", service::to_string(episode.state)},
          {"raised_at", format_time(episode.raised_at)},
          {"cleared_at", time_or_null(episode.cleared_at)},
          {"flaps", episode.flaps},
          {"mail", to_string(line.notified)}};
}

// Newest first.
Response list_alarms(ApiExchange& exchange) {
  const auto wanted = wanted_alarms(exchange);
  if (!wanted) return exchange.invalid({{wanted.error().code, wanted.error().code + "の値が正しくありません。"}});
  nlohmann::json alarms = nlohmann::json::array();
  bool more = true;
  for (int page = 1; more && alarms.size() < kMostAlarms; ++page) {
    const auto faults = exchange.app().history.faults(exchange.gateway().device.gateway_id, page);
    for (const auto& line : faults.lines)
      if (wanted->has(line.episode) && alarms.size() < kMostAlarms) alarms.push_back(alarm_json(line));
    more = faults.more && (!wanted->from || faults.lines.back().episode.raised_at >= *wanted->from);
  }
  return exchange.json(alarms);
}

}  // namespace

std::vector<ApiRoute> history_api_routes() {
  return {
      {"GET", "/api/v1/sites/{gw}/history", Right::viewer, show_history, {"span", "date"}},
      {"GET", "/api/v1/sites/{gw}/alarms", Right::viewer, list_alarms, {"state", "from", "to"}},
  };
}

}  // namespace v2x::web
