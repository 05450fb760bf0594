// 保守担当者 of a dealer: registered, verified by mail, told about faults (DEAL-04).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "backend/model/account.hpp"
#include "backend/service/form.hpp"
#include "backend/service/ports/contacts.hpp"
#include "backend/service/registration.hpp"
#include "backend/service/registry.hpp"
#include "backend/service/settings.hpp"

namespace v2x::service {

inline constexpr std::string_view kNoVerifiedContact = "異常発生時のメールを受け取る保守担当者が登録されていません。";
inline constexpr std::string_view kLastContact = "保守担当者は1件以上必要です。";
inline constexpr std::string_view kTooManyContacts = "保守担当者は10件まで登録できます。";
inline constexpr std::string_view kKnownContact = "このメールアドレスはすでに登録されています。";

/// Thread-safe. A contact that isn't the dealer's is the error "not_found".
class MaintenanceContacts {
 public:
  MaintenanceContacts(Registry& registry, const Settings& settings) : registry_(registry), settings_(settings) {}

  std::vector<Contact> list(const model::Account& dealer);
  std::optional<Contact> find(const model::Account& dealer, std::int64_t id);

  /// 「追加」: a new contact and M-23 to it.
  Result<FieldErrors> add(const model::Account& dealer, const Form& posted, const Caller& caller);
  /// 「編集」: a changed address must be confirmed again.
  Result<FieldErrors> edit(const model::Account& dealer, std::int64_t id, const Form& posted, const Caller& caller);
  /// 「削除」. Errors: not_found, last.
  Status remove(const model::Account& dealer, std::int64_t id, const Caller& caller);
  /// 「確認メールを再送」. Error: not_found.
  Status ask_again(const model::Account& dealer, std::int64_t id);

  UrlState url_state(const std::string& url_token);
  /// 「確認する」 of D32; once. The error's code is the dead URL's state.
  Status verify(const std::string& url_token);

 private:
  void mail_url(Transaction& tx, const model::Account& dealer, Contact contact) const;
  UrlState state_of(Transaction& tx, const std::string& url_token) const;

  Registry& registry_;
  const Settings& settings_;
};

}  // namespace v2x::service
