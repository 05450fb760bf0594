// When PV units may sleep: the gateway knows where it stands.
#pragma once

#include "common/clock.hpp"

namespace v2x::gateway {

struct Place {
  double latitude_deg = 0;
  double longitude_deg = 0;
};

/// From sunset until 30 minutes after sunrise.
bool is_night(Time t, const Place& place);

}  // namespace v2x::gateway
