#include "sim/ev/chademo_charger.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace v2x::ev {
namespace {

using namespace std::chrono_literals;
using power::kNever;

// Limits of IEEE 2030.1.1 as published charger code states them; those marked so are defaults.
constexpr Duration kFirstFrame = 5s;  // default
constexpr Duration kPermission = 8s;  // d1 → k
constexpr Duration kReadyToD2 = 20s, kD2ToContactor = 4s, kContactorToRequest = 4s;
constexpr Duration kSilence = 1s;
constexpr Duration kLockLimit = 2s;  // default
constexpr Duration kContactorGivesUp = 10s;
constexpr Duration kQuarterAfter = 1s, kBledAfter = 2s;  // weld detection: below 25 %, below 10 V
constexpr double kQuarter = 0.25, kBledV = 10, kSafeV = 20;
constexpr Duration kD2ToD1 = 500ms;
constexpr double kLeastInsulationOhm = 100e3;  // default
// Recorded on a V2H charger.
constexpr Duration kPrepares = 8500ms;                 // from the permission to the lock
constexpr Duration kTests = 2300ms, kTested = 2950ms;  // after locking
constexpr Duration kPrecharges = 200ms;                // after the contactor
constexpr Duration kFlowAfterRequest = 450ms;
constexpr Duration kRampsDown = 200ms;  // the least time that 109.5 shows flow and stop together
constexpr double kTestV = 500, kRiseS = 0.1, kTestBleedS = 0.12, kBleedS = 0.27;
constexpr int kLowerThresholdV = 250, kDischargeMin = 5;
constexpr Duration kLatch = 300ms;     // default
constexpr Duration kFarewell = 200ms;  // default: frames go on after unlocking
constexpr Duration kRetryAfter = 60s;  // default
constexpr int kRetries = 3;            // default
constexpr Duration kSettled = 2s;      // default: after it, frames without news may be left out
constexpr int kNewestProtocol = 3;
constexpr double kLargestV = 500;
constexpr unsigned kHeardAll = 7;

}  // namespace

void ChademoCharger::Output::go(double volt, double tau, Time now) {
  from_v = at(now);
  to_v = volt;
  tau_s = tau;
  since = now;
}

double ChademoCharger::Output::at(Time now) const {
  return to_v + (from_v - to_v) * std::exp(-std::chrono::duration<double>(now - since).count() / tau_s);
}

Time ChademoCharger::Output::below(double volt) const {
  if (from_v <= volt) return since;
  if (to_v >= volt) return kNever;
  const double seconds = tau_s * std::log((from_v - to_v) / (volt - to_v));
  return since + Duration(static_cast<Duration::rep>(std::ceil(seconds * 1e6)));
}

ChademoCharger::ChademoCharger(Connector& connector, CanBus& bus)
    : connector_(connector), bus_(bus), sender_(bus, *this, Duration::zero()) {
  bus_.attach(*this);
}

// ---- Hands and commands ----

void ChademoCharger::enter(Stage stage, Time now) {
  stage_ = stage;
  entered_ = now;
}

void ChademoCharger::plug(Time now) {
  if (connector_.plugged) return;
  connector_.plugged = true;
  reason_ = StopReason::none;
  known_ = pull_when_free_ = false;
  failures_ = retries_ = 0;
  may_start_at_ = now;
  enter(Stage::plugged, now);
}

void ChademoCharger::unplug(Time now) {
  if (!connector_.plugged) return;
  pull_when_free_ = true;
  if (active()) stop(StopReason::user, now);
  if (!connector_.locked && stage_ != Stage::stopping && stage_ != Stage::weld_check) pull(now);
}

void ChademoCharger::pull(Time now) {
  connector_.plugged = connector_.d1 = connector_.d2 = pull_when_free_ = false;
  sender_.stop();
  reason_ = StopReason::unplugged;
  enter(Stage::unplugged, now);
}

void ChademoCharger::start(Time now) {
  if (stage_ != Stage::plugged || now < may_start_at_) return;
  reason_ = StopReason::none;
  says_ = {};
  hears_ = {};
  hears_.status = vehicle_contactor_open;
  heard_ = 0;
  asked_since_ = still_since_ = bled_ = kNever;
  started_ = now;
  output_ = {};
  connector_.d1 = true;
  enter(Stage::handshake, now);
}

