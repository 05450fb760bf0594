#include "backend/service/access.hpp"

#include <algorithm>
#include <utility>

#include "backend/service/ports/accounts.hpp"
#include "backend/service/ports/audit.hpp"
#include "backend/service/ports/sessions.hpp"
#include "backend/service/secrets.hpp"
#include "backend/service/text_rules.hpp"

namespace v2x::service {
namespace {

constexpr size_t kUserAgentLength = 120;                   // AUTH-04
constexpr Duration kVisitNoted = std::chrono::minutes(1);  // a visit is written down at most so often

bool all_digits(const std::string& text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
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
  }
  return {};
}

std::optional<model::Account> Access::account_of(SiteId site, const std::string& login_id) {
  // DEAL-03: an ID of digits alone is a dealer's.
  const bool dealer = all_digits(login_id);
  if ((site == SiteId::reg && dealer) || (site == SiteId::entry && !dealer)) return std::nullopt;
  const auto kind = dealer ? model::AccountKind::dealer : model::AccountKind::customer;
  return registry_.read([&](Transaction& tx) { return tx.accounts().of_login(kind, login_id); });
}

Result<std::string> Access::log_in(SiteId site, const Credentials& credentials, const Caller& caller) {
  const auto account = account_of(site, credentials.login_id);
  const auto matches = account ? passwords_.matches(account->password_hash, credentials.password)
                               : passwords_.matches_nobody(credentials.password);
  if (!matches) return fail(matches.error());
  std::string token;
  registry_.transact([&](Transaction& tx) {
    const std::string agent = is_utf8(caller.user_agent) ? caller.user_agent.substr(0, kUserAgentLength) : "";
    if (account) tx.accounts().note_login({account->id, to_string(site), caller.address, agent, *matches});
    const std::string actor = account ? "account " + std::to_string(account->id) : "unknown";
    tx.audit().write({actor, caller.address, "login", to_string(site), *matches ? "ok" : "refused"});
    if (*matches) token = start_session(tx, site, account->id);
  });
  if (token.empty()) return fail("refused", "unknown ID or wrong password");
  return token;
}

std::string Access::start_session(Transaction& tx, SiteId site, std::int64_t account_id) const {
  const std::string token = new_token();
  tx.sessions().remove_started_before(tx.now() - settings_.session_absolute);
  tx.sessions().add({hash_of(token), to_string(site), account_id, tx.now(), tx.now()});
  return token;
}

void Access::log_out(const std::string& session_token) {
  registry_.transact([&](Transaction& tx) { tx.sessions().remove(hash_of(session_token)); });
}

std::optional<model::Account> Access::visitor(SiteId site, const std::string& session_token, bool passive) {
  if (session_token.empty()) return std::nullopt;
  const std::string hash = hash_of(session_token);
  bool note = false;
  auto account = registry_.read([&](Transaction& tx) -> std::optional<model::Account> {
    const auto session = tx.sessions().find(hash);
    if (!session || session->site != to_string(site)) return std::nullopt;
    if (tx.now() >= session->started + settings_.session_absolute) return std::nullopt;
    if (tx.now() >= session->seen + settings_.session_idle) return std::nullopt;
    note = !passive && tx.now() >= session->seen + kVisitNoted;
    return tx.accounts().find(session->account_id);
  });
  if (account && note) registry_.transact([&](Transaction& tx) { tx.sessions().seen(hash, tx.now()); });
  return account;
}

}  // namespace v2x::service
