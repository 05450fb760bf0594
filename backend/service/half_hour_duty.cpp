#include "backend/service/half_hour_duty.hpp"

#include "common/log.hpp"

namespace v2x::service {
namespace {

constexpr Duration kAfterHalfHour = std::chrono::minutes(3);  // by then its last samples have come
constexpr Duration kBetweenRounds = std::chrono::seconds(1);  // other duties get their turn
constexpr size_t kGatewaysAtOnce = 200;
constexpr int kSamplesAtOnce = 20'000;
// Half-hours that are older than kSamplesKept are computed no more: none of theirs is gone before.
constexpr Duration kSamplesForgotten = kSamplesKept + std::chrono::days(1);

}  // namespace

Time HalfHourDuty::after(Time t) {
  return half_hour_of(t - kAfterHalfHour) + kHalfHour + kAfterHalfHour;
}

void HalfHourDuty::run(Time now) {
  next_due_ = after(now);
  const auto gateways = telemetry_.touched_gateways(half_hour_of(now), kGatewaysAtOnce);
  for (const auto& gateway_id : gateways)
    if (const Status kept = energy_.keep_touched(gateway_id); !kept)
      return log::error("half-hours of {} were not kept: {}", gateway_id, kept.error().message);
  if (gateways.size() == kGatewaysAtOnce) {
    next_due_ = now + kBetweenRounds;
    return;
  }
  const auto forgotten = telemetry_.forget_samples(now - kSamplesForgotten, kSamplesAtOnce);
  if (!forgotten) return log::error("old samples were not forgotten: {}", forgotten.error().message);
  if (*forgotten == kSamplesAtOnce) next_due_ = now + kBetweenRounds;
}

}  // namespace v2x::service
