// The audit log in SQL.
#pragma once

#include <soci/soci.h>

#include "backend/service/ports/audit.hpp"
#include "backend/service/registry.hpp"

namespace v2x::store {

class SqlAudit final : public service::Audit {
 public:
  SqlAudit(soci::session& session, const service::Transaction& transaction)
      : session_(session), transaction_(transaction) {}
  void write(const service::AuditEntry& entry) override;
  std::vector<service::AuditRow> newest_first(const service::AuditFilter& filter, int most) override;
  std::optional<Time> oldest() override;
  void forget_until(Time limit) override;

 private:
  soci::session& session_;
  const service::Transaction& transaction_;
};

}  // namespace v2x::store
