#include "sim/power/diagnosis.hpp"

#include <algorithm>
#include <cmath>

namespace v2x::power {
namespace {

using namespace std::chrono_literals;

struct SoundValue {
  std::string_view quantity;
  double value;
};
// In the order of Knob; all defaults.
constexpr std::array kSound{
    SoundValue{"hw.insulation", 2e6},  SoundValue{"hw.fan_stuck", 0},     SoundValue{"hw.temp_sensor_open", 0},
    SoundValue{"hw.gate_fault", 0},    SoundValue{"hw.dc_link_v", 380},   SoundValue{"hw.dc_injection_ma", 0},
    SoundValue{"hw.relay_welded", 0},  SoundValue{"hw.selftest_fail", 0}, SoundValue{"hw.memory_error", 0},
    SoundValue{"hw.sensor_offset", 0}, SoundValue{"hw.clock_lost", 0},
};

constexpr double kLeastInsulationOhm = 100e3;                             // default
constexpr double kMostDcLinkV = 480;                                      // default
constexpr double kMostInjectionShare = 0.01;                              // JEAC 9701: 1 % of the rated current
constexpr double kMostOffsetPercent = 5;                                  // default
constexpr double kHeatsinkTripC = 90, kCabinetTripC = 85, kCooledC = 70;  // defaults
constexpr double kFanCheckC = 50;                                         // default
constexpr double kDerated = 0.5;                                          // default

}  // namespace

Diagnosis::Diagnosis(core::QuantityTable& table, ActiveFaults& faults, double rated_a)
    : table_(&table),
      faults_(&faults),
      most_injection_ma_(1000 * kMostInjectionShare * rated_a),
      watches_{{{"E2-4", HoldTimer(1s)},
                {"E3-1", HoldTimer(0s)},
                {"E3-2", HoldTimer(0s)},
                {"E3-3", HoldTimer(0s)},
                {"E3-4", HoldTimer(0s)},
                {"E4-1", HoldTimer(10ms)},
                {"E4-2", HoldTimer(0s)},
                {"E4-3", HoldTimer(500ms)},  // JEAC 9701
                {"E4-4", HoldTimer(0s)},
                {"E4-5", HoldTimer(0s)},
                {"E5-1", HoldTimer(0s)},
                {"E5-2", HoldTimer(10s)},
                {"E5-3", HoldTimer(0s)}}} {
  static_assert(kSound.size() == kKnobs);
  for (size_t i = 0; i < kKnobs; ++i) {
    knobs_[i] = table.slot(kSound[i].quantity);
    table.set(knobs_[i], kSound[i].value);
  }
}

bool Diagnosis::pin(std::string_view quantity, std::optional<double> value) {
  for (size_t i = 0; i < kKnobs; ++i) {
    if (kSound[i].quantity != quantity) continue;
    table_->set(knobs_[i], value.value_or(kSound[i].value));
    return true;
  }
  return false;
}

void Diagnosis::see(Check check, bool raises, bool persists, Time now) {
  Watch& watch = watches_[check];
  watch.timer.see(raises, now);
  if (watch.timer.met(now)) faults_->raise(watch.code, now);
  faults_->see_cause(watch.code, raises || persists, now);
}

void Diagnosis::observe(const SelfView& view, Time now) {
  const bool leaks = value(insulation_knob) < kLeastInsulationOhm;
  const bool injects = value(dc_injection_knob) > most_injection_ma_;
  const bool link_high = value(dc_link_knob) > kMostDcLinkV;
  const bool offset = std::abs(value(sensor_offset_knob)) > kMostOffsetPercent;
  const bool gate = on(gate_fault_knob), welded = on(relay_welded_knob), selftest = on(selftest_knob);
  see_temperatures(view, now);
  see(e2_4, leaks && view.operating, leaks, now);
  see(e4_1, gate && view.relay_closed, gate, now);
  see(e4_2, link_high && view.operating, link_high, now);
  see(e4_3, injects && view.relay_closed, injects, now);
  see(e4_4, welded && (view.relay_stuck || view.starting), welded, now);
  see(e4_5, selftest && view.starting, selftest, now);
  see(e5_1, memory_failed(), false, now);
  see(e5_2, offset && view.operating, offset, now);
  see(e5_3, on(clock_lost_knob), false, now);
  if (!on(clock_lost_knob))
    clock_lost_since_.reset();
  else if (!clock_lost_since_)
    clock_lost_since_ = now;
}

void Diagnosis::see_temperatures(const SelfView& view, Time now) {
  see(e3_1, view.heatsink_c >= kHeatsinkTripC, view.heatsink_c >= kCooledC, now);
  see(e3_2, view.cabinet_c >= kCabinetTripC, view.cabinet_c >= kCooledC, now);
  see(e3_3, fan_stuck() && view.heatsink_c > kFanCheckC, fan_stuck(), now);
  see(e3_4, temperature_sensor_open(), false, now);
}

Time Diagnosis::next_change(Time now) const {
  Time next = kNever;
  for (const Watch& watch : watches_) next = std::min(next, if_ahead(watch.timer.due(), now));
  return next;
}

double Diagnosis::derating() const {
  return faults_->active("E3-3") || faults_->active("E3-4") ? kDerated : 1;
}

}  // namespace v2x::power