void ChademoCharger::stop(StopReason reason, Time now) {
  if (!active()) return;
  reason_ = reason;
  if (aftermath(reason) == Aftermath::fault) fault_ = reason;
  if (stage_ >= Stage::ready) return enter(Stage::stopping, now);
  connector_.d2 = false;
  output_.go(0, kTestBleedS, now);
  bled_ = std::max(now, output_.below(kSafeV));
  enter(Stage::unlock, now);
}

void ChademoCharger::emergency(Time now) {
  if (!connector_.plugged || stage_ == Stage::emergency) return;
  connector_.d1 = connector_.d2 = false;
  sender_.stop();
  reason_ = StopReason::emergency;
  connector_.locked = connector_.locked && connector_.lock_stuck;
  enter(Stage::emergency, now);
}

void ChademoCharger::tear_out(Time now) {
  if (!connector_.plugged) return;
  if (!connector_.locked && !active()) return pull(now);
  emergency(now);
  connector_.plugged = connector_.locked = pull_when_free_ = false;
  reason_ = StopReason::unplugged;
}

void ChademoCharger::release(Time now) {
  if (stage_ != Stage::fault) return;
  connector_.locked = false;
  failures_ = 0;
  may_start_at_ = now;
  enter(Stage::plugged, now);
}

std::optional<StopReason> ChademoCharger::take_fault() {
  return std::exchange(fault_, std::nullopt);
}

// ---- Time ----

void ChademoCharger::on_frame(const CanFrame& frame, Time now) {
  if (!connector_.d1 || !decode(frame, hears_)) return;
  last_heard_ = now;
  heard_ |= frame.id == 0x100 ? 1 : frame.id == 0x102 ? 2 : frame.id == 0x200 ? 4 : 0;
  if (known_) remembered_ = hears_;
}

void ChademoCharger::update(Time now) {
  settle_output(now);
  const bool full = bus_.full_cadence();
  if (full && !was_full_) last_heard_ = now;
  was_full_ = full;
  watch(now);
  while (step(now)) {
  }
  bus_.allow_quiet(stage_ == Stage::power_flow && since_entry(now) >= kSettled);
  if (pull_when_free_ && !connector_.locked && !active() && connector_.plugged && stage_ != Stage::stopping &&
      stage_ != Stage::weld_check)
    pull(now);
  speak(now);
}

/// The car's battery holds the output while its contactor is closed; then the output bleeds.
void ChademoCharger::settle_output(Time now) {
  if (was_closed_ && !connector_.contactor_closed) {
    output_ = {connector_.battery_v, connector_.battery_v, 1, now};
    output_.go(0, kBleedS, now);
  }
  was_closed_ = connector_.contactor_closed && stage_ >= Stage::power_flow;
  connector_.output_v = was_closed_ ? connector_.battery_v : output_.at(now);
}

/// What ends a session at any stage from the negotiation on.
void ChademoCharger::watch(Time now) {
  if (stage_ < Stage::negotiate || stage_ > Stage::power_flow) return;
  if (bus_.full_cadence() && now >= last_heard_ + kSilence) return stop(StopReason::can_timeout, now);
  if (hears_.faults & vehicle_current_deviation) return stop(StopReason::current_deviation, now);
  if (hears_.faults != 0 || (hears_.status & vehicle_fault)) return stop(StopReason::vehicle_error, now);
  if (hears_.status & vehicle_not_in_park) return stop(StopReason::not_in_park, now);
  if (hears_.max_time_10s == 0) return stop(StopReason::remaining_time_zero, now);
  if (stage_ >= Stage::permitted && !(connector_.k && (hears_.status & vehicle_enabled)))
    return stop(StopReason::vehicle_stop, now);
  if (stage_ < Stage::precharge && stage_ >= Stage::permitted && now >= permitted_ + kReadyToD2)
    stop(StopReason::time_out, now);
}

/// One transition; false when none is due.
bool ChademoCharger::step(Time now) {
  const Stage before = stage_;
  switch (stage_) {
    case Stage::handshake:
      if (heard_ == kHeardAll) {
        sender_.start(frame_ids(), now);
        enter(Stage::negotiate, now);
      } else if (since_entry(now) >= kFirstFrame) {
        stop(StopReason::can_timeout, now);
      }
      break;
    case Stage::negotiate:
      step_negotiate(now);
      break;
    case Stage::permitted:
      step_lock(now);
      break;
    case Stage::insulation:
      step_insulation(now);
      break;
    case Stage::precharge:
      if (!(hears_.status & vehicle_contactor_open))
        enter(Stage::ready, now);
      else if (since_entry(now) >= kD2ToContactor)
        stop(StopReason::time_out, now);
      break;
    case Stage::ready:
      step_ready(now);
      break;
    case Stage::stopping:
      step_stopping(now);
      break;
    case Stage::weld_check:
      step_weld_check(now);
      break;
    case Stage::unlock:
      step_unlock(now);
      break;
    default:
      break;
  }
  return stage_ != before;
}

