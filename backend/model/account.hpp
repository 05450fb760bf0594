// Accounts: customers and dealers as they are registered.
#pragma once

#include <cstdint>
#include <string>

namespace v2x::model {

enum class AccountKind { customer, dealer };
std::string to_string(AccountKind kind);
AccountKind account_kind(const std::string& word);
/// Whose ユーザID this is: one of digits alone is a dealer's (DEAL-03).
AccountKind kind_of_login(const std::string& login_id);

struct PostalAddress {
  std::string zip;   ///< "600-8530"
  std::string pref;  ///< JIS X 0401, "01" … "47"
  std::string city;
  std::string addr;
};

struct Person {
  std::string sei, mei;
  std::string sei_kana, mei_kana;
  std::string mail;
  PostalAddress address;
  std::string tel;  ///< as it was entered, parts joined by "-"
  std::string corp_name, dept_name;
  /// 「御室 花子」
  std::string full_name() const { return sei + " " + mei; }
};

/// An active account.
struct Account {
  std::int64_t id = 0;
  AccountKind kind = AccountKind::customer;
  std::string login_id;       ///< mail address of a customer, 販売店ID of a dealer
  std::string password_hash;  ///< argon2id
  std::string dealer_name;    ///< dealers only
  Person person;
  bool notify_fault = false;    ///< R65, customers only
  bool notify_offline = false;  ///< R65, customers only
  /// The 販売店ID as a number; dealers only.
  int dealer_id() const;
};

/// 設置先: where a gateway stands.
struct Site {
  std::string name;
  PostalAddress address;
};

}  // namespace v2x::model
