// The stored words of the enumerators in backend/service/ports.
#include "backend/service/ports/contacts.hpp"
#include "backend/service/ports/tokens.hpp"

namespace v2x::service {

std::string to_string(TokenPurpose purpose) {
  switch (purpose) {
    case TokenPurpose::customer_registration: return "customer_registration";
    case TokenPurpose::dealer_registration: return "dealer_registration";
    case TokenPurpose::contact_verification: return "contact_verification";
  }
  return {};
}

std::string to_string(ContactState state) {
  switch (state) {
    case ContactState::pending: return "pending";
    case ContactState::verified: return "verified";
    case ContactState::undeliverable: return "undeliverable";
  }
  return {};
}

}  // namespace v2x::service