std::vector<std::uint16_t> ChademoCharger::frame_ids() const {
  if (hears_.protocol >= kNewestProtocol) return {0x108, 0x109, 0x118, 0x208, 0x209};
  return {0x108, 0x109, 0x208, 0x209};
}

void ChademoCharger::step_negotiate(Time now) {
  const bool known_protocol = hears_.protocol >= 1 && hears_.protocol <= kNewestProtocol;
  const bool discharges = hears_.status & vehicle_discharge_compatible;
  if (!known_protocol || !discharges || hears_.target_v > kLargestV || hears_.max_battery_v < kLowerThresholdV)
    return stop(StopReason::incompatible, now);
  if (connector_.k && (hears_.status & vehicle_enabled)) {
    known_ = true;
    remembered_ = hears_;
    permitted_ = now;
    lock_driven_ = now + kPrepares;
    enter(Stage::permitted, now);
  } else if (now >= started_ + kPermission) {
    stop(StopReason::time_out, now);
  }
}

void ChademoCharger::step_lock(Time now) {
  if (now >= lock_driven_ + kLatch && !connector_.lock_stuck) {
    connector_.locked = true;
    enter(Stage::insulation, now);
  } else if (now >= lock_driven_ + kLockLimit) {
    stop(StopReason::lock, now);
  }
}

void ChademoCharger::step_insulation(Time now) {
  if (output_.to_v == 0 && since_entry(now) >= kTests && bled_ == kNever) output_.go(kTestV, kRiseS, now);
  if (since_entry(now) < kTested) return;
  if (bled_ == kNever) {
    if (connector_.insulation_ohm < kLeastInsulationOhm) return stop(StopReason::insulation, now);
    output_.go(0, kTestBleedS, now);
    bled_ = output_.below(kSafeV);
  }
  if (now < bled_) return;
  bled_ = kNever;
  connector_.d2 = true;
  enter(Stage::precharge, now);
}

void ChademoCharger::step_ready(Time now) {
  if (output_.to_v == 0 && since_entry(now) >= kPrecharges) output_.go(connector_.battery_v, kRiseS, now);
  const bool asks = hears_.request_a > 0 || hears_.discharge_a > 0;
  if (asks && asked_since_ == kNever) asked_since_ = now;
  if (asked_since_ != kNever && now >= asked_since_ + kFlowAfterRequest) {
    failures_ = 0;
    enter(Stage::power_flow, now);
  } else if (!asks && since_entry(now) >= kContactorToRequest) {
    stop(StopReason::time_out, now);
  }
}

void ChademoCharger::step_stopping(Time now) {
  if (still_since_ == kNever && converter_.current_a == 0 && since_entry(now) >= kRampsDown) {
    still_since_ = now;
    if (reason_ == StopReason::can_timeout) connector_.d2 = false;  // nobody reports: the car opens by this line
  }
  if (still_since_ == kNever) return;
  const bool reported = (hears_.status & vehicle_contactor_open) && !(hears_.status & vehicle_enabled);
  if (reported || reason_ == StopReason::can_timeout)
    enter(Stage::weld_check, now);
  else if (since_entry(now) >= kContactorGivesUp)
    lock_out(StopReason::weld, now);
}

void ChademoCharger::step_weld_check(Time now) {
  const double volt = connector_.output_v;
  if (bled_ == kNever && volt < kBledV) {
    bled_ = now;
    connector_.d2 = false;
  }
  if (bled_ != kNever) {
    if (now >= bled_ + kD2ToD1) enter(Stage::unlock, now);
  } else if (since_entry(now) >= kBledAfter ||
             (since_entry(now) >= kQuarterAfter && volt >= kQuarter * connector_.battery_v)) {
    lock_out(StopReason::weld, now);
  }
}

void ChademoCharger::step_unlock(Time now) {
  connector_.d1 = false;
  if (now < bled_) return;
  if (!connector_.lock_stuck) connector_.locked = false;
  if (!connector_.locked) {
    if (since_entry(now) >= kFarewell) finish(now);
  } else if (since_entry(now) >= kLockLimit) {
    lock_out(StopReason::lock, now);
  }
}

