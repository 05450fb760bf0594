// The pages of a registration, the same for customers and dealers but for ids, paths and a few texts.
#pragma once

#include <string>
#include <string_view>

#include "backend/web/exchange.hpp"

namespace v2x::web {

struct RegistrationFlow {
  model::AccountKind kind;
  std::string_view prefix;      ///< "/reg"
  std::string_view lead;        ///< under the title of the form
  std::string_view after_full;  ///< where 「登録」 on the password page leads to
  std::string_view dead_page;   ///< page id of the answer to a dead URL

  std::string path(std::string_view page) const { return std::string(prefix) + "/account/" + std::string(page); }
  service::Registration& service(Exchange& exchange) const {
    return kind == model::AccountKind::customer ? exchange.app().customers : exchange.app().dealers;
  }
};

Response show_registration_form(Exchange& exchange, const RegistrationFlow& flow);
Response take_registration_form(Exchange& exchange, const RegistrationFlow& flow);
Response show_registration_confirm(Exchange& exchange, const RegistrationFlow& flow);
Response take_registration_confirm(Exchange& exchange, const RegistrationFlow& flow);
Response show_registration_complete(Exchange& exchange, const RegistrationFlow& flow);
Response show_terms(Exchange& exchange, const RegistrationFlow& flow);
Response take_terms(Exchange& exchange, const RegistrationFlow& flow);
Response show_password(Exchange& exchange, const RegistrationFlow& flow);
Response take_password(Exchange& exchange, const RegistrationFlow& flow);

}  // namespace v2x::web
