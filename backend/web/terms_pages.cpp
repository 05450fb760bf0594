// The terms of each site, to read, and to agree to when they have changed (REG-30).
#include "backend/web/router.hpp"
#include "backend/web/view.hpp"

namespace v2x::web {
namespace {

model::AccountKind reader(const Exchange& exchange) {
  if (exchange.logged_in()) return exchange.visitor().kind;
  return exchange.site().id == service::SiteId::entry ? model::AccountKind::dealer : model::AccountKind::customer;
}

Response show_terms(Exchange& exchange) {
  const auto terms = exchange.app().terms.current(reader(exchange), exchange.now());
  Data data;
  data.set("paragraphs", paragraphs_view(terms.paragraphs));
  if (exchange.logged_in() && exchange.app().account_care.must_agree(exchange.visitor())) {
    data.set("agree", Data(true));
    data.set("decline_act", exchange.path("/logout"));
  }
  return exchange.page(data);
}

Response take_terms(Exchange& exchange) {
  if (!exchange.logged_in()) return exchange.to(exchange.path("/login"));
  exchange.app().account_care.agree(exchange.visitor(), exchange.caller());
  return exchange.to(safe_next(exchange.site(), exchange.query("next")));
}

}  // namespace

std::vector<Route> terms_routes() {
  return {
      {"GET", "/reg/terms", "R05", Right::open, show_terms},   {"POST", "/reg/terms", "R05", Right::open, take_terms},
      {"GET", "/entry/terms", "D05", Right::open, show_terms}, {"POST", "/entry/terms", "D05", Right::open, take_terms},
      {"GET", "/ctrl/terms", "R05", Right::open, show_terms},  {"POST", "/ctrl/terms", "R05", Right::open, take_terms},
  };
}

}  // namespace v2x::web
