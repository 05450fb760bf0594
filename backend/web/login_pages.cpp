// R10, D10, M01: logging in and out, the same on each site.
#include "backend/web/router.hpp"

namespace v2x::web {
namespace {

Response login_page(Exchange& exchange, bool refused) {
  Data data;
  data.set("loginid", exchange.field("loginid"));
  if (refused) data.set("refused", std::string(service::kLoginRefused));
  if (exchange.site().id == service::SiteId::reg) data.set("regist", "/reg/");
  if (exchange.site().id == service::SiteId::entry) data.set("regist", "/entry/account/regist");
  // From the monitoring site the way leads to the customers' site, where dealers find the way to theirs.
  const service::PublicBases& bases = exchange.app().settings.bases;
  const bool monitoring = exchange.site().id == service::SiteId::ctrl;
  data.set("forgot", monitoring ? bases.multi + "/reg/forgot" : exchange.path("/forgot"));
  data.set("dealer", Data(exchange.site().id == service::SiteId::entry));
  return exchange.page(data, refused ? 401 : 200);
}

Response show_login(Exchange& exchange) {
  // Who was sent here by a second press of a button that ended the session goes on in the new one.
  if (exchange.logged_in() && !exchange.query("next").empty())
    return exchange.to(safe_next(exchange.site(), exchange.query("next")));
  return login_page(exchange, false);
}

Response take_login(Exchange& exchange) {
  const service::Credentials credentials{exchange.field("loginid"), exchange.field("loginpassword")};
  const service::LogIn log_in =
      exchange.app().access.log_in(exchange.site().id, credentials, exchange.caller(), exchange.session());
  switch (log_in.state) {
    case service::LogInState::refused:
      return login_page(exchange, true);
    case service::LogInState::locked:
      return exchange.locked(log_in.retry_after);
    case service::LogInState::busy:
      return exchange.error(503);
    case service::LogInState::accepted:
      break;
  }
  exchange.begin_session(log_in.session_token);
  return exchange.to(safe_next(exchange.site(), exchange.query("next")));
}

Response take_logout(Exchange& exchange) {
  exchange.app().access.log_out(exchange.session());
  exchange.end_session();
  return exchange.to(std::string(exchange.site().login_path));
}

}  // namespace

std::vector<Route> login_routes() {
  return {
      {"GET", "/reg/login", "R10", Right::open, show_login},
      {"POST", "/reg/login", "R10", Right::open, take_login},
      {"POST", "/reg/logout", "R10", Right::open, take_logout},
      {"GET", "/entry/login", "D10", Right::open, show_login},
      {"POST", "/entry/login", "D10", Right::open, take_login},
      {"POST", "/entry/logout", "D10", Right::open, take_logout},
      {"GET", "/ctrl/login", "M01", Right::open, show_login},
      {"POST", "/ctrl/login", "M01", Right::open, take_login},
      {"POST", "/ctrl/logout", "M01", Right::open, take_logout},
  };
}

}  // namespace v2x::web
