// Counted attempts in SQL.
#pragma once

#include <soci/soci.h>

#include "backend/service/ports/attempts.hpp"
#include "backend/service/registry.hpp"

namespace v2x::store {

class SqlAttempts final : public service::Attempts {
 public:
  SqlAttempts(soci::session& session, const service::Transaction& transaction)
      : session_(session), transaction_(transaction) {}
  std::vector<Time> newest(const service::AttemptKey& key, int most) override;
  std::int64_t add(const service::AttemptKey& key, Time expires) override;
  void remove(std::int64_t id) override;
  void remove_all(const service::AttemptKey& key) override;

 private:
  soci::session& session_;
  const service::Transaction& transaction_;
};

}  // namespace v2x::store
