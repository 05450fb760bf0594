#include "backend/store/sql_attempts.hpp"

#include "backend/store/sql.hpp"

namespace v2x::store {

std::vector<Time> SqlAttempts::newest(const service::AttemptKey& key, int most) {
  const std::string kind = to_string(key.kind);
  const soci::rowset<Time> times =
      (session_.prepare << "SELECT time FROM attempts WHERE kind = :kind AND subject = :subject "
                           "ORDER BY time DESC, id DESC LIMIT :most",
       soci::use(kind), soci::use(key.subject), soci::use(most));
  return {times.begin(), times.end()};
}

std::int64_t SqlAttempts::add(const service::AttemptKey& key, Time expires) {
  const std::string kind = to_string(key.kind);
  const Time now = transaction_.now();
  session_ << "DELETE FROM attempts WHERE expires <= :now", soci::use(now);
  session_ << "INSERT INTO attempts (kind, subject, time, expires) VALUES (:kind, :subject, :time, :expires)",
      soci::use(kind), soci::use(key.subject), soci::use(now), soci::use(expires);
  long long id = 0;
  session_ << "SELECT max(id) FROM attempts WHERE kind = :kind AND subject = :subject", soci::into(id), soci::use(kind),
      soci::use(key.subject);
  return id;
}

void SqlAttempts::remove(std::int64_t id) {
  const auto key = static_cast<long long>(id);
  session_ << "DELETE FROM attempts WHERE id = :id", soci::use(key);
}

void SqlAttempts::remove_all(const service::AttemptKey& key) {
  const std::string kind = to_string(key.kind);
  session_ << "DELETE FROM attempts WHERE kind = :kind AND subject = :subject", soci::use(kind), soci::use(key.subject);
}

}  // namespace v2x::store
