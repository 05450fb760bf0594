#include "backend/store/sql_contacts.hpp"

#include "backend/store/sql.hpp"

namespace v2x::store {
namespace {

service::ContactState contact_state(const std::string& word) {
  if (word == "verified") return service::ContactState::verified;
  return word == "pending" ? service::ContactState::pending : service::ContactState::undeliverable;
}

}  // namespace

using service::Contact;

std::vector<Contact> SqlContacts::where(const std::string& condition, long long value) {
  const soci::rowset<soci::row> rows =
      (session_.prepare
           << "SELECT id, dealer_id, name, mail, state, notify_fault, notify_offline, mails FROM contacts WHERE "
           << condition << " ORDER BY id",
       soci::use(value));
  std::vector<Contact> contacts;
  for (const auto& row : rows)
    contacts.push_back({key_at(row, 0), row.get<int>(1), row.get<std::string>(2), row.get<std::string>(3),
                        contact_state(row.get<std::string>(4)), row.get<int>(5) != 0, row.get<int>(6) != 0,
                        row.get<int>(7)});
  return contacts;
}

std::vector<Contact> SqlContacts::of_dealer(int dealer_id) {
  return where("dealer_id = :value", dealer_id);
}

std::optional<Contact> SqlContacts::find(std::int64_t id) {
  const auto found = where("id = :value", id);
  return found.empty() ? std::nullopt : std::optional(found.front());
}

std::int64_t SqlContacts::add(const Contact& contact) {
  const std::string state = to_string(contact.state);
  const int fault = contact.notify_fault ? 1 : 0, offline = contact.notify_offline ? 1 : 0;
  const Time now = transaction_.now();
  session_ << "INSERT INTO contacts (dealer_id, name, mail, mail_folded, state, notify_fault, notify_offline, mails, "
              "created) "
              "VALUES (:dealer, :name, :mail, lower(:mail2), :state, :fault, :offline, :mails, :now)",
      soci::use(contact.dealer_id), soci::use(contact.name), soci::use(contact.mail), soci::use(contact.mail),
      soci::use(state), soci::use(fault), soci::use(offline), soci::use(contact.mails), soci::use(now);
  return of_dealer(contact.dealer_id).back().id;
}

void SqlContacts::update(const Contact& contact) {
  const std::string state = to_string(contact.state);
  const int fault = contact.notify_fault ? 1 : 0, offline = contact.notify_offline ? 1 : 0;
  const auto id = static_cast<long long>(contact.id);
  session_ << "UPDATE contacts SET name = :name, mail = :mail, mail_folded = lower(:mail2), state = :state, "
              "failures = CASE WHEN state = :state2 THEN failures ELSE 0 END, notify_fault = :fault, "
              "notify_offline = :offline, mails = :mails WHERE id = :id",
      soci::use(contact.name), soci::use(contact.mail), soci::use(contact.mail), soci::use(state), soci::use(state),
      soci::use(fault), soci::use(offline), soci::use(contact.mails), soci::use(id);
}

void SqlContacts::note_delivery(const std::string& mail, bool delivered, int most) {
  if (delivered) {
    session_ << "UPDATE contacts SET failures = 0 WHERE mail_folded = lower(:mail) AND failures > 0", soci::use(mail);
    return;
  }
  session_ << "UPDATE contacts SET failures = failures + 1 WHERE mail_folded = lower(:mail)", soci::use(mail);
  session_ << "UPDATE contacts SET state = 'undeliverable' WHERE mail_folded = lower(:mail) AND failures >= :most "
              "AND state = 'verified'",
      soci::use(mail), soci::use(most);
}

void SqlContacts::remove(std::int64_t id) {
  const auto key = static_cast<long long>(id);
  session_ << "DELETE FROM contacts WHERE id = :id", soci::use(key);
}

}  // namespace v2x::store
