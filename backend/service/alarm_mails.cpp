#include "backend/service/alarm_mails.hpp"

#include <algorithm>
#include <string>

#include "backend/service/mail_texts.hpp"
#include "backend/service/ports/inventory.hpp"

namespace v2x::service {
namespace {

constexpr Duration kTellReceiptFrom = std::chrono::minutes(5);  // M-30: 受信日時 only from 5 min difference on

std::vector<Episode> open_ones(std::vector<Episode> episodes) {
  std::erase_if(episodes, [](const Episode& episode) { return episode.state != EpisodeState::open; });
  return episodes;
}

Time first_raise(const std::vector<Episode>& episodes) {
  return std::min_element(episodes.begin(), episodes.end(),
                          [](const Episode& a, const Episode& b) { return a.raised_at < b.raised_at; })
      ->raised_at;
}

Time last_clear(const std::vector<Episode>& episodes) {
  Time last{};
  for (const auto& episode : episodes) last = std::max(last, episode.cleared_at.value_or(Time{}));
  return last;
}

int most_flaps(const std::vector<Episode>& episodes) {
  int most = 0;
  for (const auto& episode : episodes) most = std::max(most, episode.flaps);
  return most;
}

// 対象 of a fault of the gateway itself is the gateway, as unit 0.
MailFields target_of(Transaction& transaction, const Episode& episode) {
  InventoryUnit unit;
  if (episode.unit_no == 0) {
    if (const auto device = transaction.inventory().find(episode.gateway_id)) {
      unit.model = device->report.model;
      unit.serial = device->report.serial;
    }
  } else if (const auto known = transaction.inventory().unit(episode.gateway_id, episode.unit_no)) {
    unit = *known;
  }
  return {{"unit", std::to_string(episode.unit_no)}, {"model", unit.model}, {"serial", unit.serial}};
}

/// Why this listener gets no mail about the code; nullopt when it does.
std::optional<MailDecision> refusal(const Listener& listener, const std::string& code) {
  if (!listener.verified) return MailDecision::unverified;
  const bool wants = code == kOfflineCode ? listener.wants_offline : listener.wants_faults;
  if (!wants) return MailDecision::opted_out;
  return std::nullopt;
}

bool still_listens(const std::optional<Audience>& audience, const std::string& mail, const std::string& code) {
  return audience && std::any_of(audience->listeners.begin(), audience->listeners.end(), [&](const Listener& listener) {
           return listener.mail == mail && !refusal(listener, code);
         });
}

}  // namespace

void AlarmMails::alarm_due(Transaction& transaction, const Episode& episode) const {
  Episode decided = episode;
  decided.mail_due_at.reset();
  if (episode.state != EpisodeState::open) {
    transaction.alarms().update(decided);
    transaction.outbox().note(AlarmService::alarm_kind(episode.code), episode.cause, "", MailDecision::held_cleared,
                              "unit " + std::to_string(episode.unit_no));
    return;
  }
  const std::vector<Episode> together = open_ones(transaction.alarms().of_cause(episode.cause));
  for (Episode one : together) {
    one.mail_due_at.reset();
    transaction.alarms().update(one);
  }
  tell(transaction, together);
}

void AlarmMails::tell(Transaction& transaction, const std::vector<Episode>& episodes) const {
  const Episode& first = episodes.front();
  const std::string kind = AlarmService::alarm_kind(first.code);
  const auto note = [&](const std::string& to, MailDecision decision) {
    transaction.outbox().note(kind, first.cause, to, decision, "");
  };
  const auto owner = transaction.inventory().owner(first.gateway_id);
  if (!first.ownership_id) return note("", MailDecision::no_owner);
  if (!owner || owner->id != *first.ownership_id) return note("", MailDecision::released);
  const auto audience = transaction.audiences().of(first.gateway_id);
  if (!audience) return note("", MailDecision::no_owner);
  if (audience->linked_dealers == 0) note("", MailDecision::unlinked);
  if (audience->linked_dealers > 0 && audience->listeners.size() == 1) note("", MailDecision::no_contact);

  OutboxMail mail = draft(transaction, kind, episodes, *audience);
  for (const auto& listener : audience->listeners) {
    if (const auto reason = refusal(listener, first.code)) {
      note(listener.mail, *reason);
      continue;
    }
    mail.to = listener.mail;
    mail.fields["dealer"] = listener.dealer_name;
    if (listener.dealer_name.empty()) mail.fields.erase("dealer");
    transaction.outbox().enqueue(mail);
  }
}

void AlarmMails::closed(Transaction& transaction, const Episode& episode) const {
  const std::vector<Episode> together = transaction.alarms().of_cause(episode.cause);
  const bool all_closed = std::all_of(together.begin(), together.end(),
                                      [](const Episode& one) { return one.state == EpisodeState::closed; });
  if (!all_closed) return;
  const auto told = transaction.outbox().of_cause(AlarmService::alarm_kind(episode.code), episode.cause);
  if (told.empty()) return;

  const std::string kind = AlarmService::recovery_kind(episode.code);
  const auto audience = transaction.audiences().of(episode.gateway_id);
  for (const auto& alarm_mail : told) {
    const std::string state = transaction.outbox().state(alarm_mail.id);
    if (state != to_string(MailDecision::sent) && state != to_string(MailDecision::queued)) continue;
    if (!still_listens(audience, alarm_mail.to, episode.code)) {
      transaction.outbox().note(kind, episode.cause, alarm_mail.to, MailDecision::unlinked, "");
      continue;
    }
    OutboxMail mail = draft(transaction, kind, together, *audience);
    mail.to = alarm_mail.to;
    mail.after_id = alarm_mail.id;
    for (const auto& listener : audience->listeners)
      if (listener.mail == mail.to && !listener.dealer_name.empty())
        mail.fields.insert({"dealer", listener.dealer_name});
    transaction.outbox().enqueue(mail);
  }
}

OutboxMail AlarmMails::draft(Transaction& transaction, const std::string& kind, const std::vector<Episode>& episodes,
                             const Audience& audience) const {
  const Episode& first = episodes.front();
  OutboxMail mail{.kind = kind, .cause = first.cause, .to = "", .gateway_id = first.gateway_id};
  mail.fields = {{"gw", first.gateway_id},
                 {"site", audience.site_name},
                 {"name", audience.owner_name},
                 {"code", first.code},
                 {"title", alarms_.title_of(first.code)},
                 {"raised", mail_time(first_raise(episodes))},
                 {"cleared", mail_time(last_clear(episodes))}};
  if (first.received_at - first.raised_at >= kTellReceiptFrom) mail.fields["received"] = mail_time(first.received_at);
  if (most_flaps(episodes) > 0) mail.fields["flaps"] = std::to_string(most_flaps(episodes));
  for (const auto& episode : episodes) mail.targets.push_back(target_of(transaction, episode));
  if (first.code == kOfflineCode) {
    const auto device = transaction.inventory().find(first.gateway_id);
    mail.fields["minutes"] = std::to_string(std::chrono::duration_cast<std::chrono::minutes>(offline_.after).count());
    mail.fields["last_seen"] = device && device->last_seen ? mail_time(*device->last_seen) : "";
  }
  return mail;
}

}  // namespace v2x::service
