#include "sim/ev/charge_sequence.hpp"

namespace v2x::ev {
namespace {

using namespace std::chrono_literals;

/// A recorded run of a 24 kWh Leaf on a V2H charger: enabled 3.9 s, locked 12.7, discharged below 20 V 16.1, contactor
/// 17.3, power flow 19.6 s after the start; contactor open 3.1 s, discharged 3.3 s and unlocked 3.8 s after the stop.
Duration lasts(Stage stage) {
  switch (stage) {
    case Stage::handshake:
      return 100ms;
    case Stage::negotiate:
      return 3800ms;
    case Stage::permitted:
      return 8800ms;
    case Stage::insulation:
      return 3400ms;
    case Stage::precharge:
      return 1200ms;
    case Stage::ready:
      return 2300ms;
    case Stage::stopping:
      return 3100ms;
    case Stage::weld_check:
      return 200ms;
    case Stage::unlock:
      return 500ms;
    default:
      return Duration::max();
  }
}

Stage next(Stage stage) {
  return stage == Stage::unlock ? Stage::plugged : static_cast<Stage>(static_cast<int>(stage) + 1);
}

}  // namespace

void ChargeSequence::enter(Stage stage, Time now) {
  stage_ = stage;
  const Duration d = lasts(stage);
  stage_ends_ = d == Duration::max() ? power::kNever : now + d;
}

void ChargeSequence::plug(Time now) {
  if (plugged()) return;
  reason_ = StopReason::none;
  pull_when_free_ = false;
  enter(Stage::plugged, now);
}

void ChargeSequence::unplug(Time now) {
  if (!plugged()) return;
  if (locked()) {
    pull_when_free_ = true;
    return stop(StopReason::user, now);
  }
  reason_ = StopReason::unplugged;
  enter(Stage::unplugged, now);
}

void ChargeSequence::start(Time now) {
  if (stage_ != Stage::plugged) return;
  reason_ = StopReason::none;
  enter(Stage::handshake, now);
}

void ChargeSequence::stop(StopReason reason, Time now) {
  if (!active()) return;
  reason_ = reason;
  enter(contactor_closed() ? Stage::stopping : Stage::unlock, now);
}

void ChargeSequence::update(Time now) {
  while (stage_ends_ <= now) enter(next(stage_), stage_ends_);
  if (pull_when_free_ && !locked()) {
    pull_when_free_ = false;
    unplug(now);
  }
}

}  // namespace v2x::ev
