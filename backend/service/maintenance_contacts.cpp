#include "backend/service/maintenance_contacts.hpp"

#include <algorithm>

#include "backend/model/link_expiry.hpp"
#include "backend/service/fields.hpp"
#include "backend/service/ports/audit.hpp"
#include "backend/service/ports/outbox.hpp"
#include "backend/service/ports/tokens.hpp"
#include "backend/service/secrets.hpp"
#include "backend/service/text_rules.hpp"

namespace v2x::service {
namespace {

bool is_checked(const Form& form, std::string_view name) {
  return !entered(form, name).empty();
}

bool has_address(const std::vector<Contact>& contacts, const std::string& mail, std::int64_t except) {
  return std::any_of(contacts.begin(), contacts.end(), [&](const Contact& contact) {
    return contact.id != except && lower_ascii(contact.mail) == lower_ascii(mail);
  });
}

AuditEntry entry(const model::Account& dealer, const Caller& caller, const char* act, std::int64_t id) {
  return {"dealer " + dealer.login_id, caller.address, act, "contact " + std::to_string(id), "ok"};
}

}  // namespace

std::vector<Contact> MaintenanceContacts::list(const model::Account& dealer) {
  return registry_.read([&](Transaction& tx) { return tx.contacts().of_dealer(dealer.dealer_id()); });
}

std::optional<Contact> MaintenanceContacts::find(const model::Account& dealer, std::int64_t id) {
  auto contact = registry_.read([&](Transaction& tx) { return tx.contacts().find(id); });
  if (!contact || contact->dealer_id != dealer.dealer_id()) return std::nullopt;
  return contact;
}

Result<FieldErrors> MaintenanceContacts::add(const model::Account& dealer, const Form& posted, const Caller& caller) {
  const Form form = taken(contact_fields(), posted);
  const FieldErrors errors = errors_in(contact_fields(), form);
  if (!errors.empty()) return errors;
  return registry_.transact([&](Transaction& tx) {
    const auto contacts = tx.contacts().of_dealer(dealer.dealer_id());
    const std::string mail = entered(form, "contactMail");
    if (has_address(contacts, mail, 0)) return FieldErrors{{"contactMail", std::string(kKnownContact)}};
    if (static_cast<int>(contacts.size()) >= settings_.contacts_per_dealer)
      return FieldErrors{{"contactName", std::string(kTooManyContacts)}};
    Contact contact{0,
                    dealer.dealer_id(),
                    entered(form, "contactName"),
                    mail,
                    ContactState::pending,
                    is_checked(form, "notifyFault"),
                    is_checked(form, "notifyOffline"),
                    0};
    contact.id = tx.contacts().add(contact);
    mail_url(tx, dealer, contact);
    tx.audit().write(entry(dealer, caller, "contact added", contact.id));
    return FieldErrors{};
  });
}

Result<FieldErrors> MaintenanceContacts::edit(const model::Account& dealer, std::int64_t id, const Form& posted,
                                              const Caller& caller) {
  const Form form = taken(contact_fields(), posted);
  const FieldErrors errors = errors_in(contact_fields(), form);
  return registry_.transact([&](Transaction& tx) -> Result<FieldErrors> {
    auto contact = tx.contacts().find(id);
    if (!contact || contact->dealer_id != dealer.dealer_id()) return fail("not_found", "not this dealer's contact");
    if (!errors.empty()) return errors;
    const std::string mail = entered(form, "contactMail");
    if (has_address(tx.contacts().of_dealer(dealer.dealer_id()), mail, id))
      return FieldErrors{{"contactMail", std::string(kKnownContact)}};
    const bool moved = contact->mail != mail;
    contact->name = entered(form, "contactName");
    contact->mail = mail;
    contact->notify_fault = is_checked(form, "notifyFault");
    contact->notify_offline = is_checked(form, "notifyOffline");
    if (moved) contact->state = ContactState::pending;
    tx.contacts().update(*contact);
    if (moved) mail_url(tx, dealer, *contact);
    tx.audit().write(entry(dealer, caller, "contact edited", id));
    return FieldErrors{};
  });
}

Status MaintenanceContacts::remove(const model::Account& dealer, std::int64_t id, const Caller& caller) {
  return registry_.transact([&](Transaction& tx) -> Status {
    const auto contact = tx.contacts().find(id);
    if (!contact || contact->dealer_id != dealer.dealer_id()) return fail("not_found", "not this dealer's contact");
    if (tx.contacts().of_dealer(dealer.dealer_id()).size() == 1) return fail("last", std::string(kLastContact));
    tx.contacts().remove(id);
    tx.audit().write(entry(dealer, caller, "contact removed", id));
    return done();
  });
}

Status MaintenanceContacts::ask_again(const model::Account& dealer, std::int64_t id) {
  return registry_.transact([&](Transaction& tx) -> Status {
    const auto contact = tx.contacts().find(id);
    if (!contact || contact->dealer_id != dealer.dealer_id()) return fail("not_found", "not this dealer's contact");
    if (contact->state != ContactState::verified) mail_url(tx, dealer, *contact);
    return done();
  });
}

void MaintenanceContacts::mail_url(Transaction& tx, const model::Account& dealer, Contact contact) const {
  const Time expires = model::link_dies_at(tx.now(), settings_.link_valid_days);
  const std::string token = new_token();
  tx.tokens().add({hash_of(token), TokenPurpose::contact_verification, contact.id, expires, {}, 0, {}});
  ++contact.mails;
  tx.contacts().update(contact);
  const std::string cause = "contact " + std::to_string(contact.id) + " mail " + std::to_string(contact.mails);
  OutboxMail mail{.kind = "M-23",
                  .cause = cause,
                  .to = contact.mail,
                  .expires = expires,
                  .recipient = "contact " + std::to_string(contact.id)};
  mail.fields = {{"dealer", dealer.dealer_name}, {"token", token}, {"date", model::last_good_day_in_mail(expires)}};
  tx.outbox().enqueue(mail);
}

UrlState MaintenanceContacts::state_of(Transaction& tx, const std::string& url_token) const {
  const auto token = tx.tokens().find(TokenPurpose::contact_verification, hash_of(url_token));
  if (!token || !tx.contacts().find(token->subject)) return UrlState::unknown;
  if (token->used) return UrlState::used;
  return tx.now() >= token->expires ? UrlState::expired : UrlState::good;
}

UrlState MaintenanceContacts::url_state(const std::string& url_token) {
  return registry_.read([&](Transaction& tx) { return state_of(tx, url_token); });
}

Status MaintenanceContacts::verify(const std::string& url_token) {
  return registry_.transact([&](Transaction& tx) -> Status {
    const UrlState state = state_of(tx, url_token);
    if (state == UrlState::used) return done();  // a second press of the button finds it confirmed
    if (state != UrlState::good) return fail(to_string(state), "the URL is dead");
    const std::string hash = hash_of(url_token);
    auto contact = *tx.contacts().find(tx.tokens().find(TokenPurpose::contact_verification, hash)->subject);
    contact.state = ContactState::verified;
    tx.contacts().update(contact);
    tx.tokens().use(hash);
    tx.audit().write({"contact " + std::to_string(contact.id), "", "contact verified", contact.mail, "ok"});
    return done();
  });
}

}  // namespace v2x::service
