// API-04, API-05: the gateways that the app's user may see, and what they do now.
#include <algorithm>
#include <charconv>

#include "backend/service/rights.hpp"
#include "backend/web/api/api_router.hpp"
#include "backend/web/monitoring/now_json.hpp"

namespace v2x::web {
namespace {

constexpr int kMostSites = 100;  // API-04

nlohmann::json site_json(ApiExchange& exchange, const service::OwnedGateway& gateway) {
  const service::HomeNow now = exchange.app().monitoring.now(gateway.device.gateway_id);
  nlohmann::json codes = nlohmann::json::array();
  for (const auto& fault : now.faults) codes.push_back(fault.code);
  return {{"gateway_id", gateway.device.gateway_id},
          {"site_name", gateway.site.name},
          {"status", words_of(now.status).word},
          {"fault_codes", codes},
          {"last_seen", time_or_null(gateway.device.last_seen)}};
}

/// 1 … kMostSites; nullopt for what is no such number.
std::optional<size_t> limit_of(const ApiExchange& exchange) {
  const std::string text = exchange.query("limit");
  if (text.empty()) return kMostSites;
  int limit = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), limit);
  if (failure != std::errc() || end != text.data() + text.size() || limit < 1 || limit > kMostSites)
    return std::nullopt;
  return static_cast<size_t>(limit);
}

// By gateway ID, so that a list that changes between two calls repeats and misses nothing. The cursor is the last ID.
Response list_sites(ApiExchange& exchange) {
  const auto limit = limit_of(exchange);
  if (!limit) return exchange.invalid({{"limit", "limitの値が正しくありません。"}});
  auto gateways = exchange.app().registry.read([&](auto& tx) { return viewable(tx, exchange.visitor()); });
  std::sort(gateways.begin(), gateways.end(),
            [](const auto& a, const auto& b) { return a.device.gateway_id < b.device.gateway_id; });
  const std::string cursor = exchange.query("cursor");
  const auto first = std::find_if(gateways.begin(), gateways.end(),
                                  [&](const auto& gateway) { return gateway.device.gateway_id > cursor; });
  const auto left = static_cast<size_t>(gateways.end() - first);
  const auto last = first + static_cast<std::ptrdiff_t>(std::min(*limit, left));
  nlohmann::json sites = nlohmann::json::array();
  for (auto gateway = first; gateway != last; ++gateway) sites.push_back(site_json(exchange, *gateway));
  Response response = exchange.json(sites);
  if (last != gateways.end())
    response.headers.emplace_back("Link", "</api/v1/sites?limit=" + std::to_string(*limit) +
                                              "&cursor=" + (last - 1)->device.gateway_id + ">; rel=\"next\"");
  return response;
}

Response show_now(ApiExchange& exchange) {
  return exchange.json(now_json(exchange.app().monitoring.now(exchange.gateway().device.gateway_id)));
}

}  // namespace

std::vector<ApiRoute> site_api_routes() {
  return {
      {"GET", "/api/v1/sites", Right::viewer, list_sites, {"cursor", "limit"}},
      {"GET", "/api/v1/sites/{gw}/now", Right::viewer, show_now},
  };
}

}  // namespace v2x::web
