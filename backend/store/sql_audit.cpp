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

}  // namespace v2x::store
