// AI control of gateways in SQL.
#pragma once

#include <soci/soci.h>

#include "backend/service/ports/ai_controls.hpp"

namespace v2x::store {

class SqlAiControls final : public service::AiControls {
 public:
  explicit SqlAiControls(soci::session& session) : session_(session) {}

  std::optional<service::AiControl> find(std::int64_t ownership_id) override;
  void put(const service::AiControl& control) override;
  void remove(std::int64_t ownership_id) override;
  std::optional<Time> next_due() override;
  std::vector<service::AiControl> due(Time now) override;

 private:
  std::vector<service::AiControl> where(const std::string& condition, long long value);

  soci::session& session_;
};

}  // namespace v2x::store
