#include "backend/service/alarm_service.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "backend/service/ports/inventory.hpp"
#include "backend/service/ports/outbox.hpp"
#include "common/jst.hpp"
#include "common/planted.hpp"

namespace v2x::service {
namespace {

EpisodeKey key_of(Transaction& transaction, const FaultReport& report) {
  const auto owner = transaction.inventory().owner_at(report.gateway_id, report.at);
  EpisodeKey key{.gateway_id = report.gateway_id, .ownership_id = {}, .unit_no = report.unit_no, .code = report.code};
  if (owner) key.ownership_id = owner->id;
  return key;
}

bool planted_silence(const std::string& code) {
  return planted("no_fault_mail") && code == "E1-1";
}

}  // namespace

void alarm_happened(Transaction& transaction, const Episode& episode) {
  transaction.happened({"alarm",
                        {{"gateway", episode.gateway_id},
                         {"unit", std::int64_t{episode.unit_no}},
                         {"code", episode.code},
                         {"state", to_string(episode.state)}}});
}

void AlarmService::raise(Transaction& transaction, const FaultReport& report) const {
  const EpisodeKey key = key_of(transaction, report);
  const auto active = transaction.alarms().active(key);
  if (!active) return open(transaction, key, report);
  if (active->state != EpisodeState::clearing) return;
  if (report.at < *active->cleared_at + settings_.close_after) return reopen(transaction, *active);
  // Told late: by its own times the fault had stayed away, so this is another episode.
  Episode over = *active;
  over.closes_at = transaction.now();
  transaction.alarms().update(over);
  open(transaction, key, report);
}

void AlarmService::open(Transaction& transaction, const EpisodeKey& key, const FaultReport& report) const {
  Episode episode;
  static_cast<EpisodeKey&>(episode) = key;
  episode.detail = report.detail;
  episode.raised_at = report.at;
  episode.received_at = transaction.now();
  episode.cause = cause_of(transaction, key, report.at);
  if (mails(report.code) && !planted_silence(report.code)) {
    if (episode.received_at - report.at > settings_.late_after)
      transaction.outbox().note(alarm_kind(report.code), episode.cause, {}, MailDecision::late, format_time(report.at));
    else
      episode.mail_due_at = mail_due(transaction, episode);
  }
  episode.id = transaction.alarms().add(episode);
  alarm_happened(transaction, episode);
}

void AlarmService::reopen(Transaction& transaction, Episode episode) const {
  episode.state = EpisodeState::open;
  episode.cleared_at.reset();
  episode.closes_at.reset();
  ++episode.flaps;
  // A first raise that was cleared in time sent no mail: a fault that comes back has outlived its hold by then.
  const bool late = episode.received_at - episode.raised_at > settings_.late_after;
  if (mails(episode.code) && !planted_silence(episode.code) && !episode.told && !late)
    episode.mail_due_at = mail_due(transaction, episode);
  transaction.alarms().update(episode);
  alarm_happened(transaction, episode);
}

void AlarmService::clear(Transaction& transaction, const FaultReport& report) const {
  auto episode = transaction.alarms().active(key_of(transaction, report));
  if (!episode || episode->state != EpisodeState::open) return;
  episode->state = EpisodeState::clearing;
  episode->cleared_at = report.at;
  episode->closes_at = transaction.now() + settings_.close_after;
  transaction.alarms().update(*episode);
  alarm_happened(transaction, *episode);
}

void AlarmService::close(Transaction& transaction, Episode episode) const {
  episode.state = EpisodeState::closed;
  episode.closes_at.reset();
  transaction.alarms().update(episode);
  alarm_happened(transaction, episode);
}

void AlarmService::release(Transaction& transaction, std::int64_t ownership_id) const {
  for (auto& episode : transaction.alarms().active_of(ownership_id)) {
    episode.mail_due_at.reset();
    if (!episode.cleared_at) episode.cleared_at = transaction.now();
    transaction.outbox().note(alarm_kind(episode.code), episode.cause, {}, MailDecision::released, "");
    close(transaction, episode);
  }
}

std::string AlarmService::cause_of(Transaction& transaction, const EpisodeKey& key, Time at) const {
  const contracts::Fault* fault = faults_.find(key.code);
  if (fault == nullptr || fault->fault_class != contracts::FaultClass::grid)
    return fmt::format("{}/{}/{}/{}", key.gateway_id, key.unit_no, key.code, format_time(at));
  const auto shared =
      transaction.alarms().raised_between(key, at - settings_.shared_within, at + settings_.shared_within);
  return shared ? shared->cause : fmt::format("{}/{}/{}", key.gateway_id, key.code, format_time(at));
}

bool AlarmService::mails(const std::string& code) const {
  const contracts::Fault* fault = faults_.find(code);
  return fault == nullptr || fault->mail;
}

Duration AlarmService::hold_of(const std::string& code) const {
  const contracts::Fault* fault = faults_.find(code);
  return fault == nullptr ? settings_.unknown_code_hold : fault->hold;
}

// Not later than its hold from now: a gateway's clock may be ahead.
Time AlarmService::mail_due(Transaction& transaction, const Episode& episode) const {
  const Time now = transaction.now();
  return std::max(std::min(episode.raised_at, now) + hold_of(episode.code), now);
}

std::string AlarmService::title_of(const std::string& code) const {
  const contracts::Fault* fault = faults_.find(code);
  return fault == nullptr ? "" : fault->title_ja;
}

std::string AlarmService::alarm_kind(const std::string& code) {
  return code == kOfflineCode ? "M-32" : "M-30";
}
std::string AlarmService::recovery_kind(const std::string& code) {
  return code == kOfflineCode ? "M-33" : "M-31";
}

}  // namespace v2x::service
