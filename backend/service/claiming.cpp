#include "backend/service/claiming.hpp"

#include "backend/service/fields.hpp"
#include "backend/service/gateway_proof.hpp"
#include "backend/service/ports/audit.hpp"
#include "backend/service/ports/gateways.hpp"
#include "backend/service/ports/registrations.hpp"
#include "backend/service/secrets.hpp"

namespace v2x::service {

DraftKey Claiming::key(const std::string& session_token) const {
  return {hash_of(session_token), "claim"};
}

std::optional<Draft> Claiming::draft(const std::string& session_token) {
  return registry_.read([&](Transaction& tx) { return tx.drafts().find(key(session_token)); });
}

GatewayDevice Claiming::device(const std::string& gateway_id) {
  return registry_.read([&](Transaction& tx) {
    return tx.inventory().find(gateway_id).value_or(GatewayDevice{gateway_id, {}, {}, {}, 0});
  });
}

Result<FieldErrors> Claiming::enter_gateway(const model::Account& account, const std::string& session_token,
                                            const Form& posted, const Caller& caller) {
  const Form form = taken(gateway_fields(), posted);
  FieldErrors errors = errors_in(gateway_fields(), form);
  if (!errors.empty()) return errors;
  const auto wrong = prove_gateway(registry_, passwords_, settings_, form, caller);
  if (!wrong) return fail(wrong.error());
  if (*wrong) return FieldErrors{**wrong};
  return registry_.transact([&](Transaction& tx) {
    const auto owned = static_cast<int>(tx.gateways().of_account(account.id).size());
    if (owned >= settings_.gateways_per_account) return FieldErrors{{"gatewayId", std::string(kTooManyGateways)}};
    tx.drafts().put(key(session_token), {{{"gatewayId", entered(form, "gatewayId")}}, false},
                    tx.now() + settings_.draft_lives);
    return FieldErrors{};
  });
}

Result<FieldErrors> Claiming::enter_site(const std::string& session_token, const Form& posted) {
  const Form form = taken(site_fields(), posted);
  const FieldErrors errors = errors_in(site_fields(), form);
  return registry_.transact([&](Transaction& tx) -> Result<FieldErrors> {
    auto draft = tx.drafts().find(key(session_token));
    if (!draft || draft->done) return fail("no_draft", "the draft's time has passed");
    if (!errors.empty()) return errors;
    for (const auto& [name, value] : form) draft->form[name] = value;
    tx.drafts().put(key(session_token), *draft, tx.now() + settings_.draft_lives);
    return FieldErrors{};
  });
}

Status Claiming::submit(const model::Account& account, const std::string& session_token, const Caller& caller) {
  return registry_.transact([&](Transaction& tx) -> Status {
    auto draft = tx.drafts().find(key(session_token));
    if (!draft || entered(draft->form, "siteName").empty()) return fail("no_draft", "the draft's time has passed");
    if (draft->done) return done();
    const std::string gateway_id = entered(draft->form, "gatewayId");
    if (tx.gateways().owned(gateway_id)) return fail("taken", std::string(kGatewayTaken));
    tx.registrations().drop_reservation(gateway_id);
    tx.gateways().claim(gateway_id, account.id, site_in(draft->form));
    tx.audit().write({"account " + std::to_string(account.id), caller.address, "claim", gateway_id, "ok"});
    draft->done = true;
    tx.drafts().put(key(session_token), *draft, tx.now() + settings_.draft_lives);
    return done();
  });
}

}  // namespace v2x::service
