#include "backend/service/retention_duty.hpp"

#include "backend/service/ports/accounts.hpp"
#include "backend/service/ports/audit.hpp"
#include "backend/service/ports/registrations.hpp"
#include "backend/service/ports/setting_requests.hpp"

namespace v2x::service {

std::optional<Time> RetentionDuty::next_due() {
  return registry_.read([&](Transaction& tx) {
    std::optional<Time> next;
    const auto consider = [&](std::optional<Time> oldest, Duration kept) {
      if (oldest && (!next || *oldest + kept < *next)) next = *oldest + kept;
    };
    consider(tx.registrations().oldest_expiry(), settings_.registrations_kept);
    consider(tx.accounts().oldest_login(), settings_.logins_kept);
    consider(tx.audit().oldest(), settings_.audit_kept);
    consider(tx.setting_requests().oldest(), settings_.setting_history_kept);
    return next;
  });
}

void RetentionDuty::run(Time now) {
  registry_.transact([&](Transaction& tx) {
    tx.registrations().forget_expired_by(now - settings_.registrations_kept);
    tx.accounts().forget_logins_until(now - settings_.logins_kept);
    tx.audit().forget_until(now - settings_.audit_kept);
    tx.setting_requests().forget_until(now - settings_.setting_history_kept);
  });
}

}  // namespace v2x::service
