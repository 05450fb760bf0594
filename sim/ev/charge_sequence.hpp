// The stages between a plugged car and power flow, with the times of a recorded run of a real car.
#pragma once

#include "sim/power/hold_timer.hpp"

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

/// Both sides behave: every stage lasts as long as it did in the recorded run.
class ChargeSequence {
 public:
  void plug(Time now);
  /// Pulls the plug; a locked one is pulled as soon as the sequence, stopped for this, has let it go.
  void unplug(Time now);
  void start(Time now);
  void stop(StopReason reason, Time now);
  void update(Time now);
  Time next_change(Time now) const { return power::if_ahead(stage_ends_, now); }

  Stage stage() const { return stage_; }
  StopReason stop_reason() const { return reason_; }
  bool plugged() const { return stage_ != Stage::unplugged; }
  bool locked() const { return stage_ >= Stage::insulation && stage_ <= Stage::weld_check; }
  bool contactor_closed() const { return stage_ >= Stage::ready && stage_ <= Stage::stopping; }
  /// On its way to power flow, or there.
  bool active() const { return stage_ >= Stage::handshake && stage_ <= Stage::power_flow; }

 private:
  void enter(Stage stage, Time now);

  Stage stage_ = Stage::unplugged;
  Time stage_ends_ = power::kNever;
  StopReason reason_ = StopReason::none;
  bool pull_when_free_ = false;
};

}  // namespace v2x::ev
