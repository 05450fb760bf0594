// The life of an alarm: raised, clearing, closed (ALARM-01 … ALARM-08).
#pragma once

#include <cstdint>
#include <string>

#include "backend/service/ports/alarms.hpp"
#include "backend/service/registry.hpp"
#include "contracts/fault_catalogue.hpp"

namespace v2x::service {

/// Code of 通信断: found by the backend itself (ALARM-10).
inline constexpr auto kOfflineCode = "COM";

/// A fault that a gateway reports, or the backend about the gateway (unit 0).
struct FaultReport {
  std::string gateway_id;
  int unit_no = 0;
  std::string code;
  std::string detail;
  Time at{};  ///< when it happened; the transaction's time is when we heard of it
};

struct AlarmSettings {
  Duration unknown_code_hold = std::chrono::seconds(60);  // ALARM-01
  Duration close_after = std::chrono::seconds(300);       // ALARM-04
  Duration shared_within = std::chrono::seconds(60);      // ALARM-07
  Duration late_after = std::chrono::hours(24);           // ALARM-05
};

/// Stateless: every act works inside of the caller's transaction.
class AlarmService {
 public:
  explicit AlarmService(const contracts::FaultCatalogue& faults, AlarmSettings settings = {})
      : faults_(faults), settings_(settings) {}

  void raise(Transaction& transaction, const FaultReport& report) const;
  void clear(Transaction& transaction, const FaultReport& report) const;
  /// Ends everything of a released ownership without recovery mails (GW-10).
  void release(Transaction& transaction, std::int64_t ownership_id) const;
  /// `clearing` is over: the fault stayed away.
  void close(Transaction& transaction, Episode episode) const;

  std::string title_of(const std::string& code) const;
  /// Which mail tells of the alarm, which of the recovery: M-30, M-31, or M-32, M-33 for 通信断.
  static std::string alarm_kind(const std::string& code);
  static std::string recovery_kind(const std::string& code);

 private:
  void reopen(Transaction& transaction, Episode episode) const;
  void open(Transaction& transaction, const EpisodeKey& key, const FaultReport& report) const;
  std::string cause_of(Transaction& transaction, const EpisodeKey& key, Time at) const;
  bool mails(const std::string& code) const;
  Duration hold_of(const std::string& code) const;
  Time mail_due(Transaction& transaction, const Episode& episode) const;

  const contracts::FaultCatalogue& faults_;
  AlarmSettings settings_;
};

/// Tells the observers: {what: "alarm", gateway, unit, code, state}.
void alarm_happened(Transaction& transaction, const Episode& episode);

}  // namespace v2x::service
