#include "backend/service/site_editing.hpp"

#include "backend/service/ports/audit.hpp"
#include "backend/service/rights.hpp"
#include "backend/service/secrets.hpp"

namespace v2x::service {
namespace {

DraftKey key(const std::string& session_token) {
  return {hash_of(session_token), "edit"};
}

}  // namespace

std::optional<OwnedGateway> SiteEditing::find(const model::Account& account, const std::string& gateway_id) {
  return registry_.read([&](Transaction& tx) { return as_owner(tx, account, gateway_id); });
}

std::optional<Draft> SiteEditing::draft(const std::string& session_token) {
  return registry_.read([&](Transaction& tx) { return tx.drafts().find(key(session_token)); });
}

Form SiteEditing::form(const OwnedGateway& gateway, const std::string& session_token) {
  const auto kept = draft(session_token);
  const bool ours = kept && !kept->done && entered(kept->form, "gatewayId") == gateway.device.gateway_id;
  return ours ? kept->form : form_of(gateway.site);
}

Result<FieldErrors> SiteEditing::enter(const model::Account& account, const std::string& session_token,
                                       const std::string& gateway_id, const Form& posted) {
  Form form = taken(site_fields(), posted);
  const FieldErrors errors = errors_in(site_fields(), form);
  return registry_.transact([&](Transaction& tx) -> Result<FieldErrors> {
    if (!as_owner(tx, account, gateway_id)) return fail("not_found", "not this account's gateway");
    if (!errors.empty()) return errors;
    form["gatewayId"] = gateway_id;
    tx.drafts().put(key(session_token), {form, false}, tx.now() + settings_.draft_lives);
    return FieldErrors{};
  });
}

Status SiteEditing::submit(const model::Account& account, const std::string& session_token, const Caller& caller) {
  return registry_.transact([&](Transaction& tx) -> Status {
    auto draft = tx.drafts().find(key(session_token));
    if (!draft) return fail("no_draft", "the draft's time has passed");
    if (draft->done) return done();
    const std::string gateway_id = entered(draft->form, "gatewayId");
    const auto gateway = as_owner(tx, account, gateway_id);
    if (!gateway) return fail("not_found", "not this account's gateway");
    tx.gateways().set_site(gateway->ownership_id, site_in(draft->form));
    tx.audit().write({"account " + std::to_string(account.id), caller.address, "gateway edited", gateway_id, "ok"});
    draft->done = true;
    tx.drafts().put(key(session_token), *draft, tx.now() + settings_.draft_lives);
    return done();
  });
}

}  // namespace v2x::service
