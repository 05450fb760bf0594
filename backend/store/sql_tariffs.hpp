// Tariffs in SQL.
#pragma once

#include <soci/soci.h>

#include <vector>

#include "backend/service/ports/tariffs.hpp"

namespace v2x::store {

class SqlTariffs final : public service::Tariffs {
 public:
  explicit SqlTariffs(soci::session& session) : session_(session) {}

  std::vector<model::Tariff> of_ownership(std::int64_t ownership_id) override;
  void put(std::int64_t ownership_id, const model::Tariff& tariff) override;

 private:
  soci::session& session_;
};

}  // namespace v2x::store
