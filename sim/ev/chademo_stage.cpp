#include "sim/ev/chademo_stage.hpp"

namespace v2x::ev {

Aftermath aftermath(StopReason reason) {
  switch (reason) {
    case StopReason::none:
    case StopReason::user:
    case StopReason::soc_ceiling:
    case StopReason::soc_floor:
    case StopReason::grid_lost:
    case StopReason::idle:
    case StopReason::pcs_fault:  // the unit's own fault code keeps it from starting
      return Aftermath::plugged;
    case StopReason::vehicle_stop:
    case StopReason::not_in_park:
    case StopReason::time_out:
    case StopReason::remaining_time_zero:
      return Aftermath::retry;
    default:
      return Aftermath::fault;
  }
}

std::string_view fault_code(StopReason reason) {
  switch (reason) {
    case StopReason::can_timeout:
      return "E7-1";
    case StopReason::vehicle_error:
      return "E7-2";
    case StopReason::insulation:
      return "E7-3";
    case StopReason::weld:
      return "E7-4";
    case StopReason::lock:
      return "E7-5";
    case StopReason::incompatible:
      return "E7-6";
    case StopReason::current_deviation:
      return "E7-7";
    case StopReason::vehicle_stop:
    case StopReason::not_in_park:
    case StopReason::time_out:
    case StopReason::remaining_time_zero:
      return "E7-8";
    default:
      return "";
  }
}

}  // namespace v2x::ev
