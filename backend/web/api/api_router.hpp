// The table of the app's API, /api/v1, and the way of every request through it: token, rights, keys, limit.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "backend/web/api/api_exchange.hpp"
#include "backend/web/rights_matrix.hpp"

namespace v2x::web {

/// A member of a request's body.
struct ApiMember {
  enum class Type { text, whole_number, object };
  std::string_view name;
  Type type;
  bool required = true;
};

struct ApiRoute {
  std::string_view method;
  std::string_view path;  ///< {gw} and {id} stand for one part each
  Right right;            ///< its row of the rights matrix; Right::viewer: of the gateway in the path, or of a list
  Response (*answer)(ApiExchange&);
  std::vector<std::string_view> query{};
  std::vector<ApiMember> body{};
};

/// Every route of the API.
const std::vector<ApiRoute>& all_api_routes();

// The parts of the table, one per file.
std::vector<ApiRoute> session_api_routes();
std::vector<ApiRoute> site_api_routes();
std::vector<ApiRoute> history_api_routes();
std::vector<ApiRoute> settings_api_routes();

inline bool is_api_path(std::string_view path) {
  return path.starts_with("/api/");
}

/// Stateless beside the App; thread-safe.
class ApiRouter {
 public:
  explicit ApiRouter(App& app) : app_(app) {}
  Response answer(const Request& request);
  /// An answer to what could not even be parsed.
  Response refuse(int status, const std::string& path) const;

 private:
  Response dispatch(const Request& request);
  Response enter(const ApiRoute& route, ApiExchange& exchange);
  /// What is wrong with token, limit or gateway; nullopt when nothing is.
  std::optional<Response> admit(ApiExchange& exchange);

  App& app_;
};

}  // namespace v2x::web
