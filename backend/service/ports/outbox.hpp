// The outbox: mails as rows that are written in the transaction of their cause, and the trail of every decision.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "common/clock.hpp"

namespace v2x::service {

/// The words of a mail template: {"name": "御室 花子", "token": "…"}; service.md's catalogue names them per kind.
using MailFields = std::map<std::string, std::string>;

/// An address, and whose it is: one may be a customer's, a dealer's and a contact's.
struct Addressee {
  std::string mail{};
  std::string recipient{};  ///< "account 7", "contact 3"; empty: nobody's yet
};

/// A mail to be sent. Subject and body are made from the kind's template when it is enqueued.
struct OutboxMail {
  std::string kind;   ///< "M-01", "M-01d", …
  std::string cause;  ///< key of what caused it: one mail per (kind, cause, address without case)
  std::string to{};
  MailFields fields{};
  std::vector<MailFields> targets{};           ///< the repeated block of M-30 and M-31
  std::optional<Time> expires{};               ///< when its URL dies: it is not sent afterwards
  std::optional<std::string> gateway_id{};     ///< set: sent only while `to` still has a right to this gateway's news
  std::optional<std::int64_t> after_id{};      ///< sent only after this mail (a recovery after its alarm)
  std::string recipient{};                     ///< as in Addressee
  std::optional<std::int64_t> ownership_id{};  ///< with gateway_id: the period that the news belongs to
};

/// Words of the decision trail (MAIL-05).
enum class MailDecision {
  queued,
  held_cleared,
  unlinked,
  no_contact,
  unverified,
  opted_out,
  no_owner,
  released,
  late,
  duplicate,
  rate_limited,
  sent,
  deferred,
  failed,
  expired,
};
std::string to_string(MailDecision decision);
/// nullopt for what is no word of the trail.
std::optional<MailDecision> mail_decision(const std::string& word);

struct DecisionRow {
  std::int64_t id = 0;
  Time time{};
  std::string kind{};
  std::string cause{};
  std::string to{};  ///< empty when nobody was found
  std::string recipient{};
  std::string decision{};
  std::string message_id{};  ///< empty when nothing was enqueued
  std::string reply{};       ///< of the mail server, or the reason
};

/// A mail whose turn it is.
struct DueMail {
  std::int64_t id = 0;
  std::string kind;
  std::string cause;
  std::string to;
  std::string message_id;
  std::string subject;
  std::string body;
  Time created{};
  int attempts = 0;
  std::optional<Time> expires;
  std::optional<std::string> gateway_id;
  std::optional<std::int64_t> after_id;
  std::string recipient;
  std::optional<std::int64_t> ownership_id;
};

class Outbox {
 public:
  virtual ~Outbox() = default;

  /// Renders and queues the mail, and notes `queued`; an equal (kind, cause, address) is noted as `duplicate` and
  /// gives nullopt. The id otherwise.
  virtual std::optional<std::int64_t> enqueue(const OutboxMail& mail) = 0;
  /// A decision about somebody who gets no mail: unlinked, no_contact, held_cleared, rate_limited …
  virtual void note(const std::string& kind, const std::string& cause, const Addressee& to, MailDecision decision,
                    const std::string& reason) = 0;

  virtual std::optional<Time> next_due() = 0;
  /// The mails that are due at `now`, oldest first.
  virtual std::vector<DueMail> due(Time now, int limit) = 0;
  /// As due(); they are due again only at `until`, unless finish() or defer() says otherwise: other processes that
  /// share the outbox leave them alone, and whoever dies over one has not lost it.
  virtual std::vector<DueMail> lease(Time now, Time until, int limit) = 0;
  /// Ends the mail: sent, failed, expired, unlinked, released.
  virtual void finish(const DueMail& mail, MailDecision decision, const std::string& reply) = 0;
  /// Tries again at `next`.
  virtual void defer(const DueMail& mail, Time next, const std::string& reply) = 0;

  /// A mail that failed is due again, as if it had been queued now.
  virtual void retry(std::int64_t id) = 0;
  /// The state of a mail: queued, sent, failed, expired, unlinked …; empty when unknown.
  virtual std::string state(std::int64_t id) = 0;
  /// Mails of this kind and cause that were queued, sent or not, with the address each went to.
  virtual std::vector<DueMail> of_cause(const std::string& kind, const std::string& cause) = 0;
  /// How many mails of `kind` were queued for this address (without case) since `from`: for rate limits.
  virtual int count_since(const std::string& kind, const std::string& to, Time from) = 0;
  virtual std::vector<DecisionRow> decisions(std::int64_t after_id) = 0;
  /// Those about the mails of one kind and cause.
  virtual std::vector<DecisionRow> decisions_of(const std::string& kind, const std::string& cause) = 0;
  /// The mails of this kind to this address were this recipient's, who had no account yet.
  virtual void assign(const std::string& kind, const Addressee& to) = 0;
  /// Puts the recipient's name in the place of its addresses and empties the bodies of its mails; of those still to be
  /// sent, when they are done (AUTH-12).
  virtual void forget(const std::string& recipient) = 0;
};

}  // namespace v2x::service
