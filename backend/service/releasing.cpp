#include "backend/service/releasing.hpp"

#include "backend/service/fields.hpp"
#include "backend/service/mail_texts.hpp"
#include "backend/service/ports/accounts.hpp"
#include "backend/service/ports/ai_controls.hpp"
#include "backend/service/ports/audit.hpp"
#include "backend/service/ports/drafts.hpp"
#include "backend/service/ports/links.hpp"
#include "backend/service/ports/outbox.hpp"
#include "backend/service/rights.hpp"
#include "backend/service/secrets.hpp"
#include "backend/service/setting_exchange.hpp"

namespace v2x::service {
namespace {

DraftKey key(const std::string& session_token) {
  return {hash_of(session_token), "release"};
}

bool did_it(Transaction& tx, const std::string& session_token, const std::string& gateway_id) {
  const auto draft = tx.drafts().find(key(session_token));
  return draft && entered(draft->form, "gatewayId") == gateway_id;
}

}  // namespace

void end_ownership(Transaction& tx, const AlarmService& alarms, const OwnedGateway& gateway, const ReleasedBy& by) {
  const std::string cause = "release of ownership " + std::to_string(gateway.ownership_id);
  const MailFields about = {
      {"gw", gateway.device.gateway_id}, {"site", gateway.site.name}, {"time", mail_time(tx.now())}};
  for (const Link& link : tx.links().of_ownership(gateway.ownership_id)) {
    tx.links().end(link.id);
    const auto dealer = tx.accounts().dealer(link.dealer_id);
    if (!dealer) continue;
    OutboxMail mail{.kind = "M-08",
                    .cause = cause,
                    .to = dealer->person.mail,
                    .fields = about,
                    .recipient = "account " + std::to_string(dealer->id)};
    mail.fields["dealer"] = dealer->dealer_name;
    tx.outbox().enqueue(mail);
  }
  alarms.release(tx, gateway.ownership_id);
  cancel_requests(tx, gateway.ownership_id, gateway.device.gateway_id);
  tx.ai_controls().remove(gateway.ownership_id);
  tx.gateways().release(gateway.ownership_id);
  if (const auto owner = tx.accounts().find(gateway.account_id)) {
    OutboxMail mail{.kind = "M-10",
                    .cause = cause,
                    .to = owner->person.mail,
                    .fields = about,
                    .recipient = "account " + std::to_string(owner->id)};
    mail.fields["name"] = owner->person.full_name();
    tx.outbox().enqueue(mail);
  }
  tx.audit().write({by.actor, by.address, "release", gateway.device.gateway_id, "ok"});
}

Result<FieldErrors> Releasing::submit(const model::Account& account, const std::string& session_token,
                                      const std::string& gateway_id, const Form& posted, const Caller& caller) {
  enum class Standing { owned, released, foreign };
  const auto standing = registry_.read([&](Transaction& tx) {
    if (as_owner(tx, account, gateway_id)) return Standing::owned;
    return did_it(tx, session_token, gateway_id) ? Standing::released : Standing::foreign;
  });
  if (standing == Standing::released) return FieldErrors{};
  if (standing == Standing::foreign) return fail("not_found", "not this account's gateway");
  const Form form = taken(password_check_fields(), posted);
  if (auto errors = errors_in(password_check_fields(), form); !errors.empty()) return errors;
  const auto proved = access_.knows_password(account, entered(form, "password"), caller);
  if (!proved) return fail(proved.error());
  if (!*proved) return FieldErrors{{"password", std::string(kWrongPassword)}};
  return registry_.transact([&](Transaction& tx) -> Result<FieldErrors> {
    const auto gateway = as_owner(tx, account, gateway_id);
    if (!gateway && !did_it(tx, session_token, gateway_id)) return fail("not_found", "not this account's gateway");
    if (!gateway) return FieldErrors{};
    end_ownership(tx, alarms_, *gateway, {"account " + std::to_string(account.id), caller.address});
    tx.drafts().put(key(session_token), {{{"gatewayId", gateway_id}}, true}, tx.now() + settings_.draft_lives);
    return FieldErrors{};
  });
}

bool Releasing::has_released(const std::string& session_token) {
  return registry_.read([&](Transaction& tx) { return tx.drafts().find(key(session_token)).has_value(); });
}

}  // namespace v2x::service