void ChademoCharger::finish(Time now) {
  sender_.stop();
  const Aftermath then = aftermath(reason_);
  if (then == Aftermath::plugged) return enter(Stage::plugged, now);
  if (then == Aftermath::retry && failures_ < kRetries) {
    ++failures_;
    ++retries_;
    may_start_at_ = now + kRetryAfter;
    return enter(Stage::plugged, now);
  }
  if (then == Aftermath::retry) fault_ = reason_;
  enter(Stage::fault, now);
}

/// A fault that leaves the plug locked.
void ChademoCharger::lock_out(StopReason reason, Time now) {
  reason_ = reason;
  fault_ = reason;
  connector_.d1 = connector_.d2 = false;
  sender_.stop();
  enter(Stage::fault, now);
}

void ChademoCharger::speak(Time now) {
  if (!sender_.running()) return;
  const bool before_flow = stage_ < Stage::power_flow, flow = stage_ == Stage::power_flow;
  const int largest_a = hears_.soc_constant != 0xF0 ? converter_.largest_a : 0;
  says_.available_v = static_cast<int>(kLargestV);
  says_.available_a = before_flow ? converter_.largest_a : flow ? converter_.charge_a : 0;
  says_.threshold_v = std::min(static_cast<int>(kLargestV), hears_.max_battery_v);
  says_.protocol = std::min(hears_.protocol, kNewestProtocol);
  says_.present_v = static_cast<int>(std::lround(connector_.output_v));
  says_.present_a = static_cast<int>(std::lround(std::max(0.0, -converter_.current_a)));
  says_.present_discharge_a = static_cast<int>(std::lround(std::max(0.0, converter_.current_a)));
  const bool still_flowing = flow || (stage_ == Stage::stopping && still_since_ == kNever);
  says_.status = (still_flowing ? charger_power_flow : 0) | (flow ? 0 : charger_stop) |
                 (connector_.locked ? charger_locked : 0) |
                 (reason_ == StopReason::incompatible ? charger_battery_incompatible : 0);
  says_.remaining_10s = 0xFF;
  says_.remaining_min = flow ? hears_.max_time_min : 0xFF;
  says_.extended_control = 1;  // dynamic control
  says_.extended_current_a = says_.available_a;
  says_.available_input_v = static_cast<int>(kLargestV);
  says_.available_input_a = stage_ <= Stage::power_flow ? largest_a : 0;
  says_.lower_threshold_v = kLowerThresholdV;
  says_.remaining_discharge_min = flow ? kDischargeMin : 0;
  sender_.update(says_, now);
}

Time ChademoCharger::next_change(Time now) const {
  Time next = std::min(kNever, sender_.next_change(now));
  const auto at = [&next, now](Time t) { next = std::min(next, power::if_ahead(t, now)); };
  const auto after = [&](Duration wait) { at(entered_ + wait); };
  if (stage_ >= Stage::negotiate && stage_ <= Stage::power_flow && bus_.full_cadence()) at(last_heard_ + kSilence);
  switch (stage_) {
    case Stage::plugged:
      at(may_start_at_);
      break;
    case Stage::handshake:
      after(kFirstFrame);
      break;
    case Stage::negotiate:
      at(started_ + kPermission);
      break;
    case Stage::permitted:
      at(lock_driven_ + kLatch);
      at(lock_driven_ + kLockLimit);
      break;
    case Stage::insulation:
      after(kTests);
      after(kTested);
      if (bled_ != kNever) at(bled_);
      break;
    case Stage::precharge:
      after(kD2ToContactor);
      break;
    case Stage::ready:
      after(kPrecharges);
      after(kContactorToRequest);
      if (asked_since_ != kNever) at(asked_since_ + kFlowAfterRequest);
      break;
    case Stage::power_flow:
      after(kSettled);
      break;
    case Stage::stopping:
      after(kRampsDown);
      after(kContactorGivesUp);
      break;
    case Stage::weld_check:
      at(output_.below(kBledV));
      if (bled_ != kNever) at(bled_ + kD2ToD1);
      after(kQuarterAfter);
      after(kBledAfter);
      break;
    case Stage::unlock:
      if (bled_ != kNever) at(bled_);
      after(kFarewell);
      after(kLockLimit);
      break;
    case Stage::emergency:
      at(output_.below(kBledV));
      break;
    default:
      break;
  }
  return next;
}

}  // namespace v2x::ev
