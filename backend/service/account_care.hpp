// The rest of what people do with their accounts: log-in history, news by mail, agreeing to new terms, closing.
#pragma once

#include <string>
#include <vector>

#include "backend/model/account.hpp"
#include "backend/service/access.hpp"
#include "backend/service/alarm_service.hpp"
#include "backend/service/fields.hpp"
#include "backend/service/ports/accounts.hpp"
#include "backend/service/registry.hpp"
#include "backend/service/settings.hpp"
#include "backend/service/terms.hpp"

namespace v2x::service {

/// Thread-safe. A full password pool is the error "busy".
class AccountCare {
 public:
  AccountCare(Registry& registry, Access& access, const AlarmService& alarms, const Terms& terms)
      : registry_(registry), access_(access), alarms_(alarms), terms_(terms) {}

  /// R64: newest first, from the `skip`-th on.
  std::vector<LoginRecord> logins(const model::Account& account, int most, int skip);
  /// R65.
  void set_news(const model::Account& account, const Form& posted, const Caller& caller);
  /// Whether the terms in effect are newer than those that it agreed to (REG-30).
  bool must_agree(const model::Account& account);
  /// 「同意する」 of /reg/terms.
  void agree(const model::Account& account, const Caller& caller);
  /// 「削除」 of R66: of D43: releases all gateways (GW-10) or ends all links (DEAL-07), then forgets who it was
  /// (AUTH-12).
  Result<FieldErrors> close(const model::Account& account, const Form& posted, const Caller& caller);

 private:
  Registry& registry_;
  Access& access_;
  const AlarmService& alarms_;
  const Terms& terms_;
};

}  // namespace v2x::service
