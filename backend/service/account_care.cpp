#include "backend/service/account_care.hpp"

#include "backend/service/maintenance.hpp"
#include "backend/service/ports/audit.hpp"
#include "backend/service/ports/gateways.hpp"
#include "backend/service/ports/outbox.hpp"
#include "backend/service/ports/sessions.hpp"
#include "backend/service/releasing.hpp"

namespace v2x::service {
namespace {

std::string actor(const model::Account& account) {
  return "account " + std::to_string(account.id);
}

}  // namespace

std::vector<LoginRecord> AccountCare::logins(const model::Account& account, int most, int skip) {
  return registry_.read([&](Transaction& tx) { return tx.accounts().logins(account.id, most, skip); });
}

void AccountCare::set_news(const model::Account& account, const Form& posted, const Caller& caller) {
  const Form form = taken(notify_fields(), posted);
  registry_.transact([&](Transaction& tx) {
    auto changed = tx.accounts().find(account.id);
    if (!changed) return;  // closed meanwhile
    changed->notify_fault = !entered(form, "notifyFault").empty();
    changed->notify_offline = !entered(form, "notifyOffline").empty();
    tx.accounts().update(*changed);
    tx.audit().write({actor(account), caller.address, "notify", actor(account), "ok"});
  });
}

bool AccountCare::must_agree(const model::Account& account) {
  return registry_.read([&](Transaction& tx) {
    return tx.accounts().agreed_terms(account.id) != terms_.current_stamp(tx, account.kind).version;
  });
}

void AccountCare::agree(const model::Account& account, const Caller& caller) {
  registry_.transact([&](Transaction& tx) {
    const std::string version = terms_.current_stamp(tx, account.kind).version;
    if (tx.accounts().agreed_terms(account.id) == version) return;  // pressed twice
    tx.accounts().note_agreement(account.id, version, caller.address);
    tx.audit().write({actor(account), caller.address, "agreement", "terms " + version, "ok"});
  });
}

Result<FieldErrors> AccountCare::close(const model::Account& account, const Form& posted, const Caller& caller) {
  const Form form = taken(closing_fields(), posted);
  FieldErrors errors = errors_in(closing_fields(), form);
  if (!entered(form, "password").empty()) {
    const auto proved = access_.knows_password(account, entered(form, "password"), caller);
    if (!proved) return fail(proved.error());
    if (!*proved) errors.insert(errors.begin(), {"password", std::string(kWrongPassword)});
  }
  if (!errors.empty()) return errors;
  registry_.transact([&](Transaction& tx) {
    if (account.kind == model::AccountKind::dealer) end_all_maintenance(tx, account, caller);
    for (const OwnedGateway& gateway : tx.gateways().of_account(account.id))
      end_ownership(tx, alarms_, gateway, {actor(account), caller.address});
    tx.sessions().remove_of_account(account.id);
    tx.gateways().forget_sites(account.id);
    tx.accounts().close(account.id);
    tx.outbox().forget(actor(account));
    tx.audit().write({actor(account), caller.address, "account closed", actor(account), "ok"});
  });
  return FieldErrors{};
}

}  // namespace v2x::service
