// The app: speaks to the JSON API as a person, with the token that it was given.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "common/result.hpp"

namespace v2x::actors {

struct ApiAnswer {
  int status = 0;
  nlohmann::json body;  ///< null when there was none
};

/// One person's app, at 127.0.0.1:`port`. Belongs to the scenario's thread. Error "http": no answer; "page": an answer
/// that is no JSON.
class ApiClient {
 public:
  /// `address` goes out as X-Forwarded-For.
  ApiClient(int port, std::string address) : port_(port), address_(std::move(address)) {}

  /// Keeps the token of an answer that brings one, and forgets it when it is told to.
  Result<ApiAnswer> call(const std::string& method, const std::string& path, const nlohmann::json& body);
  bool has_token() const { return !token_.empty(); }

 private:
  int port_;
  std::string address_;
  std::string token_;
};

}  // namespace v2x::actors
