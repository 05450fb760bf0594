#include "backend/store/sql_registrations.hpp"

#include "backend/store/form_text.hpp"
#include "backend/store/sql.hpp"

namespace v2x::store {

using service::PendingRegistration;

std::optional<PendingRegistration> SqlRegistrations::pending(std::int64_t id) {
  PendingRegistration registration;
  std::string kind, form;
  const auto key = static_cast<long long>(id);
  session_ << "SELECT kind, form, mails, expires FROM registrations WHERE id = :id AND state = 'pending'",
      soci::into(kind), soci::into(form), soci::into(registration.mails), soci::into(registration.expires),
      soci::use(key);
  if (!session_.got_data()) return std::nullopt;
  registration.id = id;
  registration.kind = model::account_kind(kind);
  registration.form = form_of(form);
  return registration;
}

std::optional<PendingRegistration> SqlRegistrations::pending_of_mail(model::AccountKind kind, const std::string& mail) {
  long long id = 0;
  const std::string word = to_string(kind);
  session_ << "SELECT id FROM registrations WHERE kind = :kind AND mail_folded = lower(:mail) AND state = 'pending'",
      soci::into(id), soci::use(word), soci::use(mail);
  if (!session_.got_data()) return std::nullopt;
  return pending(id);
}

void SqlRegistrations::replace(long long id) {
  session_ << "UPDATE registrations SET state = 'replaced', form = '{}' WHERE id = :id", soci::use(id);
  session_
      << "DELETE FROM link_tokens WHERE purpose IN ('customer_registration', 'dealer_registration') AND subject = :id",
      soci::use(id);
}

std::int64_t SqlRegistrations::add(const PendingRegistration& registration) {
  const std::string kind = to_string(registration.kind), mail = service::entered(registration.form, "mail");
  if (const auto earlier = pending_of_mail(registration.kind, mail)) replace(earlier->id);
  const std::string gateway_id = service::entered(registration.form, "gatewayId");
  drop_reservation(gateway_id);
  const std::string form = to_text(registration.form);
  const Time now = transaction_.now();
  const auto reserved = gateway_id.empty() ? std::nullopt : std::optional(gateway_id);
  session_ << "INSERT INTO registrations (kind, state, mail_folded, gateway_id, form, mails, created, expires) "
              "VALUES (:kind, 'pending', lower(:mail), :gateway, :form, :mails, :created, :expires)",
      soci::use(kind), soci::use(mail), soci::use(reserved), soci::use(form), soci::use(registration.mails),
      soci::use(now), soci::use(registration.expires);
  return pending_of_mail(registration.kind, mail)->id;
}

void SqlRegistrations::mailed(std::int64_t id, Time expires) {
  const auto key = static_cast<long long>(id);
  session_ << "UPDATE registrations SET mails = mails + 1, expires = :expires WHERE id = :id", soci::use(expires),
      soci::use(key);
}

void SqlRegistrations::complete(std::int64_t id) {
  const auto key = static_cast<long long>(id);
  session_ << "UPDATE registrations SET state = 'completed', form = '{}' WHERE id = :id", soci::use(key);
}

void SqlRegistrations::drop_reservation(const std::string& gateway_id) {
  long long id = 0;
  session_ << "SELECT id FROM registrations WHERE gateway_id = :gateway AND state = 'pending'", soci::into(id),
      soci::use(gateway_id);
  if (session_.got_data()) replace(id);
}

std::optional<Time> SqlRegistrations::oldest_expiry() {
  std::optional<Time> oldest;
  session_ << "SELECT min(expires) FROM registrations", soci::into(oldest);
  return oldest;
}

void SqlRegistrations::forget_expired_by(Time limit) {
  session_ << "DELETE FROM link_tokens WHERE purpose IN ('customer_registration', 'dealer_registration') "
              "AND subject IN (SELECT id FROM registrations WHERE expires <= :limit)",
      soci::use(limit);
  session_ << "DELETE FROM registrations WHERE expires <= :limit", soci::use(limit);
}

}  // namespace v2x::store
