// Editing who somebody is, with a mail address that changes only when its new owner confirms it (AUTH-06).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "backend/model/account.hpp"
#include "backend/service/access.hpp"
#include "backend/service/fields.hpp"
#include "backend/service/mail_links.hpp"
#include "backend/service/ports/drafts.hpp"
#include "backend/service/registry.hpp"

namespace v2x::service {

/// For accounts of either kind. Thread-safe. A draft that is missing is the error "no_draft", a full password pool
/// "busy".
class ProfileEditing {
 public:
  ProfileEditing(Registry& registry, Access& access, const Settings& settings)
      : registry_(registry), access_(access), settings_(settings) {}

  /// What R60 starts with: the draft, else what is registered.
  Form form(const model::Account& account, const std::string& session_token);
  /// 「次に進む」 of R60.
  Result<FieldErrors> enter(const model::Account& account, const std::string& session_token, const Form& posted,
                            const Caller& caller);
  std::optional<Draft> draft(const std::string& session_token);
  /// 「登録」 of R61. True when a mail with a URL was promised to a new address, whether or not one is sent.
  Result<bool> submit(const model::Account& account, const std::string& session_token, const Caller& caller);

  UrlState mail_change_state(const std::string& url_token);
  /// 「変更する」 of R62: gives the kind of the account. The error's code is a dead URL's state.
  Result<model::AccountKind> change_mail(const std::string& url_token, const Caller& caller);

 private:
  void propose_mail(Transaction& tx, const model::Account& account, const std::string& mail) const;
  UrlState change_state(Transaction& tx, const std::string& url_token) const;

  Registry& registry_;
  Access& access_;
  const Settings& settings_;
};

}  // namespace v2x::service
