#include "backend/service/outbox_duty.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>

#include "backend/service/alarm_audience.hpp"
#include "backend/service/ports/contacts.hpp"
#include "backend/service/ports/outbox.hpp"
#include "common/failpoint.hpp"
#include "common/planted.hpp"

namespace v2x::service {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

constexpr int kBatch = 32;                    // mails looked up at once
constexpr int kUndeliverableAfter = 3;        // MAIL-04: failures in a row
constexpr Duration kGiveUpAfter = hours(24);  // MAIL-03
constexpr std::array<Duration, 6> kRetryAfter{minutes(1),  minutes(2),  minutes(5),
                                              minutes(15), minutes(30), minutes(60)};

const failpoint::Point kBeforeSmtp{"outbox.before_smtp"};
const failpoint::Point kAfterSmtp{"outbox.after_smtp"};
const failpoint::Point kBeforeCommit{"outbox.before_commit"};
const failpoint::Point kAfterCommit{"outbox.after_commit"};

/// Why the mail must not leave any more; nullopt when it may.
std::optional<MailDecision> stopped(Transaction& transaction, const DueMail& mail, Time now) {
  if (mail.expires && now >= *mail.expires) return MailDecision::expired;
  if (mail.after_id) {
    // Who never got the alarm mail hears of no recovery, for the same reason.
    const auto before = mail_decision(transaction.outbox().state(*mail.after_id)).value_or(MailDecision::failed);
    if (before != MailDecision::sent) return before;
  }
  if (!mail.gateway_id) return std::nullopt;
  return refusal(transaction, {mail.kind, *mail.gateway_id, mail.ownership_id, mail.to});
}

/// The planted mistake: a Message-ID of each attempt's own, so that a repeated mail is seen twice.
DueMail as_planted(DueMail mail) {
  static int attempts = 0;
  if (planted("id_of_attempt")) mail.message_id.insert(1, std::to_string(getpid()) + std::to_string(++attempts));
  return mail;
}

void mail_happened(Transaction& transaction, const DueMail& mail, MailDecision decision) {
  transaction.happened(
      {"mail",
       {{"to", mail.to}, {"kind", mail.kind}, {"message_id", mail.message_id}, {"decision", to_string(decision)}}});
}

void finish(Transaction& transaction, const DueMail& mail, MailDecision decision, const std::string& reply) {
  transaction.outbox().finish(mail, decision, reply);
  mail_happened(transaction, mail, decision);
}

/// MAIL-04 looks at what the server said for good about mails to contacts.
void count_for_contact(Transaction& transaction, const DueMail& mail, Handover handover) {
  if (handover != Handover::temporary && mail.recipient.starts_with("contact "))
    transaction.contacts().note_delivery(mail.to, handover == Handover::accepted, kUndeliverableAfter);
}

}  // namespace

std::optional<Time> next_attempt(const DueMail& mail, int attempts, Time now) {
  const size_t step = std::min<size_t>(static_cast<size_t>(attempts) - 1, kRetryAfter.size() - 1);
  const Time next = now + kRetryAfter[step];
  if (next > mail.created + kGiveUpAfter) return std::nullopt;
  return mail.expires ? std::min(next, *mail.expires) : next;
}

std::optional<Time> OutboxDuty::next_due() {
  return registry_.read([](Transaction& transaction) { return transaction.outbox().next_due(); });
}

void OutboxDuty::run(Time now) {
  for (;;) {
    const auto mails = take_due(now);
    for (const auto& mail : mails) {
      if (stopping_) return;
      deliver(mail, now);
    }
    if (mails.empty()) return;
  }
}

/// One at a time where others share them, so that a lease needs to last for one mail only.
std::vector<DueMail> OutboxDuty::take_due(Time now) {
  if (!lease_) return registry_.read([&](Transaction& transaction) { return transaction.outbox().due(now, kBatch); });
  return registry_.transact(
      [&](Transaction& transaction) { return transaction.outbox().lease(now, now + *lease_, 1); });
}

void OutboxDuty::deliver(const DueMail& mail, Time now) {
  const auto reason = registry_.read([&](Transaction& transaction) { return stopped(transaction, mail, now); });
  if (reason) {
    registry_.transact([&](Transaction& transaction) { finish(transaction, mail, *reason, ""); });
    return;
  }
  if (kBeforeSmtp.pass()) return note(mail, now, {Handover::temporary, "outbox.before_smtp"});
  if (planted("sent_before_smtp")) note(mail, now, {Handover::accepted, ""});
  const HandoverResult result = transport_.send(as_planted(mail), now);
  if (kAfterSmtp.pass()) return note(mail, now, {Handover::temporary, "outbox.after_smtp"});
  if (!planted("sent_before_smtp")) note(mail, now, result);
}

void OutboxDuty::note(const DueMail& mail, Time now, const HandoverResult& result) {
  registry_.transact([&](Transaction& transaction) {
    write_down(transaction, mail, now, result);
    if (kBeforeCommit.pass()) throw StoreError("outbox.before_commit");
  });
  kAfterCommit.pass();
}

void OutboxDuty::write_down(Transaction& transaction, const DueMail& mail, Time now, const HandoverResult& result) {
  count_for_contact(transaction, mail, result.handover);
  if (result.handover == Handover::accepted) return finish(transaction, mail, MailDecision::sent, result.reply);
  const auto next = next_attempt(mail, mail.attempts + 1, now);
  if (result.handover == Handover::permanent || !next)
    return finish(transaction, mail, MailDecision::failed, result.reply);
  transaction.outbox().defer(mail, *next, result.reply);
  mail_happened(transaction, mail, MailDecision::deferred);
}

}  // namespace v2x::service
