// What somebody sees who watches a gateway: the newest live sample instead of the newest minute.
#pragma once

#include <optional>
#include <string>

#include "backend/service/live_samples.hpp"
#include "backend/service/monitoring.hpp"
#include "backend/service/registry.hpp"

namespace v2x::service {

/// 動作状態 and 蓄電残量 of a sample (MON-04).
EvState ev_state(const TelemetrySample& sample);
std::optional<int> soc_percent(const TelemetrySample& sample);

/// Asks the gateway for live samples and puts the newest in the place of the minute's means, as the current owner may
/// see it. Totals, faults and status stay as they are; so does everything when the gateway is not heard.
HomeNow watched(Registry& registry, LiveSamples& live, const std::string& gateway_id, HomeNow home);

}  // namespace v2x::service
