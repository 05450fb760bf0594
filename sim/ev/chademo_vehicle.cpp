#include "sim/ev/chademo_vehicle.hpp"

#include <algorithm>
#include <cmath>

namespace v2x::ev {
namespace {

using namespace std::chrono_literals;

// Recorded on a 24 kWh Leaf, from its first frame on.
constexpr Duration kSpacing = 10ms;
constexpr Duration kCapacityKnown = 100ms, kSocKnown = 2100ms, kTimeKnown = 2900ms, kEnables = 3900ms;
constexpr Duration kCloses = 1200ms;                        // after d2
constexpr Duration kAsks = 1700ms, kOffers = 2150ms;        // after closing
constexpr Duration kOpens = 2040ms, kReportsOpen = 2910ms;  // after the stop: the weld test lies between
constexpr Duration kRampStep = 100ms;
constexpr int kRampA = 2;
constexpr int kSocUnknown = 0x03, kMaxTimeMin = 60;
constexpr double kTargetCellV = 410.0 / 96, kLargestCellV = 435.0 / 96, kLeastDischargeCellV = 250.0 / 96;
constexpr double kToleranceA = 10, kToleranceShare = 0.1;  // default
constexpr Duration kDeviationTime = 1s;                    // default
constexpr Duration kIdleTime = 360s;                       // seen on Leafs that discharge at 0 A
constexpr int kUnknownProtocol = 0xF;
constexpr double kEstimateW = 3000;  // default: of the charging time that the car shows

int whole(double value) {
  return static_cast<int>(std::lround(value));
}

unsigned bit_of(std::uint16_t id) {
  switch (id) {
    case 0x108:
      return 1;
    case 0x109:
      return 2;
    case 0x208:
      return 4;
    case 0x209:
      return 8;
    default:
      return 0;
  }
}
constexpr unsigned kHeardAll = 15;

}  // namespace

ChademoVehicle::ChademoVehicle(const VehiclePreset& preset, const Battery& battery, const CarKnobs& knobs,
                               Connector& connector, CanBus& bus)
    : preset_(preset),
      battery_(battery),
      knobs_(knobs),
      connector_(connector),
      bus_(bus),
      sender_(bus, *this, kSpacing),
      deviation_(kDeviationTime),
      idling_(kIdleTime) {
  bus_.attach(*this);
}

void ChademoVehicle::RisingCurrent::begin(Time at) {
  value_a = 0;
  next_step = at;
}

void ChademoVehicle::RisingCurrent::follow(int limit_a, bool whole_steps, Time now) {
  value_a = std::min(value_a, limit_a);
  const int step_a = whole_steps ? kRampA : std::min(kRampA, limit_a - value_a);
  if (next_step > now || step_a == 0 || value_a + step_a > limit_a) return;
  value_a += step_a;
  next_step = now + kRampStep;
}

void ChademoVehicle::on_frame(const CanFrame& frame, Time) {
  if (phase_ == Phase::asleep || !decode(frame, hears_)) return;
  heard_ |= bit_of(frame.id);
}

void ChademoVehicle::wake(Time now) {
  phase_ = Phase::awake;
  awake_since_ = now;
  says_ = {};
  hears_ = {};
  heard_ = 0;
  powered_ = false;
  d2_since_ = stopped_at_ = power::kNever;
  std::vector<std::uint16_t> ids{0x100, 0x101, 0x102, 0x200};
  if (preset_.sends_201) ids.push_back(0x201);
  if (preset_.protocol >= 3) ids.push_back(0x110);
  sender_.start(ids, now);
}

void ChademoVehicle::fall_asleep() {
  if (!knobs_.contactor_welded) connector_.contactor_closed = false;
  connector_.k = false;
  phase_ = Phase::asleep;
  sender_.stop();
}

void ChademoVehicle::update(Time now) {
  const bool called = connector_.plugged && connector_.d1;
  const bool refuses = preset_.phev && knobs_.ignition;
  if (phase_ == Phase::asleep && called && !refuses) wake(now);
  if (phase_ != Phase::asleep && !called) fall_asleep();
  if (phase_ == Phase::asleep) return open();  // one that was welded is free when it is repaired
  step(now);
  watch_current(now);
  watch_idling(now);
  speak(now);
}

void ChademoVehicle::step(Time now) {
  if (connector_.d2 && d2_since_ == power::kNever) d2_since_ = now;
  if (phase_ == Phase::awake && now >= awake_since_ + kEnables && compatible()) {
    phase_ = Phase::enabled;
    connector_.k = true;
  }
  if (phase_ == Phase::enabled && connector_.d2 && now >= d2_since_ + kCloses) {
    phase_ = Phase::closed;
    connector_.contactor_closed = true;
    request_.begin(now + kAsks);
    offer_.begin(now + kOffers);
  }
  if (phase_ == Phase::closed) {
    const bool flowing = hears_.status & charger_power_flow, stopping = hears_.status & charger_stop;
    powered_ |= flowing;
    if (powered_ && stopping) stop(now);
    if (knobs_.not_in_park) stop(now);
  }
  if (phase_ == Phase::closed || phase_ == Phase::stopping) {
    if (!connector_.d2) open();  // the stand lets go at once
    if (phase_ == Phase::closed && !connector_.d2) stop(now);
  }
  if (phase_ == Phase::stopping && now >= stopped_at_ + kOpens) open();
}

void ChademoVehicle::stop(Time now) {
  phase_ = Phase::stopping;
  stopped_at_ = now;
  connector_.k = false;
}

void ChademoVehicle::open() {
  if (!knobs_.contactor_welded) connector_.contactor_closed = false;
}

bool ChademoVehicle::compatible() const {
  if (heard_ != kHeardAll || !preset_.supported || knobs_.wrong_protocol || knobs_.not_in_park) return false;
  return hears_.available_v >= says_.target_v && hears_.threshold_v <= says_.max_battery_v && says_.faults == 0;
}

/// Compares what it measures with what the stand says; the reports are fresh at the full cadence only.
void ChademoVehicle::watch_current(Time now) {
  const double measured_a = connector_.current_a + knobs_.current_deviation_a;
  const double reported_a = hears_.present_discharge_a - hears_.present_a;
  const double tolerance_a = std::max(kToleranceA, kToleranceShare * std::abs(reported_a));
  deviation_.see(
      phase_ == Phase::closed && powered_ && bus_.full_cadence() && std::abs(measured_a - reported_a) > tolerance_a,
      now);
}

void ChademoVehicle::watch_idling(Time now) {
  idling_.see(preset_.tickle && phase_ == Phase::closed && powered_ && connector_.current_a == 0, now);
  if (idling_.met(now)) stop(now);
}

int ChademoVehicle::charge_limit_a() const {
  if (phase_ != Phase::closed) return 0;
  const double own_a = connector_.battery_v > 0 ? preset_.aux_w / connector_.battery_v : 0;
  const double most_a = std::min(preset_.max_a, battery_.charge_limit_a(preset_.max_a) + own_a);
  return std::min(static_cast<int>(most_a), hears_.available_a);
}

int ChademoVehicle::discharge_limit_a() const {
  if (phase_ != Phase::closed || knobs_.no_208_reaction) return 0;
  return std::min(static_cast<int>(battery_.discharge_limit_a(preset_.max_a)), hears_.available_input_a);
}

int ChademoVehicle::levels(double percent) const {
  if (preset_.level_unit == LevelUnit::percent) return whole(percent);
  return whole(percent / 100 * preset_.battery.usable_wh / 100);
}

void ChademoVehicle::speak(Time now) {
  const int cells = preset_.battery.cells;
  const Duration age = now - awake_since_;
  says_.max_charge_a = whole(preset_.max_a);
  says_.min_battery_v = whole(battery_.smallest_v());
  says_.max_battery_v = whole(kLargestCellV * cells);
  says_.soc_constant = age >= kCapacityKnown ? preset_.soc_const : 0xF0;
  says_.capacity_kwh01 = age >= kCapacityKnown ? whole(preset_.battery.usable_wh / 100) : 0;
  says_.max_time_min = age >= kTimeKnown ? kMaxTimeMin : 0;
  says_.estimated_min = whole((1 - battery_.soc()) * preset_.battery.usable_wh / kEstimateW * 60);
  says_.protocol = knobs_.wrong_protocol ? kUnknownProtocol : preset_.protocol;
  says_.target_v = whole(kTargetCellV * cells);
  says_.soc = age >= kSocKnown ? static_cast<int>(battery_.soc() * preset_.soc_const + 1e-9) : kSocUnknown;
  says_.faults = knobs_.error_bits | (deviation_.met(now) ? vehicle_current_deviation : 0);
  const bool reports_open = phase_ != Phase::closed && !(phase_ == Phase::stopping && now < stopped_at_ + kReportsOpen);
  const bool enabled = phase_ == Phase::enabled || phase_ == Phase::closed;
  says_.status = vehicle_dynamic_control | (preset_.supported ? vehicle_discharge_compatible : 0) |
                 (enabled ? vehicle_enabled : 0) | (reports_open ? vehicle_contactor_open : 0) |
                 (knobs_.not_in_park ? vehicle_not_in_park : 0);
  request_.follow(charge_limit_a(), true, now);
  offer_.follow(discharge_limit_a(), false, now);
  says_.request_a = request_.value_a;
  says_.extended_control = 1;  // dynamic control
  says_.extended_current_a = says_.request_a;
  says_.discharge_a = offer_.value_a;
  says_.min_discharge_v = whole(kLeastDischargeCellV * cells);
  says_.min_level = levels(preset_.v2h_min);
  says_.max_level = levels(preset_.v2h_max);
  says_.sequence = preset_.protocol >= 3 ? 2 : 1;
  says_.available_kwh01 = static_cast<int>(battery_.stored_wh() / 100);
  if (!knobs_.can_silent) sender_.update(says_, now);
}

Time ChademoVehicle::next_change(Time now) const {
  using power::if_ahead;
  if (phase_ == Phase::asleep) return power::kNever;
  Time next = knobs_.can_silent ? power::kNever : sender_.next_change(now);
  next = std::min({next, if_ahead(deviation_.due(), now), if_ahead(idling_.due(), now)});
  const auto after = [&next, now](Time since, Duration wait) {
    if (since != power::kNever) next = std::min(next, if_ahead(since + wait, now));
  };
  if (phase_ == Phase::awake)
    for (const Duration known : {kCapacityKnown, kSocKnown, kTimeKnown, kEnables}) after(awake_since_, known);
  if (phase_ == Phase::enabled) after(d2_since_, kCloses);
  if (phase_ == Phase::stopping)
    for (const Duration wait : {kOpens, kReportsOpen}) after(stopped_at_, wait);
  if (phase_ == Phase::closed) {
    if (request_.value_a + kRampA <= charge_limit_a()) next = std::min(next, if_ahead(request_.next_step, now));
    if (offer_.value_a < discharge_limit_a()) next = std::min(next, if_ahead(offer_.next_step, now));
  }
  return next;
}

}  // namespace v2x::ev
