#include "backend/web/api/api_exchange.hpp"

#include <chrono>

#include "common/jst.hpp"

namespace v2x::web {
namespace {

constexpr std::string_view kBearer = "Bearer ";
constexpr int kBusyRetryS = 5;  // SEC-01

void retry_after(Response& response, std::int64_t seconds) {
  response.headers.emplace_back("Retry-After", std::to_string(seconds));
}

}  // namespace

std::string ApiExchange::token() const {
  if (!request_.authorization.starts_with(kBearer)) return {};
  return request_.authorization.substr(kBearer.size());
}

Response ApiExchange::json(const nlohmann::json& body, int status) const {
  Response response;
  response.status = status;
  response.content_type = "application/json";
  response.body = body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  return response;
}

Response ApiExchange::nothing() const {
  Response response;
  response.status = 204;
  return response;
}

Response ApiExchange::problem(ProblemType type, std::string detail) const {
  return problem_response({type, std::move(detail), {}}, request_.path);
}

Response ApiExchange::invalid(service::FieldErrors errors) const {
  return problem_response({ProblemType::invalid, {}, std::move(errors)}, request_.path);
}

Response ApiExchange::locked(Duration wait) const {
  Response response = problem(ProblemType::locked);
  retry_after(response, std::chrono::ceil<std::chrono::seconds>(wait).count());
  return response;
}

Response ApiExchange::busy() const {
  Response response = problem(ProblemType::busy);
  retry_after(response, kBusyRetryS);
  return response;
}

nlohmann::json time_or_null(const std::optional<Time>& t) {
  return t ? nlohmann::json(format_time(*t)) : nlohmann::json(nullptr);
}

}  // namespace v2x::web
