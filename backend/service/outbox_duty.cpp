#include "backend/service/outbox_duty.hpp"

#include <algorithm>
#include <array>

#include "backend/service/ports/audience.hpp"
#include "backend/service/ports/outbox.hpp"
#include "common/failpoint.hpp"

namespace v2x::service {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

constexpr int kBatch = 32;                    // mails looked up at once
constexpr Duration kGiveUpAfter = hours(24);  // MAIL-03
constexpr std::array<Duration, 6> kRetryAfter{minutes(1),  minutes(2),  minutes(5),
                                              minutes(15), minutes(30), minutes(60)};

const failpoint::Point kBeforeSmtp{"outbox.before_smtp"};
const failpoint::Point kAfterSmtp{"outbox.after_smtp"};

bool may_hear(Transaction& transaction, const DueMail& mail) {
  if (!mail.gateway_id) return true;
  const auto audience = transaction.audiences().of(*mail.gateway_id);
  return audience && std::any_of(audience->listeners.begin(), audience->listeners.end(),
                                 [&](const Listener& listener) { return listener.mail == mail.to; });
}

/// Why the mail must not leave any more; nullopt when it may.
std::optional<MailDecision> stopped(Transaction& transaction, const DueMail& mail, Time now) {
  if (mail.expires && now >= *mail.expires) return MailDecision::expired;
  if (mail.after_id && transaction.outbox().state(*mail.after_id) != to_string(MailDecision::sent))
    return transaction.outbox().state(*mail.after_id) == to_string(MailDecision::unlinked) ? MailDecision::unlinked
                                                                                           : MailDecision::failed;
  if (!may_hear(transaction, mail)) return MailDecision::unlinked;
  return std::nullopt;
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
    const auto mails = registry_.read([&](Transaction& transaction) { return transaction.outbox().due(now, kBatch); });
    for (const auto& mail : mails) {
      if (stopping_) return;
      deliver(mail, now);
    }
    if (mails.empty()) return;
  }
}

void OutboxDuty::deliver(const DueMail& mail, Time now) {
  const auto reason = registry_.read([&](Transaction& transaction) { return stopped(transaction, mail, now); });
  if (reason) {
    registry_.transact([&](Transaction& transaction) { finish(transaction, mail, *reason, ""); });
    return;
  }
  if (kBeforeSmtp.pass()) return note(mail, now, {Handover::temporary, "outbox.before_smtp"});
  const HandoverResult result = transport_.send(mail, now);
  if (kAfterSmtp.pass()) return note(mail, now, {Handover::temporary, "outbox.after_smtp"});
  note(mail, now, result);
}

void OutboxDuty::note(const DueMail& mail, Time now, const HandoverResult& result) {
  registry_.transact([&](Transaction& transaction) {
    if (result.handover == Handover::accepted) return finish(transaction, mail, MailDecision::sent, result.reply);
    const auto next = next_attempt(mail, mail.attempts + 1, now);
    if (result.handover == Handover::permanent || !next)
      return finish(transaction, mail, MailDecision::failed, result.reply);
    transaction.outbox().defer(mail, *next, result.reply);
    mail_happened(transaction, mail, MailDecision::deferred);
  });
}

}  // namespace v2x::service
