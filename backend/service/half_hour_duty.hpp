// Keeps half-hours that samples have touched, and forgets samples that are older than they are kept.
#pragma once

#include "backend/service/duty.hpp"
#include "backend/service/energy.hpp"

namespace v2x::service {

/// Every half-hour, some gateways at a time. Pages don't wait for it: what it has not kept yet they compute.
class HalfHourDuty final : public Duty {
 public:
  HalfHourDuty(TelemetryStore& telemetry, const Clock& clock)
      : telemetry_(telemetry), energy_(telemetry, clock), next_due_(after(clock.now())) {}
  std::optional<Time> next_due() override { return next_due_; }
  void run(Time now) override;

 private:
  static Time after(Time t);

  TelemetryStore& telemetry_;
  EnergyQueries energy_;
  Time next_due_;
};

}  // namespace v2x::service
