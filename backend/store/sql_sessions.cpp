#include "backend/store/sql_sessions.hpp"

#include "backend/store/form_text.hpp"
#include "backend/store/sql.hpp"

namespace v2x::store {

using service::Draft;
using service::DraftKey;
using service::WebSession;

std::optional<WebSession> SqlSessions::find(const std::string& hash) {
  WebSession found;
  long long account = 0;
  session_ << "SELECT site, account_id, started, seen FROM web_sessions WHERE session_hash = :hash",
      soci::into(found.site), soci::into(account), soci::into(found.started), soci::into(found.seen), soci::use(hash);
  if (!session_.got_data()) return std::nullopt;
  found.hash = hash;
  found.account_id = account;
  return found;
}

void SqlSessions::add(const WebSession& session) {
  const auto account = static_cast<long long>(session.account_id);
  session_ << "INSERT INTO web_sessions (session_hash, site, account_id, started, seen) "
              "VALUES (:hash, :site, :account, :started, :seen)",
      soci::use(session.hash), soci::use(session.site), soci::use(account), soci::use(session.started),
      soci::use(session.seen);
}

void SqlSessions::seen(const std::string& hash, Time at) {
  session_ << "UPDATE web_sessions SET seen = :at WHERE session_hash = :hash", soci::use(at), soci::use(hash);
}

void SqlSessions::remove(const std::string& hash) {
  session_ << "DELETE FROM web_sessions WHERE session_hash = :hash", soci::use(hash);
}

void SqlSessions::remove_of_account(std::int64_t account_id) {
  const auto key = static_cast<long long>(account_id);
  session_ << "DELETE FROM web_sessions WHERE account_id = :id", soci::use(key);
}

void SqlSessions::remove_started_before(const std::string& site, Time limit) {
  session_ << "DELETE FROM web_sessions WHERE site = :site AND started < :limit", soci::use(site), soci::use(limit);
}

std::optional<Draft> SqlDrafts::find(const DraftKey& key) {
  std::string state, form;
  const Time now = transaction_.now();
  session_ << "SELECT state, form FROM drafts WHERE session_hash = :hash AND wizard = :wizard AND expires > :now",
      soci::into(state), soci::into(form), soci::use(key.session_hash), soci::use(key.wizard), soci::use(now);
  if (!session_.got_data()) return std::nullopt;
  return Draft{form_of(form), state == "done"};
}

void SqlDrafts::put(const DraftKey& key, const Draft& draft, Time expires) {
  const Time now = transaction_.now();
  session_ << "DELETE FROM drafts WHERE expires <= :now", soci::use(now);
  const std::string state = draft.done ? "done" : "open", form = to_text(draft.form);
  session_
      << "INSERT INTO drafts (session_hash, wizard, state, form, expires) VALUES (:hash, :wizard, :state, :form, "
         ":expires) ON CONFLICT (session_hash, wizard) DO UPDATE SET state = excluded.state, form = excluded.form, "
         "expires = excluded.expires",
      soci::use(key.session_hash), soci::use(key.wizard), soci::use(state), soci::use(form), soci::use(expires);
}

void SqlDrafts::remove(const DraftKey& key) {
  session_ << "DELETE FROM drafts WHERE session_hash = :hash AND wizard = :wizard", soci::use(key.session_hash),
      soci::use(key.wizard);
}

}  // namespace v2x::store
