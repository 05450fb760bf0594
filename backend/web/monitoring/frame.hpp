// What all monitoring pages of one gateway share: which one it is, the choice of another, the menu.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "backend/service/ports/gateways.hpp"
#include "backend/web/exchange.hpp"

namespace v2x::web {

/// A page of the gateway that the URL names, else of the one seen last, else of the first (MON-06). `show` gets data
/// with choice and menu in it. Without any gateway the page says so; one that isn't the visitor's is a 404.
using GatewayPage = Response (*)(Exchange& exchange, const service::OwnedGateway& gateway, Data data);
Response with_gateway(Exchange& exchange, GatewayPage show);

/// Choice and menu for a page that names its gateway in another way.
Data frame_of(Exchange& exchange, const service::OwnedGateway& gateway);

/// The same gateway for what is no page (JSON, files, forms): nullopt when the visitor has none or not this one.
std::optional<service::OwnedGateway> shown_gateway(Exchange& exchange);

/// How a page keeps what it shows up to date without keeping the session alive (MON-07).
struct Renewal {
  int reload_s = 0;               ///< without script it is loaded again after so many seconds
  std::optional<int> in_place_s;  ///< with script its parts are renewed so often; nullopt: it has a script of its own
};
/// `address` is the page's own, with a query.
void set_renewal(Data& data, const std::string& address, const Renewal& renewal);

/// "/ctrl/home?gw=…".
std::string of_gateway(std::string_view path, const service::OwnedGateway& gateway);

}  // namespace v2x::web
