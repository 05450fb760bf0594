#include "backend/service/linking.hpp"

#include <charconv>

#include "backend/model/telephone.hpp"
#include "backend/service/fields.hpp"
#include "backend/service/mail_texts.hpp"
#include "backend/service/ports/accounts.hpp"
#include "backend/service/ports/audit.hpp"
#include "backend/service/ports/links.hpp"
#include "backend/service/ports/outbox.hpp"
#include "backend/service/rights.hpp"
#include "backend/service/secrets.hpp"

namespace v2x::service {
namespace {

MaintainedGateway with_dealers(Transaction& tx, OwnedGateway gateway) {
  MaintainedGateway maintained{std::move(gateway), {}};
  for (const Link& link : tx.links().of_ownership(maintained.gateway.ownership_id))
    if (auto dealer = tx.accounts().dealer(link.dealer_id)) maintained.dealers.push_back(std::move(*dealer));
  return maintained;
}

/// The dealer whose 販売店ID and telephone number were entered.
std::optional<model::Account> proved_dealer(Transaction& tx, const Form& form) {
  const std::string text = entered(form, "dealerId");
  int dealer_id = 0;
  std::from_chars(text.data(), text.data() + text.size(), dealer_id);
  auto dealer = tx.accounts().dealer(dealer_id);
  if (!dealer || dealer->login_id != text) return std::nullopt;
  if (!model::same_telephone(dealer->person.tel, telephone_in(form, "dealerTel"))) return std::nullopt;
  return dealer;
}

bool is_linked(const MaintainedGateway& maintained, const model::Account& dealer) {
  for (const model::Account& other : maintained.dealers)
    if (other.id == dealer.id) return true;
  return false;
}

}  // namespace

DraftKey Linking::key(const std::string& session_token) const {
  return {hash_of(session_token), "link"};
}

std::vector<MaintainedGateway> Linking::search(const model::Account& account, const std::string& part) {
  return registry_.read([&](Transaction& tx) {
    std::vector<MaintainedGateway> found;
    for (OwnedGateway& gateway : tx.gateways().of_account(account.id)) {
      const bool matches = gateway.device.gateway_id.find(part) != std::string::npos ||
                           gateway.site.name.find(part) != std::string::npos;
      if (matches) found.push_back(with_dealers(tx, std::move(gateway)));
    }
    return found;
  });
}

std::optional<MaintainedGateway> Linking::find(const model::Account& account, const std::string& gateway_id) {
  return registry_.read([&](Transaction& tx) -> std::optional<MaintainedGateway> {
    auto owned = as_owner(tx, account, gateway_id);
    if (!owned) return std::nullopt;
    return with_dealers(tx, std::move(*owned));
  });
}

Result<FieldErrors> Linking::enter(const model::Account& account, const std::string& session_token,
                                   const std::string& gateway_id, const Form& posted, const Caller& caller) {
  const Form form = taken(link_fields(), posted);
  FieldErrors errors = errors_in(link_fields(), form);
  return registry_.transact([&](Transaction& tx) -> Result<FieldErrors> {
    auto owned = as_owner(tx, account, gateway_id);
    if (!owned) return fail("not_found", "not this account's gateway");
    if (!errors.empty()) return errors;
    const MaintainedGateway maintained = with_dealers(tx, std::move(*owned));
    const auto counted =
        count_attempt(tx, settings_.attempts, attempts_of(AttemptKind::dealer_telephone, std::to_string(account.id)));
    if (!counted) return fail(counted.error());
    const auto dealer = proved_dealer(tx, form);
    if (!dealer) {
      note_wrong(tx, settings_.attempts, *counted, caller);
      return FieldErrors{{"dealerId", std::string(kWrongDealer)}};
    }
    forgive(tx, *counted);
    if (is_linked(maintained, *dealer)) return FieldErrors{{"dealerId", std::string(kLinkedAlready)}};
    const Form kept = {{"gatewayId", gateway_id}, {"dealerId", dealer->login_id}};
    tx.drafts().put(key(session_token), {kept, false}, tx.now() + settings_.draft_lives);
    return FieldErrors{};
  });
}

std::optional<Draft> Linking::draft(const std::string& session_token) {
  return registry_.read([&](Transaction& tx) { return tx.drafts().find(key(session_token)); });
}

Result<LinkProposal> Linking::proposal(const model::Account& account, const std::string& session_token) {
  return registry_.read([&](Transaction& tx) -> Result<LinkProposal> {
    const auto draft = tx.drafts().find(key(session_token));
    if (!draft || draft->done) return fail("no_draft", "the draft's time has passed");
    auto owned = as_owner(tx, account, entered(draft->form, "gatewayId"));
    const auto dealer = tx.accounts().of_login(model::AccountKind::dealer, entered(draft->form, "dealerId"));
    if (!owned || !dealer) return fail("not_found", "gateway or dealer is gone");
    return LinkProposal{with_dealers(tx, std::move(*owned)), *dealer};
  });
}

Status Linking::submit(const model::Account& account, const std::string& session_token, const Caller& caller) {
  return registry_.transact([&](Transaction& tx) -> Status {
    const auto draft = tx.drafts().find(key(session_token));
    if (!draft) return fail("no_draft", "the draft's time has passed");
    if (draft->done) return done();
    const auto owned = as_owner(tx, account, entered(draft->form, "gatewayId"));
    const auto dealer = tx.accounts().of_login(model::AccountKind::dealer, entered(draft->form, "dealerId"));
    if (!owned || !dealer) return fail("not_found", "gateway or dealer is gone");
    if (tx.links().find(owned->ownership_id, dealer->dealer_id())) return fail("linked", std::string(kLinkedAlready));
    const std::string& gateway_id = owned->device.gateway_id;
    const auto link = tx.links().add({0, gateway_id, owned->ownership_id, dealer->dealer_id(), 0, {}});
    if (!link) return fail("five_dealers", std::string(kFiveDealers));
    OutboxMail mail{.kind = "M-20",
                    .cause = "link " + std::to_string(*link),
                    .to = dealer->person.mail,
                    .recipient = "account " + std::to_string(dealer->id)};
    mail.fields = {{"dealer", dealer->dealer_name},
                   {"name", account.person.full_name()},
                   {"gw", gateway_id},
                   {"site", owned->site.name},
                   {"time", mail_time(tx.now())}};
    tx.outbox().enqueue(mail);
    tx.audit().write({"account " + std::to_string(account.id), caller.address, "link",
                      gateway_id + " dealer " + dealer->login_id, "ok"});
    Draft finished = *draft;
    finished.done = true;
    tx.drafts().put(key(session_token), finished, tx.now() + settings_.draft_lives);
    return done();
  });
}

}  // namespace v2x::service
