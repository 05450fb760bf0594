#include "backend/service/alarm_mails.hpp"

#include <algorithm>
#include <string>

#include "backend/service/alarm_audience.hpp"
#include "backend/service/mail_texts.hpp"
#include "backend/service/ports/inventory.hpp"
#include "backend/service/text_rules.hpp"

namespace v2x::service {
namespace {

constexpr Duration kTellReceiptFrom = std::chrono::minutes(5);  // M-30: 受信日時 only from 5 min difference on

std::vector<Episode> open_ones(std::vector<Episode> episodes) {
  std::erase_if(episodes, [](const Episode& episode) { return episode.state != EpisodeState::open; });
  return episodes;
}

std::vector<Episode> told_ones(std::vector<Episode> episodes) {
  std::erase_if(episodes, [](const Episode& episode) { return !episode.told; });
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

/// 「{dealer} 御中」 or, to the owner, 「{name} 様」.
void address_to(OutboxMail& mail, const Listener& listener) {
  mail.to = listener.mail;
  mail.recipient = listener.recipient;
  if (listener.dealer_name.empty())
    mail.fields.erase("dealer");
  else
    mail.fields["dealer"] = listener.dealer_name;
}

}  // namespace

void AlarmMails::alarm_due(Transaction& transaction, const Episode& episode) const {
  Episode decided = episode;
  decided.mail_due_at.reset();
  if (episode.state != EpisodeState::open) {
    transaction.alarms().update(decided);
    transaction.outbox().note(AlarmService::alarm_kind(episode.code), episode.cause, {}, MailDecision::held_cleared,
                              "unit " + std::to_string(episode.unit_no));
    return;
  }
  const std::vector<Episode> together = open_ones(transaction.alarms().of_cause(episode.cause));
  for (Episode one : together) {
    one.mail_due_at.reset();
    one.told = true;
    transaction.alarms().update(one);
  }
  tell(transaction, together);
}

void AlarmMails::tell(Transaction& transaction, const std::vector<Episode>& episodes) const {
  const Episode& first = episodes.front();
  const std::string kind = AlarmService::alarm_kind(first.code);
  const auto note = [&](const Addressee& to, MailDecision decision) {
    transaction.outbox().note(kind, first.cause, to, decision, "");
  };
  if (!first.ownership_id) return note({}, MailDecision::no_owner);
  const auto audience = transaction.audiences().of(first.gateway_id);
  if (!audience || audience->ownership_id != *first.ownership_id) return note({}, MailDecision::released);
  if (audience->linked_dealers == 0) note({}, MailDecision::unlinked);

  OutboxMail mail = draft(transaction, kind, episodes, *audience);
  for (const auto& listener : audience->listeners) {
    if (const auto reason = refusal(listener, kind)) {
      note({listener.mail, listener.recipient}, *reason);
      continue;
    }
    address_to(mail, listener);
    transaction.outbox().enqueue(mail);
  }
}

void AlarmMails::closed(Transaction& transaction, const Episode& episode) const {
  const std::vector<Episode> together = transaction.alarms().of_cause(episode.cause);
  const bool all_closed = std::all_of(together.begin(), together.end(),
                                      [](const Episode& one) { return one.state == EpisodeState::closed; });
  if (!all_closed) return;
  for (const auto& alarm_mail : transaction.outbox().of_cause(AlarmService::alarm_kind(episode.code), episode.cause)) {
    const std::string state = transaction.outbox().state(alarm_mail.id);
    if (state == to_string(MailDecision::sent) || state == to_string(MailDecision::queued))
      tell_recovery(transaction, told_ones(together), alarm_mail);
  }
}

void AlarmMails::tell_recovery(Transaction& transaction, const std::vector<Episode>& episodes,
                               const DueMail& alarm_mail) const {
  const Episode& first = episodes.front();
  const std::string kind = AlarmService::recovery_kind(first.code);
  if (const auto reason = refusal(transaction, {kind, first.gateway_id, first.ownership_id, alarm_mail.to})) {
    transaction.outbox().note(kind, first.cause, {alarm_mail.to, alarm_mail.recipient}, *reason, "");
    return;
  }
  const auto audience = transaction.audiences().of(first.gateway_id);
  OutboxMail mail = draft(transaction, kind, episodes, *audience);
  mail.after_id = alarm_mail.id;
  for (const auto& listener : audience->listeners) {
    if (lower_ascii(listener.mail) != lower_ascii(alarm_mail.to) || refusal(listener, kind)) continue;
    address_to(mail, listener);
    transaction.outbox().enqueue(mail);
    return;
  }
}

OutboxMail AlarmMails::draft(Transaction& transaction, const std::string& kind, const std::vector<Episode>& episodes,
                             const Audience& audience) const {
  const Episode& first = episodes.front();
  OutboxMail mail{
      .kind = kind, .cause = first.cause, .gateway_id = first.gateway_id, .ownership_id = first.ownership_id};
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
