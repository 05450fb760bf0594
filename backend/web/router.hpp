// The one table of all paths, each with its row of the rights matrix, and the way of every request through it.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "backend/web/exchange.hpp"
#include "backend/web/rights_matrix.hpp"

namespace v2x::web {

struct Route {
  std::string_view method;
  std::string_view path;  ///< a segment {name} takes any value: Exchange::part()
  std::string_view page;  ///< id of pages.hpp
  Right right;            ///< its row of the rights matrix
  Response (*answer)(Exchange&);
  std::optional<service::AttemptKind> limit{};  ///< how often one address may come here (SEC-09)
  bool in_background = false;  ///< asked by scripts of a page: 401 in JSON, and it doesn't keep the session alive
};

/// Every route of the product.
const std::vector<Route>& all_routes();

// The parts of the table, one per file of pages.
std::vector<Route> registration_routes();
std::vector<Route> claim_routes();
std::vector<Route> customer_routes();
std::vector<Route> gateway_routes();
std::vector<Route> settings_routes();
std::vector<Route> account_routes();
std::vector<Route> recovery_routes();
std::vector<Route> terms_routes();
std::vector<Route> link_routes();
std::vector<Route> unlink_routes();
std::vector<Route> dealer_registration_routes();
std::vector<Route> dealer_routes();
std::vector<Route> maintenance_routes();
std::vector<Route> closing_routes();
std::vector<Route> contact_routes();
std::vector<Route> login_routes();
std::vector<Route> monitoring_routes();
std::vector<Route> graph_routes();
std::vector<Route> economy_routes();
std::vector<Route> history_routes();
std::vector<Route> csv_routes();
std::vector<Route> device_settings_routes();
std::vector<Route> ai_routes();
std::vector<Route> common_routes();

/// Stateless beside the App; thread-safe.
class Router {
 public:
  explicit Router(App& app);
  Response answer(const Request& request);
  /// An answer without a page of its own: what could not even be parsed.
  Response refuse(int status);

 private:
  Response dispatch(const Request& request);
  /// The routes of a path, one per method, and what the path carries.
  struct Found {
    const std::vector<const Route*>* routes = nullptr;
    service::Form parts;
  };
  Found find(const std::string& path) const;
  Response enter(const Route& route, Exchange& exchange);
  /// How long this address must wait before it may come here again; nullopt: not at all.
  std::optional<Duration> over_limit(const Route& route, const std::string& address);

  App& app_;
  std::map<std::string_view, std::vector<const Route*>> by_path_;
  std::map<std::string_view, std::vector<const Route*>> by_pattern_;  ///< paths with {parts}
};

}  // namespace v2x::web
