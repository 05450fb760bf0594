// Forgets what is kept only for a while: provisional accounts, log-in history, the audit log.
#pragma once

#include "backend/service/duty.hpp"
#include "backend/service/registry.hpp"
#include "backend/service/settings.hpp"

namespace v2x::service {

class RetentionDuty final : public Duty {
 public:
  RetentionDuty(Registry& registry, const Settings& settings) : registry_(registry), settings_(settings) {}
  std::optional<Time> next_due() override;
  void run(Time now) override;

 private:
  Registry& registry_;
  const Settings& settings_;
};

}  // namespace v2x::service
