// Who hears about a gateway's alarms, in SQL.
#pragma once

#include <soci/soci.h>

#include "backend/service/ports/audience.hpp"

namespace v2x::store {

class SqlAudiences final : public service::Audiences {
 public:
  explicit SqlAudiences(soci::session& session) : session_(session) {}
  std::optional<service::Audience> of(const std::string& gateway_id) override;

 private:
  soci::session& session_;
};

}  // namespace v2x::store
