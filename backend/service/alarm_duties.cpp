#include "backend/service/alarm_duties.hpp"

#include <algorithm>

#include "backend/service/ports/inventory.hpp"
#include "common/failpoint.hpp"

namespace v2x::service {
namespace {

const failpoint::Point kBeforeCommit{"alarms.before_commit"};
const failpoint::Point kAfterCommit{"alarms.after_commit"};

}  // namespace

std::optional<Time> AlarmMailDuty::next_due() {
  return registry_.read([](Transaction& transaction) { return transaction.alarms().next_mail_due(); });
}

void AlarmMailDuty::run(Time now) {
  registry_.transact([&](Transaction& transaction) {
    // Asked again after each: one mail may have decided about several episodes.
    for (auto due = transaction.alarms().mail_due(now); !due.empty(); due = transaction.alarms().mail_due(now))
      mails_.alarm_due(transaction, due.front());
    if (kBeforeCommit.pass()) throw StoreError("alarms.before_commit");
  });
  kAfterCommit.pass();
}

std::optional<Time> AlarmClosingDuty::next_due() {
  return registry_.read([](Transaction& transaction) { return transaction.alarms().next_closing(); });
}

void AlarmClosingDuty::run(Time now) {
  registry_.transact([&](Transaction& transaction) {
    for (const auto& episode : transaction.alarms().closing_due(now)) {
      alarms_.close(transaction, episode);
      mails_.closed(transaction, episode);
    }
    if (kBeforeCommit.pass()) throw StoreError("alarms.before_commit");
  });
  kAfterCommit.pass();
}

std::optional<Time> OfflineDuty::next_due() {
  const auto oldest =
      registry_.read([](Transaction& transaction) { return transaction.inventory().oldest_last_seen(); });
  if (!oldest) return std::nullopt;
  return std::max(*oldest, up_since()) + settings_.after;
}

void OfflineDuty::run(Time now) {
  if (now < up_since() + settings_.after) return;
  registry_.transact([&](Transaction& transaction) {
    for (const auto& gateway_id : transaction.inventory().silent_since(now - settings_.after))
      alarms_.raise(transaction, {gateway_id, 0, kOfflineCode, "", now});
  });
}

}  // namespace v2x::service
