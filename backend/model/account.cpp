#include "backend/model/account.hpp"

#include <charconv>

namespace v2x::model {

std::string to_string(AccountKind kind) {
  return kind == AccountKind::customer ? "customer" : "dealer";
}

AccountKind account_kind(const std::string& word) {
  return word == "dealer" ? AccountKind::dealer : AccountKind::customer;
}

AccountKind kind_of_login(const std::string& login_id) {
  const bool digits = !login_id.empty() && login_id.find_first_not_of("0123456789") == std::string::npos;
  return digits ? AccountKind::dealer : AccountKind::customer;
}

int Account::dealer_id() const {
  int number = 0;
  std::from_chars(login_id.data(), login_id.data() + login_id.size(), number);
  return number;
}

}  // namespace v2x::model
