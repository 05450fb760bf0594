#include "backend/service/mail_request_duty.hpp"

#include "backend/model/link_expiry.hpp"
#include "backend/model/telephone.hpp"
#include "backend/service/password_care.hpp"
#include "backend/service/ports/accounts.hpp"
#include "backend/service/ports/audit.hpp"
#include "backend/service/ports/gateways.hpp"
#include "backend/service/ports/registrations.hpp"
#include "backend/service/registration_mails.hpp"

namespace v2x::service {

std::optional<Time> MailRequestDuty::next_due() {
  return registry_.read([](Transaction& tx) -> std::optional<Time> {
    const auto oldest = tx.mail_requests().oldest();
    return oldest ? std::optional(oldest->made) : std::nullopt;
  });
}

void MailRequestDuty::run(Time) {
  const auto decide_oldest = [this](Transaction& tx) {
    const auto request = tx.mail_requests().oldest();
    if (!request) return false;
    decide(tx, *request);
    tx.mail_requests().remove(request->id);
    return true;
  };
  while (registry_.transact(decide_oldest)) {
  }
}

void MailRequestDuty::decide(Transaction& tx, const MailRequest& request) const {
  const std::string mail = entered(request.form, "mail");
  switch (request.kind) {
    case RequestKind::registration:
      return registration(tx, request);
    case RequestKind::resend:
      if (const auto pending = tx.registrations().pending_of_mail(request.account_kind, mail))
        mail_registration_url(tx, settings_, *pending, request.made);
      return;
    case RequestKind::reset:
      if (const auto account = tx.accounts().of_login(request.account_kind, entered(request.form, "loginid")))
        mail_reset_url(tx, settings_, *account, request.made);
      return;
    case RequestKind::dealer_id:
      if (const auto account = tx.accounts().of_mail(request.account_kind, mail);
          account && model::same_telephone(account->person.tel, entered(request.form, "tel")))
        mail_login_id(tx, *account);
      return;
  }
}

void MailRequestDuty::registration(Transaction& tx, const MailRequest& request) const {
  if (const auto account = tx.accounts().of_mail(request.account_kind, entered(request.form, "mail")))
    return mail_known_address(tx, settings_, *account);
  // Between the page and now the gateway may have got an owner: then there is nothing to register.
  if (tx.gateways().owned(entered(request.form, "gatewayId"))) return;
  const Time expires = model::link_dies_at(request.made, settings_.link_valid_days);
  PendingRegistration registration{0, request.account_kind, request.form, 0, expires};
  registration.id = tx.registrations().add(registration);
  mail_registration_url(tx, settings_, registration, request.made);
  tx.audit().write({"visitor", "", "registration", "registration " + std::to_string(registration.id), "ok"});
}

}  // namespace v2x::service
