#include "backend/store/sql_outbox.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "backend/store/sql.hpp"

namespace v2x::store {
namespace {

using service::DecisionRow;
using service::DueMail;
using service::MailDecision;
using service::OutboxMail;

// An address is one address whatever its case (ALARM-07); addresses are ASCII (REG-03).
std::string address_key(std::string address) {
  std::transform(address.begin(), address.end(), address.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return address;
}

std::string message_id(long long id, const std::string& kind) {
  return fmt::format("<{}.{}@kp-net.com>", id, kind);
}

constexpr auto kMailColumns =
    "SELECT id, kind, cause, address, subject, body, created, attempts, expires, gateway_id, after_id, recipient, "
    "ownership_id FROM outbox ";

DueMail mail_of(const soci::row& row) {
  DueMail mail;
  mail.id = key_at(row, 0);
  mail.kind = row.get<std::string>(1);
  mail.cause = row.get<std::string>(2);
  mail.to = row.get<std::string>(3);
  mail.message_id = message_id(mail.id, mail.kind);
  mail.subject = row.get<std::string>(4);
  mail.body = row.get<std::string>(5);
  mail.created = row.get<Time>(6);
  mail.attempts = row.get<int>(7);
  mail.expires = row.get<std::optional<Time>>(8);
  mail.gateway_id = row.get<std::optional<std::string>>(9);
  if (const auto after = row.get<std::optional<long long>>(10)) mail.after_id = *after;
  mail.recipient = row.get<std::string>(11);
  if (const auto ownership = row.get<std::optional<long long>>(12)) mail.ownership_id = *ownership;
  return mail;
}

constexpr auto kDecisions =
    "SELECT id, time, outbox_id, kind, cause, address, decision, reply, recipient FROM mail_decisions ";

std::vector<DecisionRow> decisions_in(const soci::rowset<soci::row>& rows) {
  std::vector<DecisionRow> decisions;
  for (const auto& row : rows) {
    DecisionRow decision;
    decision.id = key_at(row, 0);
    decision.time = row.get<Time>(1);
    decision.kind = row.get<std::string>(3);
    decision.cause = row.get<std::string>(4);
    decision.to = row.get<std::string>(5);
    decision.decision = row.get<std::string>(6);
    decision.reply = row.get<std::string>(7);
    decision.recipient = row.get<std::string>(8);
    if (const auto id = row.get<std::optional<long long>>(2)) decision.message_id = message_id(*id, decision.kind);
    decisions.push_back(std::move(decision));
  }
  return decisions;
}

}  // namespace

void SqlOutbox::trail(std::optional<long long> outbox_id, const DecisionRow& row) {
  const Time now = transaction_.now();
  session_ << "INSERT INTO mail_decisions (time, outbox_id, kind, cause, address, recipient, decision, reply) "
              "VALUES (:time, :outbox, :kind, :cause, :address, :recipient, :decision, :reply)",
      soci::use(now), soci::use(outbox_id), soci::use(row.kind), soci::use(row.cause), soci::use(row.to),
      soci::use(row.recipient), soci::use(row.decision), soci::use(row.reply);
}

bool SqlOutbox::is_forgotten(long long id) {
  int forgotten = 0;
  session_ << "SELECT forgotten FROM outbox WHERE id = :id", soci::into(forgotten), soci::use(id);
  return forgotten != 0;
}

void SqlOutbox::trail_outcome(const DueMail& mail, MailDecision decision, const std::string& reply) {
  trail(mail.id, {.kind = mail.kind,
                  .cause = mail.cause,
                  .to = is_forgotten(mail.id) ? mail.recipient : mail.to,
                  .recipient = mail.recipient,
                  .decision = to_string(decision),
                  .reply = reply});
}

std::optional<std::int64_t> SqlOutbox::enqueue(const OutboxMail& mail) {
  const service::MailText text = texts_.render(mail);
  const Time now = transaction_.now();
  const std::string key = address_key(mail.to);
  const std::optional<long long> after = mail.after_id, ownership = mail.ownership_id;
  soci::statement insert =
      (session_.prepare
           << "INSERT INTO outbox (kind, cause, address, address_key, subject, body, created, state, "
              "next_attempt, expires, gateway_id, after_id, recipient, ownership_id) VALUES (:kind, :cause, "
              ":address, :key, :subject, :body, :created, 'queued', :next, :expires, :gateway, :after, "
              ":recipient, :ownership) "
              "ON CONFLICT (kind, cause, address_key) DO NOTHING",
       soci::use(mail.kind), soci::use(mail.cause), soci::use(mail.to), soci::use(key), soci::use(text.subject),
       soci::use(text.body), soci::use(now), soci::use(now), soci::use(mail.expires), soci::use(mail.gateway_id),
       soci::use(after), soci::use(mail.recipient), soci::use(ownership));
  if (changed_rows(insert) == 0) {
    note(mail.kind, mail.cause, {mail.to, mail.recipient}, MailDecision::duplicate, "");
    return std::nullopt;
  }
  long long id = 0;
  session_ << "SELECT id FROM outbox WHERE kind = :kind AND cause = :cause AND address_key = :key", soci::into(id),
      soci::use(mail.kind), soci::use(mail.cause), soci::use(key);
  trail(id, {.kind = mail.kind,
             .cause = mail.cause,
             .to = mail.to,
             .recipient = mail.recipient,
             .decision = to_string(MailDecision::queued)});
  return id;
}

void SqlOutbox::note(const std::string& kind, const std::string& cause, const service::Addressee& to,
                     MailDecision decision, const std::string& reason) {
  trail(std::nullopt, {.kind = kind,
                       .cause = cause,
                       .to = to.mail,
                       .recipient = to.recipient,
                       .decision = to_string(decision),
                       .reply = reason});
}

// A recovery waits until its alarm mail has come to an end.
#define V2X_NOT_WAITING \
  " NOT EXISTS (SELECT 1 FROM outbox first WHERE first.id = outbox.after_id AND first.next_attempt IS NOT NULL) "

std::optional<Time> SqlOutbox::next_due() {
  std::optional<Time> next;
  session_ << "SELECT min(next_attempt) FROM outbox WHERE next_attempt IS NOT NULL AND" V2X_NOT_WAITING,
      soci::into(next);
  return next;
}

std::vector<DueMail> SqlOutbox::due(Time now, int limit) {
  const soci::rowset<soci::row> rows =
      (session_.prepare << kMailColumns << "WHERE next_attempt <= :now AND" V2X_NOT_WAITING
                        << "ORDER BY next_attempt, id LIMIT :limit",
       soci::use(now), soci::use(limit));
  std::vector<DueMail> mails;
  for (const auto& row : rows) mails.push_back(mail_of(row));
  return mails;
}

// Writers exclude each other (dialect.hpp), so nobody leases the same mail between the choice and the update.
std::vector<DueMail> SqlOutbox::lease(Time now, Time until, int limit) {
  auto mails = due(now, limit);
  for (const auto& mail : mails) {
    const long long id = mail.id;
    session_ << "UPDATE outbox SET next_attempt = :until WHERE id = :id", soci::use(until), soci::use(id);
  }
  return mails;
}

#undef V2X_NOT_WAITING

void SqlOutbox::finish(const DueMail& mail, MailDecision decision, const std::string& reply) {
  const std::string state = to_string(decision);
  const long long id = mail.id;
  session_ << "UPDATE outbox SET state = :state, attempts = attempts + 1, next_attempt = NULL WHERE id = :id",
      soci::use(state), soci::use(id);
  // A URL is a secret of its recipient: once the mail is gone, or never will be, it is kept nowhere (SEC-02).
  if (decision != MailDecision::failed)
    session_ << "UPDATE outbox SET body = '' WHERE id = :id AND expires IS NOT NULL", soci::use(id);
  if (is_forgotten(id)) forget(mail.recipient);
  trail_outcome(mail, decision, reply);
}

void SqlOutbox::defer(const DueMail& mail, Time next, const std::string& reply) {
  const long long id = mail.id;
  session_ << "UPDATE outbox SET attempts = attempts + 1, next_attempt = :next WHERE id = :id", soci::use(next),
      soci::use(id);
  trail_outcome(mail, MailDecision::deferred, reply);
}

void SqlOutbox::retry(std::int64_t id) {
  const long long key = id;
  const Time now = transaction_.now();
  session_ << "UPDATE outbox SET state = 'queued', attempts = 0, created = :created, next_attempt = :next "
              "WHERE id = :id AND state = 'failed' AND forgotten = 0",
      soci::use(now), soci::use(now), soci::use(key);
}

std::string SqlOutbox::state(std::int64_t id) {
  const long long key = id;
  std::string state;
  session_ << "SELECT state FROM outbox WHERE id = :id", soci::into(state), soci::use(key);
  return state;
}

std::vector<DueMail> SqlOutbox::of_cause(const std::string& kind, const std::string& cause) {
  const soci::rowset<soci::row> rows =
      (session_.prepare << kMailColumns << "WHERE kind = :kind AND cause = :cause ORDER BY id", soci::use(kind),
       soci::use(cause));
  std::vector<DueMail> mails;
  for (const auto& row : rows) mails.push_back(mail_of(row));
  return mails;
}

int SqlOutbox::count_since(const std::string& kind, const std::string& to, Time from) {
  int count = 0;
  const std::string key = address_key(to);
  session_ << "SELECT count(*) FROM outbox WHERE address_key = :key AND kind = :kind AND created > :from",
      soci::into(count), soci::use(key), soci::use(kind), soci::use(from);
  return count;
}

void SqlOutbox::assign(const std::string& kind, const service::Addressee& to) {
  const std::string key = address_key(to.mail);
  session_ << "UPDATE outbox SET recipient = :recipient WHERE kind = :kind AND address_key = :key AND recipient = ''",
      soci::use(to.recipient), soci::use(kind), soci::use(key);
  session_ << "UPDATE mail_decisions SET recipient = :recipient WHERE kind = :kind AND lower(address) = :key "
              "AND recipient = ''",
      soci::use(to.recipient), soci::use(kind), soci::use(key);
}

void SqlOutbox::forget(const std::string& recipient) {
  session_ << "UPDATE outbox SET forgotten = 1 WHERE recipient = :recipient", soci::use(recipient);
  session_ << "UPDATE outbox SET address = recipient, address_key = recipient, body = '' "
              "WHERE recipient = :recipient AND next_attempt IS NULL",
      soci::use(recipient);
  session_ << "UPDATE mail_decisions SET address = recipient WHERE recipient = :recipient", soci::use(recipient);
}

std::vector<DecisionRow> SqlOutbox::decisions(std::int64_t after_id) {
  const long long after = after_id;
  return decisions_in((session_.prepare << kDecisions << "WHERE id > :after ORDER BY id", soci::use(after)));
}

std::vector<DecisionRow> SqlOutbox::decisions_of(const std::string& kind, const std::string& cause) {
  return decisions_in((session_.prepare << kDecisions << "WHERE cause = :cause AND kind = :kind ORDER BY id",
                       soci::use(cause), soci::use(kind)));
}

}  // namespace v2x::store
