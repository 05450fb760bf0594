// The stored words of the enumerators in backend/service/ports.
#include <algorithm>
#include <array>

#include "backend/service/ports/attempts.hpp"
#include "backend/service/ports/contacts.hpp"
#include "backend/service/ports/mail_requests.hpp"
#include "backend/service/ports/tokens.hpp"

namespace v2x::service {

std::string to_string(TokenPurpose purpose) {
  switch (purpose) {
    case TokenPurpose::customer_registration:
      return "customer_registration";
    case TokenPurpose::dealer_registration:
      return "dealer_registration";
    case TokenPurpose::contact_verification:
      return "contact_verification";
    case TokenPurpose::password_reset:
      return "password_reset";
    case TokenPurpose::mail_change:
      return "mail_change";
  }
  return {};
}

std::string to_string(ContactState state) {
  switch (state) {
    case ContactState::pending:
      return "pending";
    case ContactState::verified:
      return "verified";
    case ContactState::undeliverable:
      return "undeliverable";
  }
  return {};
}

namespace {
constexpr std::array kRequestWords{"registration", "resend", "reset", "dealer_id"};
}  // namespace

std::string to_string(RequestKind kind) {
  return kRequestWords.at(static_cast<size_t>(kind));
}

RequestKind request_kind(const std::string& word) {
  const auto found = std::find(kRequestWords.begin(), kRequestWords.end(), word);
  return static_cast<RequestKind>(found - kRequestWords.begin());
}

std::string to_string(AttemptKind kind) {
  constexpr std::array kWords{
      "login", "login_of_address", "login_of_account", "registration", "resend", "reset", "token_page",
      "claim", "gateway_password", "dealer_telephone", "api"};
  return kWords.at(static_cast<size_t>(kind));
}

}  // namespace v2x::service
