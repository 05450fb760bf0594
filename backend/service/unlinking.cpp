#include "backend/service/unlinking.hpp"

#include "backend/service/mail_texts.hpp"
#include "backend/service/ports/accounts.hpp"
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
  return {hash_of(session_token), "unlink"};
}

bool is_same(const std::optional<Draft>& draft, const Form& choice) {
  return draft && draft->done && draft->form == choice;
}

std::optional<Link> link_of(Transaction& tx, const OwnedGateway& gateway, const model::Account& dealer) {
  return tx.links().find(gateway.ownership_id, dealer.dealer_id());
}

}  // namespace

Result<UnlinkProposal> Unlinking::proposal(const model::Account& account, const std::string& gateway_id,
                                           const std::string& dealer_id) {
  return registry_.read([&](Transaction& tx) -> Result<UnlinkProposal> {
    const auto gateway = as_owner(tx, account, gateway_id);
    const auto dealer = tx.accounts().of_login(model::AccountKind::dealer, dealer_id);
    if (!gateway || !dealer || !link_of(tx, *gateway, *dealer)) return fail("not_found", "no such link");
    UnlinkProposal proposal{*gateway, *dealer, {}};
    for (const Link& link : tx.links().of_ownership(gateway->ownership_id))
      if (link.dealer_id != dealer->dealer_id())
        if (auto other = tx.accounts().dealer(link.dealer_id)) proposal.remaining.push_back(std::move(*other));
    return proposal;
  });
}

Status Unlinking::submit(const model::Account& account, const std::string& session_token, const std::string& gateway_id,
                         const std::string& dealer_id, const Caller& caller) {
  const Form choice = {{"gatewayId", gateway_id}, {"dealerId", dealer_id}};
  return registry_.transact([&](Transaction& tx) -> Status {
    const auto gateway = as_owner(tx, account, gateway_id);
    const auto dealer = tx.accounts().of_login(model::AccountKind::dealer, dealer_id);
    if (!gateway || !dealer) return fail("not_found", "no such link");
    const auto link = link_of(tx, *gateway, *dealer);
    if (!link && is_same(tx.drafts().find(key(session_token)), choice)) return done();
    if (!link) return fail("ended", std::string(kUnlinkedAlready));
    tx.links().end(link->id);
    cancel_requests_of(tx, gateway_id, dealer->id);
    OutboxMail mail{.kind = "M-21",
                    .cause = "link " + std::to_string(link->id),
                    .to = dealer->person.mail,
                    .recipient = "account " + std::to_string(dealer->id)};
    mail.fields = {{"dealer", dealer->dealer_name},
                   {"name", account.person.full_name()},
                   {"gw", gateway_id},
                   {"site", gateway->site.name},
                   {"time", mail_time(tx.now())}};
    tx.outbox().enqueue(mail);
    tx.audit().write(
        {"account " + std::to_string(account.id), caller.address, "unlink", gateway_id + " dealer " + dealer_id, "ok"});
    tx.drafts().put(key(session_token), {choice, true}, tx.now() + settings_.draft_lives);
    return done();
  });
}

bool Unlinking::has_ended(const std::string& session_token, const std::string& gateway_id,
                          const std::string& dealer_id) {
  const Form choice = {{"gatewayId", gateway_id}, {"dealerId", dealer_id}};
  return registry_.read([&](Transaction& tx) { return is_same(tx.drafts().find(key(session_token)), choice); });
}

bool Unlinking::has_ended_any(const std::string& session_token) {
  return registry_.read([&](Transaction& tx) { return tx.drafts().find(key(session_token)).has_value(); });
}

}  // namespace v2x::service
