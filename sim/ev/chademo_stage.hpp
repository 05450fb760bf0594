// The stages of a CHAdeMO session as the stand sees them, and why a session ended.
#pragma once

#include <string_view>

namespace v2x::ev {

/// Words of `vehicle.stage` in the quantity catalogue, in its order.
enum class Stage {
  unplugged,
  plugged,
  handshake,
  negotiate,
  permitted,
  insulation,
  precharge,
  ready,
  power_flow,
  stopping,
  weld_check,
  unlock,
  fault,
  emergency
};

/// Words of `vehicle.stop_reason`.
enum class StopReason {
  none,
  user,
  soc_ceiling,
  soc_floor,
  vehicle_stop,
  vehicle_error,
  can_timeout,
  not_in_park,
  time_out,
  remaining_time_zero,
  incompatible,
  insulation,
  lock,
  weld,
  current_deviation,
  pcs_fault,
  grid_lost,
  emergency,
  unplugged,
  idle
};

/// What follows when the plug is free again.
enum class Aftermath { plugged, retry, fault };
Aftermath aftermath(StopReason reason);
/// The code of the fault catalogue; "" where the reason has none.
std::string_view fault_code(StopReason reason);

}  // namespace v2x::ev
