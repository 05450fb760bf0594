#include "backend/service/maintenance.hpp"

#include "backend/service/mail_texts.hpp"
#include "backend/service/ports/accounts.hpp"
#include "backend/service/ports/audit.hpp"
#include "backend/service/ports/contacts.hpp"
#include "backend/service/ports/drafts.hpp"
#include "backend/service/ports/outbox.hpp"
#include "backend/service/rights.hpp"
#include "backend/service/secrets.hpp"
#include "backend/service/setting_exchange.hpp"

namespace v2x::service {
namespace {

DraftKey key(const std::string& session_token) {
  return {hash_of(session_token), "end"};
}

std::optional<EntrustedGateway> entrusted(Transaction& tx, const model::Account& dealer, OwnedGateway gateway) {
  const auto link = tx.links().find(gateway.ownership_id, dealer.dealer_id());
  const auto owner = tx.accounts().find(gateway.account_id);
  if (!link || !owner) return std::nullopt;
  return EntrustedGateway{std::move(gateway), *owner, *link};
}

std::optional<EntrustedGateway> entrusted(Transaction& tx, const model::Account& dealer,
                                          const std::string& gateway_id) {
  auto gateway = as_viewer(tx, dealer, gateway_id);
  return gateway ? entrusted(tx, dealer, std::move(*gateway)) : std::nullopt;
}

/// Ends a link and tells the owner (M-24).
void end_one(Transaction& tx, const EntrustedGateway& given, const model::Account& dealer, const Caller& caller) {
  const std::string& gateway_id = given.gateway.device.gateway_id;
  tx.links().end(given.link.id);
  cancel_requests_of(tx, gateway_id, dealer.id);
  OutboxMail mail{.kind = "M-24",
                  .cause = "link " + std::to_string(given.link.id),
                  .to = given.owner.person.mail,
                  .recipient = "account " + std::to_string(given.owner.id)};
  mail.fields = {{"name", given.owner.person.full_name()}, {"dealer", dealer.dealer_name},
                 {"dealer_id", dealer.login_id},           {"gw", gateway_id},
                 {"site", given.gateway.site.name},        {"time", mail_time(tx.now())}};
  tx.outbox().enqueue(mail);
  tx.audit().write({"dealer " + dealer.login_id, caller.address, "unlink", gateway_id, "ok"});
}

}  // namespace

void end_all_maintenance(Transaction& tx, const model::Account& dealer, const Caller& caller) {
  for (OwnedGateway& gateway : viewable(tx, dealer))
    if (const auto found = entrusted(tx, dealer, std::move(gateway))) end_one(tx, *found, dealer, caller);
  for (const Contact& contact : tx.contacts().of_dealer(dealer.dealer_id())) {
    tx.contacts().remove(contact.id);
    tx.outbox().forget("contact " + std::to_string(contact.id));
  }
}

std::vector<EntrustedGateway> Maintenance::list(const model::Account& dealer) {
  return registry_.read([&](Transaction& tx) {
    std::vector<EntrustedGateway> found;
    for (OwnedGateway& gateway : viewable(tx, dealer))
      if (auto one = entrusted(tx, dealer, std::move(gateway))) found.push_back(std::move(*one));
    return found;
  });
}

std::optional<EntrustedGateway> Maintenance::find(const model::Account& dealer, const std::string& gateway_id) {
  return registry_.read([&](Transaction& tx) { return entrusted(tx, dealer, gateway_id); });
}

Status Maintenance::end(const model::Account& dealer, const std::string& session_token, const std::string& gateway_id,
                        const Caller& caller) {
  return registry_.transact([&](Transaction& tx) -> Status {
    const auto found = entrusted(tx, dealer, gateway_id);
    const auto draft = tx.drafts().find(key(session_token));
    if (!found && draft && entered(draft->form, "gatewayId") == gateway_id) return done();
    if (!found) return fail("not_found", "not linked to this dealer");
    end_one(tx, *found, dealer, caller);
    tx.drafts().put(key(session_token), {{{"gatewayId", gateway_id}}, true}, tx.now() + settings_.draft_lives);
    return done();
  });
}

bool Maintenance::has_ended(const std::string& session_token) {
  return registry_.read([&](Transaction& tx) { return tx.drafts().find(key(session_token)).has_value(); });
}

}  // namespace v2x::service
