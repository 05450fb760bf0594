#include "backend/store/sql_tokens.hpp"

#include "backend/store/sql.hpp"

namespace v2x::store {

using service::LinkToken;

std::optional<LinkToken> SqlTokens::find(service::TokenPurpose purpose, const std::string& hash) {
  LinkToken token;
  long long subject = 0;
  const std::string word = to_string(purpose);
  session_
      << "SELECT subject, expires, used, wrong, locked_until FROM link_tokens WHERE token_hash = :hash AND purpose = "
         ":purpose",
      soci::into(subject), soci::into(token.expires), soci::into(token.used), soci::into(token.wrong),
      soci::into(token.locked_until), soci::use(hash), soci::use(word);
  if (!session_.got_data()) return std::nullopt;
  token.hash = hash;
  token.purpose = purpose;
  token.subject = subject;
  return token;
}

void SqlTokens::add(const LinkToken& token) {
  const std::string purpose = to_string(token.purpose);
  const auto subject = static_cast<long long>(token.subject);
  session_ << "DELETE FROM link_tokens WHERE purpose = :purpose AND subject = :subject AND used IS NULL",
      soci::use(purpose), soci::use(subject);
  session_
      << "INSERT INTO link_tokens (token_hash, purpose, subject, expires) VALUES (:hash, :purpose, :subject, :expires)",
      soci::use(token.hash), soci::use(purpose), soci::use(subject), soci::use(token.expires);
}

void SqlTokens::use(const std::string& hash) {
  const Time now = transaction_.now();
  session_ << "UPDATE link_tokens SET used = :now WHERE token_hash = :hash", soci::use(now), soci::use(hash);
}

void SqlTokens::count_wrong(const std::string& hash, int wrong, std::optional<Time> locked_until) {
  session_ << "UPDATE link_tokens SET wrong = :wrong, locked_until = :until WHERE token_hash = :hash", soci::use(wrong),
      soci::use(locked_until), soci::use(hash);
}

}  // namespace v2x::store
