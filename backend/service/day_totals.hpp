// Energy of a span of time from counter readings (MON-20, MON-22, MON-23).
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "backend/service/telemetry.hpp"

namespace v2x::service {

/// What a counter gained between two readings; a fall is a restart, or a roll-over at 2³² Wh when it was close to it.
std::int64_t counter_gain(std::int64_t before, std::int64_t after);

/// Energy in (from, readings' end]. `before` is the newest reading at or before `from`; its gain up to the first
/// reading is shared by time, whole Wh. Without it counting starts at the first reading. A flow that was never read
/// is absent, and so is everything when there are no readings.
Flows<std::int64_t> energy_since(Time from, const std::optional<CounterReading>& before,
                                 const std::vector<CounterReading>& readings);

}  // namespace v2x::service
