#include "backend/service/access.hpp"

#include <algorithm>
#include <utility>

#include "backend/service/ports/accounts.hpp"
#include "backend/service/ports/attempts.hpp"
#include "backend/service/ports/audit.hpp"
#include "backend/service/ports/sessions.hpp"
#include "backend/service/secrets.hpp"
#include "backend/service/text_rules.hpp"

namespace v2x::service {
namespace {

constexpr int kUserAgentLength = 120;                      // AUTH-04
constexpr Duration kVisitNoted = std::chrono::minutes(1);  // a visit is written down at most so often
constexpr std::int64_t kNobody = 0;                        // accounts are numbered from 1

/// By account and address, by address, by account.
std::vector<AttemptKey> keys_of(const std::string& login_id, const std::string& address) {
  const AttemptKey by_address = attempts_from(AttemptKind::login_of_address, address);
  return {attempts_of(AttemptKind::login, login_id + " " + by_address.subject), by_address,
          attempts_of(AttemptKind::login_of_account, login_id)};
}

}  // namespace

std::string to_string(SiteId site) {
  switch (site) {
    case SiteId::reg:
      return "reg";
    case SiteId::entry:
      return "entry";
    case SiteId::ctrl:
      return "ctrl";
    case SiteId::api:
      return "api";
  }
  return {};
}

std::optional<model::Account> Access::account_of(SiteId site, const std::string& login_id) {
  const auto kind = model::kind_of_login(login_id);
  const bool dealer = kind == model::AccountKind::dealer;
  if ((site == SiteId::reg && dealer) || (site == SiteId::entry && !dealer)) return std::nullopt;
  return registry_.read([&](Transaction& tx) { return tx.accounts().of_login(kind, login_id); });
}

Result<std::vector<CountedAttempt>> Access::count(const std::vector<AttemptKey>& keys) {
  return registry_.transact([&](Transaction& tx) -> Result<std::vector<CountedAttempt>> {
    std::vector<CountedAttempt> counted;
    for (const AttemptKey& key : keys) {
      const auto attempt = count_attempt(tx, settings_.attempts, key);
      if (!attempt) return fail(attempt.error());
      counted.push_back(*attempt);
    }
    return counted;
  });
}

Duration Access::locked_for(const std::vector<AttemptKey>& keys) {
  return registry_.read([&](Transaction& tx) {
    Duration longest{};
    for (const AttemptKey& key : keys)
      if (const auto until = blocked_until(tx, settings_.attempts, key)) longest = std::max(longest, *until - tx.now());
    return longest;
  });
}

Result<Access::Checked> Access::check(const std::optional<model::Account>& account, const std::string& password) {
  const auto right =
      account ? passwords_.matches(account->password_hash, password) : passwords_.matches_nobody(password);
  if (!right) return fail(right.error());
  // Asked for nobody, too: the time of an answer must not tell whether there is an account (SEC-06).
  const std::int64_t id = account ? account->id : kNobody;
  const bool locked = registry_.read([&](Transaction& tx) { return tx.accounts().is_locked(id); });
  if (locked) return Checked{false, ""};
  if (!*right || !passwords_.is_outdated(account->password_hash)) return Checked{*right, ""};
  const auto new_hash = passwords_.hash(password);  // next time will do, too, when the pool is full
  return Checked{true, new_hash ? *new_hash : ""};
}

void Access::settle(Transaction& tx, const std::vector<CountedAttempt>& counted, const Result<bool>& right,
                    const Caller& caller) const {
  const bool wrong = right && !*right;
  for (const CountedAttempt& attempt : counted) {
    if (wrong)
      note_wrong(tx, settings_.attempts, attempt, caller);
    else
      forgive(tx, attempt);
  }
  if (right && *right) tx.attempts().remove_all(counted.front().key);
}

Result<bool> Access::knows_password(const model::Account& account, const std::string& password, const Caller& caller) {
  if (passwords_.is_full()) return fail("busy", "too many passwords are being checked");
  const auto counted = count(keys_of(account.login_id, caller.address));
  if (!counted) return fail(counted.error());
  const auto right = passwords_.matches(account.password_hash, password);
  registry_.transact([&](Transaction& tx) { settle(tx, *counted, right, caller); });
  return right;
}

LogIn Access::log_in(SiteId site, const Credentials& credentials, const Caller& caller,
                     const std::string& earlier_session) {
  if (passwords_.is_full()) return {LogInState::busy, "", {}};  // costs nothing, not even a transaction
  const auto keys = keys_of(credentials.login_id, caller.address);
  const auto counted = count(keys);
  if (!counted) return {LogInState::locked, "", locked_for(keys)};
  const auto account = account_of(site, credentials.login_id);
  const auto checked = check(account, credentials.password);
  return registry_.transact([&](Transaction& tx) -> LogIn {
    settle(tx, *counted, checked ? Result<bool>(checked->right) : fail(checked.error()), caller);
    if (!checked) return {LogInState::busy, "", {}};
    note(tx, site, account, caller, checked->right);
    if (!checked->right) return {LogInState::refused, "", {}};
    if (!checked->new_hash.empty()) tx.accounts().set_password_hash(account->id, checked->new_hash);
    tx.sessions().remove(hash_of(earlier_session));
    return {LogInState::accepted, start_session(tx, site, account->id), {}};
  });
}

/// The login history of an account that exists, and the audit log.
void Access::note(Transaction& tx, SiteId site, const std::optional<model::Account>& account, const Caller& caller,
                  bool success) const {
  const std::string agent = first_characters(caller.user_agent, kUserAgentLength);
  if (account) tx.accounts().note_login({account->id, to_string(site), caller.address, agent, success});
  const std::string actor = account ? "account " + std::to_string(account->id) : "unknown";
  tx.audit().write({actor, caller.address, "login", to_string(site), success ? "ok" : "refused"});
}

std::string Access::start_session(Transaction& tx, SiteId site, std::int64_t account_id) const {
  const std::string token = new_token();
  tx.sessions().remove_started_before(to_string(site), tx.now() - lifetime(site).absolute);
  tx.sessions().add({hash_of(token), to_string(site), account_id, tx.now(), tx.now()});
  return token;
}

Access::Lifetime Access::lifetime(SiteId site) const {
  if (site == SiteId::api) return {settings_.app_idle, settings_.app_absolute};
  return {settings_.session_idle, settings_.session_absolute};
}

void Access::log_out(const std::string& session_token) {
  registry_.transact([&](Transaction& tx) { tx.sessions().remove(hash_of(session_token)); });
}

std::optional<Visit> Access::visit(SiteId site, const std::string& session_token, bool passive) {
  if (session_token.empty()) return std::nullopt;
  const std::string hash = hash_of(session_token);
  bool note = false;
  auto visit = registry_.read([&](Transaction& tx) -> std::optional<Visit> {
    const auto session = tx.sessions().find(hash);
    if (!session || session->site != to_string(site)) return std::nullopt;
    const Lifetime lifetime = this->lifetime(site);
    const Time ends = session->started + lifetime.absolute;
    if (tx.now() >= ends || tx.now() >= session->seen + lifetime.idle) return std::nullopt;
    note = !passive && tx.now() >= session->seen + kVisitNoted;
    auto account = tx.accounts().find(session->account_id);
    if (!account) return std::nullopt;
    const TermsStamp terms = terms_.current_stamp(tx, account->kind);
    const bool due = session->started >= terms.effective && tx.accounts().agreed_terms(account->id) != terms.version;
    return Visit{std::move(*account), ends, due};
  });
  if (visit && note) registry_.transact([&](Transaction& tx) { tx.sessions().seen(hash, tx.now()); });
  return visit;
}

}  // namespace v2x::service
