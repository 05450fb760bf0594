// Registration of customers and dealers: form, provisional account, URL by mail, full registration (REG-20 … REG-30).
#pragma once

#include <optional>
#include <string>

#include "backend/model/account.hpp"
#include "backend/service/access.hpp"
#include "backend/service/fields.hpp"
#include "backend/service/mail_links.hpp"
#include "backend/service/ports/drafts.hpp"
#include "backend/service/ports/registrations.hpp"
#include "backend/service/ports/tokens.hpp"
#include "backend/service/terms.hpp"

namespace v2x::service {

/// What a full registration gave, or the errors beside the fields.
struct FullRegistration {
  FieldErrors errors;
  std::string session_token;  ///< of the new web session; empty when it was done by an earlier press
  std::string login_id;
};

/// One object for each kind of account. Thread-safe. A draft that is missing is the error "no_draft", a full password
/// pool "busy".
class Registration {
 public:
  Registration(model::AccountKind kind, Registry& registry, Passwords& passwords, Access& access, const Terms& terms,
               const Settings& settings);

  const std::vector<FieldGroup>& fields() const;

  /// 「次に進む」 of R02: judges everything and keeps it in the draft "regist", without the gateway's password.
  /// Errors: busy, locked.
  Result<FieldErrors> enter(const std::string& session_token, const Form& posted, const Caller& caller);
  std::optional<Draft> draft(const std::string& session_token);
  /// 「登録」 of R03: asks for the provisional account and its mail (REG-21), which MailRequestDuty makes. Error
  /// "taken": the gateway got an owner meanwhile.
  Status submit(const std::string& session_token);

  UrlState url_state(const std::string& url_token);
  /// 「同意する」 of R05: opens the draft "mainRegist". The error's code is a dead URL's state.
  Status agree(const std::string& session_token, const std::string& url_token);
  /// True while R06 may be shown.
  bool has_agreed(const std::string& session_token);
  /// 「登録」 of R06 (REG-25). Errors: no_draft, expired, used, unknown, locked, busy.
  Result<FullRegistration> complete(const std::string& session_token, const Form& posted, const Caller& caller);
  /// The login_id that complete() gave in this browser, for D07.
  std::optional<std::string> completed_login_id(const std::string& session_token);

  /// R07: a new URL for an expired one. Leaves the draft "regist" done, so that R04 shows the new date.
  Status resend(const std::string& session_token, const std::string& url_token);
  /// R08: the same by address; says nothing about whether there was anything to send.
  void resend_to(const std::string& mail);

 private:
  DraftKey key(const std::string& session_token, const char* wizard) const;
  TokenPurpose purpose() const;
  Result<FieldErrors> judge(Transaction& tx, const LinkToken& token, const Form& form) const;
  FullRegistration activate(Transaction& tx, const PendingRegistration& registration, const Caller& caller,
                            const std::string& password_hash);

  const model::AccountKind kind_;
  Registry& registry_;
  Passwords& passwords_;
  Access& access_;
  const Terms& terms_;
  const Settings& settings_;
};

}  // namespace v2x::service
