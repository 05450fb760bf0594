#include "backend/web/api/api_router.hpp"

#include <algorithm>

#include "backend/service/rights.hpp"
#include "backend/service/secrets.hpp"
#include "backend/web/api/json_body.hpp"
#include "backend/web/path_pattern.hpp"
#include "backend/web/security_headers.hpp"
#include "common/log.hpp"

namespace v2x::web {
namespace {

bool has_type(const nlohmann::json& value, ApiMember::Type type) {
  switch (type) {
    case ApiMember::Type::text:
      return value.is_string();
    case ApiMember::Type::whole_number:
      return value.is_number_integer();
    case ApiMember::Type::object:
      return value.is_object();
  }
  return false;
}

/// The first query or body key that the route doesn't know; empty when all are known.
std::string unknown_key(const ApiRoute& route, const Request& request, const nlohmann::json& body) {
  for (const auto& [name, value] : request.query)
    if (std::find(route.query.begin(), route.query.end(), name) == route.query.end()) return name;
  for (const auto& [name, value] : body.items())
    if (std::none_of(route.body.begin(), route.body.end(), [&key = name](const auto& one) { return one.name == key; }))
      return name;
  return {};
}

service::FieldErrors wrong_members(const ApiRoute& route, const nlohmann::json& body) {
  service::FieldErrors errors;
  for (const ApiMember& member : route.body) {
    const std::string name(member.name);
    if (!body.contains(name)) {
      if (member.required) errors.push_back({name, name + "が必要です。"});
    } else if (!has_type(body[name], member.type)) {
      errors.push_back({name, name + "の値が正しくありません。"});
    }
  }
  return errors;
}

}  // namespace

const std::vector<ApiRoute>& all_api_routes() {
  static const std::vector<ApiRoute> routes = [] {
    std::vector<ApiRoute> all;
    for (const auto& part : {session_api_routes(), site_api_routes(), history_api_routes(), settings_api_routes()})
      all.insert(all.end(), part.begin(), part.end());
    return all;
  }();
  return routes;
}

Response ApiRouter::answer(const Request& request) {
  Response response;
  try {
    response = dispatch(request);
  } catch (const service::StoreError& error) {
    log::error("{} {}: {}", request.method, request.path, error.what());
    response = refuse(503, request.path);
  } catch (const std::exception& error) {
    log::error("{} {}: {}", request.method, request.path, error.what());
    response = refuse(500, request.path);
  }
  add_security_headers(response, {.https = app_.settings.bases.ctrl.starts_with("https:")});
  return response;
}

Response ApiRouter::refuse(int status, const std::string& path) const {
  for (const ProblemInfo& info : all_problems())
    if (info.status == status) return problem_response({info.type, {}, {}}, path);
  return problem_response({ProblemType::internal, {}, {}}, path);
}

Response ApiRouter::dispatch(const Request& request) {
  ApiExchange exchange(app_, request);
  std::string allowed;
  for (const ApiRoute& route : all_api_routes()) {
    auto parts = match_path(route.path, request.path);
    if (!parts) continue;
    exchange.set_parts(std::move(*parts));
    if (route.method == request.method) return enter(route, exchange);
    allowed += (allowed.empty() ? "" : ", ") + std::string(route.method);
  }
  if (allowed.empty()) return exchange.problem(ProblemType::not_found);
  Response response = exchange.problem(ProblemType::method_not_allowed);
  response.headers.emplace_back("Allow", allowed);
  return response;
}

std::optional<Response> ApiRouter::admit(ApiExchange& exchange) {
  const auto visit = app_.access.visit(service::SiteId::api, exchange.token(), false);
  if (!visit) return exchange.problem(ProblemType::unauthorized);
  const auto key = service::attempts_of(service::AttemptKind::api, exchange.token());
  if (const auto wait = service::over_limit(app_.registry, app_.settings.attempts, key)) return exchange.locked(*wait);
  exchange.set_visitor(visit->account);
  const std::string gateway_id = exchange.part("gw");
  if (gateway_id.empty()) return std::nullopt;
  auto gateway = app_.registry.read([&](auto& tx) { return as_viewer(tx, exchange.visitor(), gateway_id); });
  if (!gateway) return exchange.problem(ProblemType::not_found);
  exchange.set_gateway(std::move(*gateway));
  return std::nullopt;
}

Response ApiRouter::enter(const ApiRoute& route, ApiExchange& exchange) {
  const Request& request = exchange.request();
  if (route.right != Right::open)
    if (auto refused = admit(exchange)) return std::move(*refused);
  auto body = parse_body(request.body);
  if (!body) return exchange.problem(ProblemType::bad_request);
  if (const std::string unknown = unknown_key(route, request, *body); !unknown.empty())
    return problem_response({ProblemType::bad_request, {}, {{unknown, "unknown key"}}}, request.path);
  if (auto errors = wrong_members(route, *body); !errors.empty()) return exchange.invalid(std::move(errors));
  exchange.set_body(std::move(*body));
  return route.answer(exchange);
}

}  // namespace v2x::web
