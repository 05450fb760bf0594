#include "backend/web/router.hpp"

#include <algorithm>
#include <exception>

#include "backend/service/secrets.hpp"
#include "backend/web/parse.hpp"
#include "backend/web/path_pattern.hpp"
#include "backend/web/security_headers.hpp"
#include "common/log.hpp"

namespace v2x::web {
namespace {

constexpr const char* kByPage = "page";            // ?by=page: a page without script asks anew by itself (MON-07)
constexpr const char* kTimeout = "/ctrl/timeout";  // M13

/// SITE-05: "/" leads to the site whose public base the Host is.
std::string site_for_host(const std::string& host, const service::PublicBases& bases) {
  const auto is_host_of = [&](const std::string& base) {
    const size_t scheme = base.find("://");
    return scheme != std::string::npos && base.substr(scheme + 3) == host;
  };
  if (is_host_of(bases.multi) || is_host_of(bases.regist)) return "/reg/";
  if (is_host_of(bases.entry)) return "/entry/";
  if (is_host_of(bases.ctrl)) return "/ctrl/";
  return "/reg/";
}

}  // namespace

const std::vector<Route>& all_routes() {
  static const std::vector<Route> routes = [] {
    std::vector<Route> all;
    for (const auto& part : {registration_routes(),
                             claim_routes(),
                             customer_routes(),
                             gateway_routes(),
                             settings_routes(),
                             account_routes(),
                             recovery_routes(),
                             terms_routes(),
                             link_routes(),
                             unlink_routes(),
                             dealer_registration_routes(),
                             dealer_routes(),
                             maintenance_routes(),
                             closing_routes(),
                             contact_routes(),
                             login_routes(),
                             monitoring_routes(),
                             graph_routes(),
                             economy_routes(),
                             history_routes(),
                             csv_routes(),
                             device_settings_routes(),
                             ai_routes(),
                             common_routes()})
      all.insert(all.end(), part.begin(), part.end());
    return all;
  }();
  return routes;
}

Router::Router(App& app) : app_(app) {
  for (const Route& route : all_routes()) {
    auto& table = route.path.find('{') == std::string_view::npos ? by_path_ : by_pattern_;
    table[route.path].push_back(&route);
  }
}

Response Router::answer(const Request& request) {
  Response response;
  try {
    response = dispatch(request);
  } catch (const service::StoreError& error) {
    log::error("{} {}: {}", request.method, request.path, error.what());
    response = refuse(503);
  } catch (const std::exception& error) {
    log::error("{} {}: {}", request.method, request.path, error.what());
    response = refuse(500);
  }
  const bool https = base_of(site_of_path(request.path), app_.settings.bases).starts_with("https:");
  add_security_headers(response, {.is_static = request.path.starts_with("/static/"), .https = https});
  return response;
}

Response Router::refuse(int status) {
  const Request nothing;
  Exchange exchange(app_, nothing, site_of_path("/"), "error");
  return exchange.error(status);
}

Router::Found Router::find(const std::string& path) const {
  if (const auto found = by_path_.find(path); found != by_path_.end()) return {&found->second, {}};
  for (const auto& [pattern, routes] : by_pattern_)
    if (auto parts = match_path(pattern, path)) return {&routes, std::move(*parts)};
  return {};
}

Response Router::dispatch(const Request& request) {
  if (request.method == "GET") {
    if (const auto file = app_.static_files.find(request.path); file != app_.static_files.end())
      return {200, file->second.content_type, file->second.body, {}};
  }
  const Site& site = site_of_path(request.path);
  Exchange exchange(app_, request, site, "error");
  if (request.path == "/" && request.method == "GET")
    return exchange.to(site_for_host(request.host, app_.settings.bases));
  Found found = find(request.path);
  if (!found.routes) return exchange.error(404);
  exchange.set_parts(std::move(found.parts));
  std::string allowed;
  for (const Route* route : *found.routes) {
    if (route->method == request.method) return enter(*route, exchange);
    allowed += (allowed.empty() ? "" : ", ") + std::string(route->method);
  }
  Response response = exchange.error(405);
  response.headers.emplace_back("Allow", allowed);
  return response;
}

Response Router::enter(const Route& route, Exchange& exchange) {
  const Request& request = exchange.request();
  exchange.set_page(route.page);
  if (request.method == "POST") {
    const std::string token = request.csrf_header.empty() ? exchange.field("_csrf") : request.csrf_header;
    if (!exchange.had_session() || !service::same_secret(token, service::csrf_of(exchange.session())))
      return exchange.error(403);
  }
  const bool by_itself = route.in_background || exchange.query("by") == kByPage;
  const auto visit = exchange.had_session() ? app_.access.visit(exchange.site().id, exchange.session(), by_itself)
                                            : std::optional<service::Visit>();
  if (visit) exchange.set_visitor(visit->account);
  const auto kind = exchange.logged_in() ? std::optional(exchange.visitor().kind) : std::nullopt;
  if (!may_enter(route.right, kind)) {
    if (route.in_background) return exchange.json(R"({"type":"unauthorized","status":401})", 401);
    if (by_itself && exchange.site().id == service::SiteId::ctrl) return exchange.to(kTimeout);
    return exchange.to(std::string(exchange.site().login_path) + "?next=" + encode_query_value(request.target));
  }
  if (const auto wait = over_limit(route, request.client_address)) return exchange.locked(*wait);
  if (visit && visit->terms_due && route.right != Right::open)
    return exchange.to(exchange.path("/terms") + "?next=" + encode_query_value(request.target));
  return route.answer(exchange);
}

std::optional<Duration> Router::over_limit(const Route& route, const std::string& address) {
  if (!route.limit) return std::nullopt;
  return service::over_limit(app_.registry, app_.settings.attempts, service::attempts_from(*route.limit, address));
}

}  // namespace v2x::web
