// The timers of alarms: mails whose hold is over, episodes that stayed clear, gateways that fell silent.
#pragma once

#include <atomic>

#include "backend/service/alarm_mails.hpp"
#include "backend/service/duty.hpp"

namespace v2x::service {

class AlarmMailDuty final : public Duty {
 public:
  AlarmMailDuty(Registry& registry, const AlarmMails& mails) : registry_(registry), mails_(mails) {}
  std::optional<Time> next_due() override;
  void run(Time now) override;

 private:
  Registry& registry_;
  const AlarmMails& mails_;
};

class AlarmClosingDuty final : public Duty {
 public:
  AlarmClosingDuty(Registry& registry, const AlarmService& alarms, const AlarmMails& mails)
      : registry_(registry), alarms_(alarms), mails_(mails) {}
  std::optional<Time> next_due() override;
  void run(Time now) override;

 private:
  Registry& registry_;
  const AlarmService& alarms_;
  const AlarmMails& mails_;
};

/// Raises 通信断 (ALARM-10). It ends with the gateway's next report, in the ingest.
class OfflineDuty final : public Duty {
 public:
  OfflineDuty(Registry& registry, const AlarmService& alarms, OfflineSettings settings)
      : registry_(registry), alarms_(alarms), settings_(settings) {}

  /// From `t` on gateways could report: silence counts from then (ALARM-11). Thread-safe.
  void came_up(Time t) { up_since_us_ = t.time_since_epoch().count(); }
  std::optional<Time> next_due() override;
  void run(Time now) override;

 private:
  Time up_since() const { return Time(Duration(up_since_us_.load())); }

  Registry& registry_;
  const AlarmService& alarms_;
  OfflineSettings settings_;
  std::atomic<Duration::rep> up_since_us_{0};
};

}  // namespace v2x::service
