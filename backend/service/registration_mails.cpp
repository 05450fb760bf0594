#include "backend/service/registration_mails.hpp"

#include "backend/model/link_expiry.hpp"
#include "backend/service/fields.hpp"
#include "backend/service/ports/outbox.hpp"
#include "backend/service/ports/tokens.hpp"
#include "backend/service/secrets.hpp"
#include "common/jst.hpp"

namespace v2x::service {
namespace {

bool is_over_limit(Transaction& tx, const Settings& settings, const std::string& kind, const std::string& mail) {
  const auto since = [&](std::chrono::hours span) { return tx.outbox().count_since(kind, mail, tx.now() - span); };
  return since(std::chrono::hours(1)) >= settings.registration_mails_an_hour ||
         since(std::chrono::hours(24)) >= settings.registration_mails_a_day;
}

void note_over_limit(Transaction& tx, const OutboxMail& mail) {
  tx.outbox().note(mail.kind, mail.cause, {mail.to, mail.recipient}, MailDecision::rate_limited,
                   "too many mails to this address");
}

}  // namespace

std::string registration_kind(model::AccountKind kind) {
  return kind == model::AccountKind::customer ? "M-01" : "M-01d";
}

void mail_registration_url(Transaction& tx, const Settings& settings, const PendingRegistration& registration,
                           Time asked) {
  const bool customer = registration.kind == model::AccountKind::customer;
  const Time expires = model::link_dies_at(asked, settings.link_valid_days);
  const std::string id = std::to_string(registration.id);
  OutboxMail mail{.kind = registration_kind(registration.kind),
                  .cause = "registration " + id + " mail " + std::to_string(registration.mails + 1),
                  .to = entered(registration.form, "mail"),
                  .expires = expires};
  if (is_over_limit(tx, settings, mail.kind, mail.to)) return note_over_limit(tx, mail);
  const std::string token = new_token();
  const auto purpose = customer ? TokenPurpose::customer_registration : TokenPurpose::dealer_registration;
  tx.tokens().add({hash_of(token), purpose, registration.id, expires, {}, 0, {}});
  tx.registrations().mailed(registration.id, expires);
  mail.fields = {{"name", person_in(registration.form).full_name()},
                 {"dealer", entered(registration.form, "dealerName")},
                 {"token", token},
                 {"date", model::last_good_day_in_mail(expires)}};
  tx.outbox().enqueue(mail);
}

void mail_known_address(Transaction& tx, const Settings& settings, const model::Account& account) {
  const std::string cause = "registration for account " + std::to_string(account.id) + " at " + format_time(tx.now());
  const OutboxMail mail{.kind = "M-03",
                        .cause = cause,
                        .to = account.person.mail,
                        .fields = {{"name", account.person.full_name()}},
                        .recipient = "account " + std::to_string(account.id)};
  if (is_over_limit(tx, settings, mail.kind, mail.to)) return note_over_limit(tx, mail);
  tx.outbox().enqueue(mail);
}

}  // namespace v2x::service
