// Passwords and IDs of accounts that exist: changed by who knows them, set anew or found by who doesn't (AUTH-05,
// AUTH-10, AUTH-11).
#pragma once

#include <optional>
#include <string>

#include "backend/model/account.hpp"
#include "backend/service/access.hpp"
#include "backend/service/fields.hpp"
#include "backend/service/mail_links.hpp"

namespace v2x::service {

inline constexpr std::string_view kNotConfirmed = "入力内容を確認できませんでした。";  // AUTH-11

/// M-04: a URL for a new password, which kills the earlier one (AUTH-10). `asked`: from when its day counts.
void mail_reset_url(Transaction& tx, const Settings& settings, const model::Account& account, Time asked);

/// M-09: the user ID of an account whose holder forgot it.
void mail_login_id(Transaction& tx, const model::Account& account);

/// Errors beside the fields, or the token of the new web session.
struct PasswordChange {
  FieldErrors errors;
  std::string session_token;
};

/// Thread-safe. A full password pool is the error "busy", too many wrong entries "locked".
class PasswordCare {
 public:
  PasswordCare(Registry& registry, Passwords& passwords, Access& access, const Settings& settings)
      : registry_(registry), passwords_(passwords), access_(access), settings_(settings) {}

  /// R63, D41: ends all other sessions and tells the account's address.
  Result<PasswordChange> change(const model::Account& account, SiteId site, const Form& posted, const Caller& caller);

  /// R11, D11: mails a URL to the account that has this ID; says nothing about whether there is one.
  void ask_reset(const std::string& login_id);
  UrlState reset_state(const std::string& url_token);
  /// 「登録」 of R12, D12. Errors: a dead URL's state, locked, busy.
  Result<FieldErrors> reset(const std::string& url_token, const Form& posted, const Caller& caller);

  /// R11: who holds the sheet and knows the owner's telephone number sees the masked address, and gets it by mail.
  Result<FieldErrors> find_id(const std::string& session_token, const Form& posted, const Caller& caller);
  /// 「h***@e***.net」, once find_id() has found it in this browser.
  std::optional<std::string> found_id(const std::string& session_token);
  /// D11: mails the 販売店ID to an address whose telephone number is right; says nothing about whether it was.
  FieldErrors mail_dealer_id(const Form& posted);

 private:
  void set_password(Transaction& tx, const model::Account& account, const std::string& hash, const Caller& caller);
  FieldErrors refuse_id(Transaction& tx, const Form& form, bool pair_was_right, const Caller& caller) const;
  Result<FieldErrors> judge(Transaction& tx, const LinkToken& token, const Form& form);

  Registry& registry_;
  Passwords& passwords_;
  Access& access_;
  const Settings& settings_;
};

/// 「h***@e***.net」 of 「hanako@example.net」.
std::string masked_mail(const std::string& mail);

}  // namespace v2x::service
