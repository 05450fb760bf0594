// What a power conditioner finds wrong with itself: the physical causes (hw.*) that a scenario sets, and their codes.
#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "sim/power/active_faults.hpp"

namespace v2x::power {

/// What the unit is doing while it looks at itself.
struct SelfView {
  bool starting = false;
  bool operating = false;  ///< starting up to shutting down, or in self-sustained operation
  bool relay_closed = false;
  bool relay_stuck = false;  ///< closed although it should be open
  double heatsink_c = 0;
  double cabinet_c = 0;
};

/// Publishes its knobs and raises E2-4, E3-x, E4-x and E5-x; a code clears when its cause is gone and its rule allows.
class Diagnosis {
 public:
  /// Both outlive this object.
  Diagnosis(core::QuantityTable& table, ActiveFaults& faults, double rated_a);

  /// Sets a knob or gives it its sound value back; false for a name that is none.
  bool pin(std::string_view quantity, std::optional<double> value);
  void observe(const SelfView& view, Time now);
  Time next_change(Time now) const;

  bool relay_welded() const { return on(relay_welded_knob); }
  bool fan_stuck() const { return on(fan_stuck_knob); }
  bool temperature_sensor_open() const { return on(sensor_open_knob); }
  bool memory_failed() const { return on(memory_error_knob); }
  double insulation_ohm() const { return value(insulation_knob); }
  /// By which the measured voltage is too large.
  double voltage_factor() const { return 1 + value(sensor_offset_knob) / 100; }
  /// After too long without supply; a `repair` sets the clock.
  void lose_clock() { table_->set(knobs_[clock_lost_knob], 1); }
  /// Since when the clock counts from zero; nothing while it is right.
  std::optional<Time> clock_lost_since() const { return clock_lost_since_; }
  /// Share of the rating that a failed fan or sensor leaves.
  double derating() const;

 private:
  enum Knob : size_t {
    insulation_knob,
    fan_stuck_knob,
    sensor_open_knob,
    gate_fault_knob,
    dc_link_knob,
    dc_injection_knob,
    relay_welded_knob,
    selftest_knob,
    memory_error_knob,
    sensor_offset_knob,
    clock_lost_knob,
    kKnobs
  };
  struct Watch {
    std::string_view code;
    HoldTimer timer;
  };
  enum Check : size_t { e2_4, e3_1, e3_2, e3_3, e3_4, e4_1, e4_2, e4_3, e4_4, e4_5, e5_1, e5_2, e5_3, kChecks };

  double value(Knob knob) const { return table_->number(knobs_[knob]); }
  bool on(Knob knob) const { return value(knob) != 0; }
  /// Raises the code after `raises` has held for its time; the cause lasts while either is true.
  void see(Check check, bool raises, bool persists, Time now);
  void see_temperatures(const SelfView& view, Time now);

  core::QuantityTable* table_;
  ActiveFaults* faults_;
  double most_injection_ma_;
  std::array<core::Slot, kKnobs> knobs_;
  std::array<Watch, kChecks> watches_;
  std::optional<Time> clock_lost_since_;
};

}  // namespace v2x::power
