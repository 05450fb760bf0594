// The app as plain as can be: JSON requests with a token.
#pragma once

#include <httplib.h>

#include <map>
#include <nlohmann/json.hpp>
#include <string>

namespace v2x::test {

struct AppAnswer {
  int status = 0;
  std::string content_type;
  nlohmann::json body;  ///< null when there was none
  std::map<std::string, std::string> headers;
};

class AppClient {
 public:
  explicit AppClient(int port) : client_("127.0.0.1", port) {
    constexpr time_t kPatienceS = 120;  // a machine under load is slow, not wrong
    client_.set_read_timeout(kPatienceS);
  }

  AppAnswer get(const std::string& path) { return send("GET", path, ""); }
  AppAnswer post(const std::string& path, const nlohmann::json& body) { return send("POST", path, body.dump()); }
  AppAnswer send(const std::string& method, const std::string& path, const std::string& body) {
    httplib::Request request;
    request.method = method;
    request.path = "/api/v1" + path;
    if (!token.empty()) request.headers.emplace("Authorization", "Bearer " + token);
    if (!forwarded_for.empty()) request.headers.emplace("X-Forwarded-For", forwarded_for);
    if (!body.empty()) request.headers.emplace("Content-Type", "application/json");
    request.body = body;
    const auto result = client_.send(request);
    AppAnswer answer;
    if (!result) return answer;
    answer.status = result->status;
    answer.content_type = result->get_header_value("Content-Type");
    for (const auto& [name, value] : result->headers) answer.headers[name] = value;
    if (!result->body.empty()) answer.body = nlohmann::json::parse(result->body);
    return answer;
  }
  /// Keeps the token.
  AppAnswer log_in(const std::string& user_id, const std::string& password) {
    AppAnswer answer = post("/login", {{"user_id", user_id}, {"password", password}, {"device", "Pixel 8"}});
    if (answer.status == 200) token = answer.body["token"].get<std::string>();
    return answer;
  }

  std::string token;
  std::string forwarded_for;

 private:
  httplib::Client client_;
};

}  // namespace v2x::test
