// Who is told about an alarm and about its end (ALARM-06, ALARM-07), as outbox rows and decision rows.
#pragma once

#include <vector>

#include "backend/service/alarm_service.hpp"
#include "backend/service/ports/audience.hpp"
#include "backend/service/ports/outbox.hpp"

namespace v2x::service {

struct OfflineSettings {
  Duration after = std::chrono::minutes(30);  // ALARM-10: offline.after_min
};

/// Stateless, as AlarmService.
class AlarmMails {
 public:
  AlarmMails(const AlarmService& alarms, OfflineSettings offline) : alarms_(alarms), offline_(offline) {}

  /// The hold is over: decides about everybody who might be told.
  void alarm_due(Transaction& transaction, const Episode& episode) const;
  /// The episode has closed: when it was the last of its cause, those who got the alarm mail hear of the recovery.
  void closed(Transaction& transaction, const Episode& episode) const;

 private:
  void tell(Transaction& transaction, const std::vector<Episode>& episodes) const;
  void tell_recovery(Transaction& transaction, const std::vector<Episode>& episodes, const DueMail& alarm_mail) const;
  OutboxMail draft(Transaction& transaction, const std::string& kind, const std::vector<Episode>& episodes,
                   const Audience& audience) const;

  const AlarmService& alarms_;
  OfflineSettings offline_;
};

}  // namespace v2x::service
