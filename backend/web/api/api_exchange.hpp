// One request of the app being answered: who asks, for what, and the ways to answer (API-01).
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "backend/model/account.hpp"
#include "backend/service/ports/gateways.hpp"
#include "backend/web/api/problem.hpp"
#include "backend/web/app.hpp"
#include "backend/web/request.hpp"

namespace v2x::web {

/// Lives on the stack of the thread that answers.
class ApiExchange {
 public:
  ApiExchange(App& app, const Request& request) : app_(app), request_(request) {}

  App& app() { return app_; }
  const Request& request() const { return request_; }
  service::Caller caller() const { return {request_.client_address, request_.user_agent}; }
  Time now() const { return app_.clock.now(); }
  std::string query(std::string_view name) const { return service::entered(request_.query, name); }
  const nlohmann::json& body() const { return body_; }
  /// The token of "Authorization: Bearer <token>"; empty when there is none.
  std::string token() const;

  /// Set by the router before the handler runs: what its route asks for.
  void set_body(nlohmann::json body) { body_ = std::move(body); }
  void set_visitor(model::Account visitor) { visitor_ = std::move(visitor); }
  void set_gateway(service::OwnedGateway gateway) { gateway_ = std::move(gateway); }
  void set_parts(service::Form parts) { parts_ = std::move(parts); }
  const model::Account& visitor() const { return *visitor_; }
  /// The gateway of the path, in its current ownership; the visitor may see it.
  const service::OwnedGateway& gateway() const { return *gateway_; }
  /// What the path carries in its part {name}.
  std::string part(std::string_view name) const { return service::entered(parts_, name); }

  Response json(const nlohmann::json& body, int status = 200) const;
  Response nothing() const;  ///< 204
  Response problem(ProblemType type, std::string detail = {}) const;
  Response invalid(service::FieldErrors errors) const;
  /// 429 with the time after which it is worth trying again (SEC-08).
  Response locked(Duration retry_after) const;
  Response busy() const;

 private:
  App& app_;
  const Request& request_;
  nlohmann::json body_ = nlohmann::json::object();
  std::optional<model::Account> visitor_;
  std::optional<service::OwnedGateway> gateway_;
  service::Form parts_;
};

/// null where a page shows 「-」.
template <class T>
nlohmann::json or_null(const std::optional<T>& value) {
  return value ? nlohmann::json(*value) : nlohmann::json(nullptr);
}
nlohmann::json time_or_null(const std::optional<Time>& t);

}  // namespace v2x::web
