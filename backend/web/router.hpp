// The one table of all paths: who may do what where, and the way of every request through it.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "backend/web/exchange.hpp"

namespace v2x::web {

/// Who gets past the door of a page. What concerns one gateway is decided behind it, by the use cases.
enum class Right {
  open,      ///< DEAL-10, DEAL-21
  customer,  ///< DEAL-11 … DEAL-14: customers only, on the management site
  dealer,    ///< DEAL-20: dealers only, on the entry site
  viewer,    ///< DEAL-15: owner or linked dealer, on the monitoring site
};

struct Route {
  std::string_view method;
  std::string_view path;
  std::string_view page;  ///< id of pages.hpp
  Right right;
  Response (*answer)(Exchange&);
};

/// Every route of the product.
const std::vector<Route>& all_routes();

// The parts of the table, one per file of pages.
std::vector<Route> registration_routes();
std::vector<Route> claim_routes();
std::vector<Route> customer_routes();
std::vector<Route> link_routes();
std::vector<Route> dealer_registration_routes();
std::vector<Route> dealer_routes();
std::vector<Route> contact_routes();
std::vector<Route> login_routes();
std::vector<Route> monitoring_routes();
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
  Response enter(const Route& route, Exchange& exchange);

  App& app_;
  std::map<std::string_view, std::vector<const Route*>> by_path_;
};

}  // namespace v2x::web
