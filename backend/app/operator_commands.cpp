#include "backend/app/operator_commands.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "backend/app/offline.hpp"
#include "backend/service/ports/accounts.hpp"
#include "backend/service/ports/audit.hpp"
#include "backend/service/ports/gateways.hpp"
#include "backend/service/ports/links.hpp"
#include "backend/service/ports/outbox.hpp"
#include "backend/service/ports/sessions.hpp"
#include "backend/service/terms.hpp"
#include "common/bad_input.hpp"
#include "common/jst.hpp"

namespace v2x::app {
namespace {

using model::Account;
using model::AccountKind;
using service::Transaction;

Account account_of(Transaction& tx, const std::string& login_id) {
  for (const auto kind : {AccountKind::customer, AccountKind::dealer})
    if (auto account = tx.accounts().of_login(kind, login_id)) return *account;
  throw BadInput(fmt::format("no account has the user ID '{}', expected a mail address or a 販売店ID", login_id));
}

void print_gateways(Transaction& tx, const Account& account) {
  for (const auto& gateway : tx.gateways().of_account(account.id))
    fmt::print("gateway {} at {}\n", gateway.device.gateway_id, gateway.site.name);
  if (account.kind != AccountKind::dealer) return;
  for (const auto& link : tx.links().of_dealer(account.dealer_id()))
    fmt::print("looks after {} since {}\n", link.gateway_id, format_time(link.linked));
}

std::filesystem::path shipped_terms() {
  return resource("web") / "texts/terms";
}

}  // namespace

void show_account(const BackendOptions& options, const std::string& login_id) {
  Offline offline(options);
  offline.core.registry.read([&](Transaction& tx) {
    const Account account = account_of(tx, login_id);
    const bool dealer = account.kind == AccountKind::dealer;
    fmt::print("account {} {} {}\n", account.id, to_string(account.kind), account.login_id);
    fmt::print("name {}{}\n", dealer ? account.dealer_name + " " : "", account.person.full_name());
    fmt::print("mail {}\n", account.person.mail);
    fmt::print("state {}\n", tx.accounts().is_locked(account.id) ? "locked" : "active");
    print_gateways(tx, account);
    fmt::print("agreed to terms {}\n", tx.accounts().agreed_terms(account.id));
  });
}

void lock_account(const BackendOptions& options, const std::string& login_id, bool locked) {
  Offline offline(options);
  offline.core.registry.transact([&](Transaction& tx) {
    const Account account = account_of(tx, login_id);
    tx.accounts().set_locked(account.id, locked);
    if (locked) tx.sessions().remove_of_account(account.id);
    tx.audit().write({"operator", "", locked ? "lock" : "unlock", "account " + std::to_string(account.id), "ok"});
  });
  fmt::print("{} {}\n", locked ? "locked" : "unlocked", login_id);
}

void show_terms(const BackendOptions& options) {
  Offline offline(options);
  const Time now = offline.clock.now();
  const service::Terms terms(shipped_terms(), offline.core.registry);
  for (const auto kind : {AccountKind::customer, AccountKind::dealer})
    for (const auto& [stamp, paragraphs] : terms.versions(kind)) {
      const bool current = terms.current(kind, now).stamp.version == stamp.version;
      fmt::print("{} {} from {}, {} paragraphs{}\n", to_string(kind), stamp.version, format_time(stamp.effective),
                 paragraphs.size(), current ? ", in effect" : "");
    }
}

void publish_terms(const BackendOptions& options, const NewTerms& terms) {
  const auto kind = terms.of == "dealers" ? AccountKind::dealer : AccountKind::customer;
  Offline offline(options);
  service::Terms(shipped_terms(), offline.core.registry).publish(kind, terms.file, terms.from);
  fmt::print("the terms for {} are in effect from {} on\n", terms.of, terms.from);
}

void show_mails(const BackendOptions& options, const std::string& address) {
  Offline offline(options);
  const auto rows = offline.core.registry.read([](Transaction& tx) { return tx.outbox().decisions(0); });
  for (const auto& row : rows)
    if (address.empty() || row.to == address)
      fmt::print("{} {} {} {} to {} {} {} {}\n", row.id, format_time(row.time), row.kind, row.decision,
                 row.to.empty() ? "-" : row.to, row.cause, row.message_id.empty() ? "-" : row.message_id, row.reply);
}

void resend_mail(const BackendOptions& options, std::int64_t outbox_id) {
  Offline offline(options);
  offline.core.registry.transact([&](Transaction& tx) {
    const std::string state = tx.outbox().state(outbox_id);
    if (state != to_string(service::MailDecision::failed))
      throw BadInput(
          fmt::format("mail {} is {}, expected one that failed", outbox_id, state.empty() ? "not there" : state));
    tx.outbox().retry(outbox_id);
    tx.audit().write({"operator", "", "resend", "mail " + std::to_string(outbox_id), "ok"});
  });
  fmt::print("mail {} will be sent again\n", outbox_id);
}

void show_audit(const BackendOptions& options, const AuditFilter& filter) {
  Offline offline(options);
  auto rows = offline.core.registry.read([&](Transaction& tx) {
    return tx.audit().newest_first({filter.actor, filter.act}, filter.last);
  });
  std::reverse(rows.begin(), rows.end());
  for (const auto& [id, time, entry] : rows)
    fmt::print("{} {} {} from {} {} {} {}\n", id, format_time(time), entry.actor,
               entry.address.empty() ? "-" : entry.address, entry.act, entry.object, entry.result);
}

}  // namespace v2x::app
