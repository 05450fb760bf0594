#include "harness/actors/api_client.hpp"

#include <fmt/format.h>
#include <httplib.h>

namespace v2x::actors {
namespace {

constexpr int kTimeoutSeconds = 60;
constexpr const char* kJson = "application/json";

}  // namespace

Result<ApiAnswer> ApiClient::call(const std::string& method, const std::string& path, const nlohmann::json& body) {
  httplib::Client client("127.0.0.1", port_);
  client.set_read_timeout(kTimeoutSeconds);
  client.set_tcp_nodelay(true);
  httplib::Request request;
  request.method = method;
  request.path = "/api/v1" + path;
  request.headers = {{"X-Forwarded-For", address_}, {"User-Agent", "v2x-harness"}};
  if (!token_.empty()) request.headers.emplace("Authorization", "Bearer " + token_);
  if (method == "POST") {
    request.headers.emplace("Content-Type", kJson);
    request.body = body.is_null() ? "{}" : body.dump();
  }
  const auto result = client.send(request);
  if (!result)
    return fail("http", fmt::format("{} {} got no answer: {}", method, path, httplib::to_string(result.error())));
  constexpr bool kThrow = false;
  ApiAnswer answer{result->status, nullptr};
  if (!result->body.empty()) {
    answer.body = nlohmann::json::parse(result->body, nullptr, kThrow);
    if (answer.body.is_discarded()) return fail("page", fmt::format("{} {} answered no JSON", method, path));
  }
  if (answer.status == 200 && answer.body.is_object() && answer.body.contains("token"))
    token_ = answer.body["token"].get<std::string>();
  return answer;
}

}  // namespace v2x::actors
