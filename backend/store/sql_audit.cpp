#include "backend/store/sql_audit.hpp"

#include "backend/store/sql.hpp"

namespace v2x::store {

void SqlAudit::write(const service::AuditEntry& entry) {
  const Time now = transaction_.now();
  session_ << "INSERT INTO audit (time, actor, address, act, object, result) "
              "VALUES (:time, :actor, :address, :act, :object, :result)",
      soci::use(now), soci::use(entry.actor), soci::use(entry.address), soci::use(entry.act), soci::use(entry.object),
      soci::use(entry.result);
}

std::vector<service::AuditRow> SqlAudit::newest_first(const service::AuditFilter& filter, int most) {
  const soci::rowset<soci::row> rows =
      (session_.prepare << "SELECT id, time, actor, address, act, object, result FROM audit "
                           "WHERE (:actor = '' OR actor = :actor2) AND (:act = '' OR act = :act2) "
                           "ORDER BY id DESC LIMIT :most",
       soci::use(filter.actor), soci::use(filter.actor), soci::use(filter.act), soci::use(filter.act), soci::use(most));
  std::vector<service::AuditRow> found;
  for (const auto& row : rows)
    found.push_back({key_at(row, 0),
                     row.get<Time>(1),
                     {row.get<std::string>(2), row.get<std::string>(3), row.get<std::string>(4),
                      row.get<std::string>(5), row.get<std::string>(6)}});
  return found;
}

std::optional<Time> SqlAudit::oldest() {
  std::optional<Time> oldest;
  session_ << "SELECT min(time) FROM audit", soci::into(oldest);
  return oldest;
}

void SqlAudit::forget_until(Time limit) {
  session_ << "DELETE FROM audit WHERE time <= :limit", soci::use(limit);
}

}  // namespace v2x::store
