// API-02, API-03: the app's tokens, and the description of the API.
#include "backend/service/ports/sessions.hpp"
#include "backend/service/text_rules.hpp"
#include "backend/web/api/api_router.hpp"
#include "common/jst.hpp"

namespace v2x::web {
namespace {

using service::SiteId;

constexpr int kDeviceLength = 120;  // AUTH-04

service::Caller caller_of(const ApiExchange& exchange) {
  // The login history shows the device where it shows a browser's name.
  return {exchange.request().client_address, exchange.body()["device"].get<std::string>()};
}

Response log_in(ApiExchange& exchange) {
  App& app = exchange.app();
  const auto& body = exchange.body();
  if (service::character_count(body["device"].get<std::string>()) > kDeviceLength)
    return exchange.invalid({{"device", "deviceは120文字以内で入力してください。"}});
  const service::Credentials credentials{body["user_id"].get<std::string>(), body["password"].get<std::string>()};
  const service::LogIn log_in = app.access.log_in(SiteId::api, credentials, caller_of(exchange), "");
  switch (log_in.state) {
    case service::LogInState::refused:
      return exchange.problem(ProblemType::unauthorized, std::string(service::kLoginRefused));
    case service::LogInState::locked:
      return exchange.locked(log_in.retry_after);
    case service::LogInState::busy:
      return exchange.busy();
    case service::LogInState::accepted:
      break;
  }
  const auto visit = app.access.visit(SiteId::api, log_in.session_token, true);
  if (!visit) return exchange.problem(ProblemType::unauthorized);  // closed in this moment
  if (visit->terms_due) {
    app.access.log_out(log_in.session_token);
    return exchange.problem(ProblemType::terms_required);
  }
  const bool dealer = visit->account.kind == model::AccountKind::dealer;
  return exchange.json({{"token", log_in.session_token},
                        {"expires_at", format_time(visit->ends)},
                        {"name", dealer ? visit->account.dealer_name : visit->account.person.full_name()},
                        {"role", to_string(visit->account.kind)}});
}

Response log_out(ApiExchange& exchange) {
  exchange.app().access.log_out(exchange.token());
  return exchange.nothing();
}

Response show_description(ApiExchange& exchange) {
  Response response;
  response.content_type = "application/json";
  response.body = exchange.app().openapi;
  return response;
}

}  // namespace

std::vector<ApiRoute> session_api_routes() {
  using enum ApiMember::Type;
  return {
      {"POST", "/api/v1/login", Right::open, log_in, {}, {{"user_id", text}, {"password", text}, {"device", text}}},
      {"POST", "/api/v1/logout", Right::viewer, log_out},
      {"GET", "/api/v1/openapi.json", Right::open, show_description},
  };
}

}  // namespace v2x::web
