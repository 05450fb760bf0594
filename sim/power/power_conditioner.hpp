// What PV and EV power conditioners have in common: the grid side, commands, faults, counters, and what they publish.
#pragma once

#include <algorithm>
#include <functional>
#include <optional>
#include <string>

#include "sim/core/device.hpp"
#include "sim/power/active_faults.hpp"
#include "sim/power/der_commands.hpp"
#include "sim/power/diagnosis.hpp"
#include "sim/power/grid_connection.hpp"
#include "sim/power/heat_sink.hpp"
#include "sim/power/voltage_rise.hpp"

namespace v2x::power {

/// Words of `state` in the quantity catalogue, in its order.
enum class State { off, sleeping, starting, running, throttled, shutting_down, fault, standby, island };
/// Words of `state_detail`.
enum class Detail {
  off,
  sleeping,
  start_check,
  reconnect_wait,
  running,
  throttled,
  shutting_down,
  fault,
  standby,
  island
};

struct Identity {
  std::string model;
  std::string serial;
  int unit_no = 1;
  int unit_id = 1;
};

/// Powers between two changes, all constant. ac_w > 0 generates, dc_w > 0 flows in from panel or car.
struct Flow {
  double ac_w = 0;
  double var = 0;
  double dc_w = 0;
  double loss_w() const { return dc_w - ac_w; }
};

/// Wh and varh since ever; they never fall.
struct AcCounters {
  double injected_wh = 0, absorbed_wh = 0;
  double injected_varh = 0, absorbed_varh = 0;
  double hours = 0;  ///< with the relay closed
};

/// Order of calls at an instant: integrate(dt) with the old powers, then what it sees, then update(). Kernel's thread.
class PowerConditioner : public core::Device {
 public:
  PowerConditioner(core::QuantityTable table, const contracts::FaultCatalogue& faults, const Identity& identity,
                   const Rating& rating, Time start);

  const core::QuantityTable& quantities() const final { return table_; }
  /// Takes effect at the present instant: start, plus what was integrated since.
  core::ModbusException write(std::span<const core::QuantityWrite> writes) final;
  /// Called after each accepted write: the house solves itself anew.
  void on_written(std::function<void()> handler) { on_written_ = std::move(handler); }
  /// Sets a physical cause, or gives it back to the model. False when no model stands behind it.
  virtual bool pin(std::string_view quantity, std::optional<double> value, Time now);

  /// The same for texts: id.serial, as if another unit had been put in.
  bool pin_text(std::string_view quantity, const std::optional<std::string>& text);

  void integrate(Duration dt);
  /// True when the change asks for an update() at this very instant: gates block, or the grid turns good or bad.
  bool see_grid(const GridView& grid, Time now);
  void see_phase_jump(double jump_deg, Time now);
  void see_ambient(double ambient_c) { ambient_c_ = ambient_c; }
  /// Does what is due at `now`: timers, states, powers.
  void update(Time now);
  Time next_change(Time now) const;
  void publish(Time now);

  /// Up to which it is integrated.
  Time now() const { return now_; }
  State state() const { return state_; }
  bool relay_closed() const { return relay_closed_; }
  /// Has supply for its control.
  bool powered() const { return powered_; }
  const Flow& flow() const { return flow_; }
  const AcCounters& counters() const { return counters_; }
  /// The voltage that it forms for the whole house behind the open grid switch (自立); nothing on the grid. While it
  /// forms, see_grid() tells it what is beyond the switch, and its ac_w must be what the house lacks.
  virtual std::optional<GridView> forms() const { return std::nullopt; }
  /// Drawn from the house, beside ac_w.
  double own_supply_w() const { return own_supply_w_; }
  const GridView& grid() const { return grid_; }

 protected:
  virtual bool knows(core::Slot slot) const;
  virtual void apply(core::Slot slot, double value, Time now);
  virtual void integrate_dc(Duration dt) = 0;
  /// The DC counters, as AcCounters: written to memory, and read back after a loss of supply.
  virtual void save_dc() {}
  virtual void restore_dc() {}
  /// A code of the DC side or of self-sustained operation: called at every update, before the states.
  virtual void watch_own(Time) {}
  virtual bool answers_when_off() const { return true; }
  virtual void step_state(Time now) = 0;
  virtual Flow solve(Time now) = 0;
  virtual double own_supply_of(State state) const = 0;
  virtual Time next_own_change(Time now) const = 0;
  virtual void publish_own(Time now) = 0;
  /// A code of class trip has come, or the supply is lost; the grid relay is open already.
  virtual void on_trip(Time now) = 0;

  void enter(State state) { state_ = state; }
  /// A welded relay stays closed.
  void set_relay(bool closed);
  bool run_switch() const { return table_.number(run_switch_) != 0; }
  /// Output is impossible: no voltage to follow (gate block).
  bool blocked() const { return !relay_ordered_ || grid_.leg_dead(); }
  /// The bus and the unit itself allow to be on the grid.
  bool wants_grid() const { return commands_.wants_grid() && !faults_.stops(); }
  /// var delivered at `ac_w` ≥ 0: fixed, or by power factor, with what voltage-rise suppression adds.
  double var_at(double ac_w, Time now) const;
  /// Largest ac_w whose apparent power with var_at() is within `most_va`.
  double apparent_bound_w(double most_va, Time now) const;
  /// In a sag the current is limited, so less than the rating.
  double possible_va() const;
  /// The heat sink and the fan allow this share of the rating.
  double derating() const { return std::min(diagnosis_.derating(), temperature_share(sensed_heatsink_c())); }
  /// Bits of `ride_through`: an excursion is being ridden through.
  int ride_through() const;
  /// Bits of 701.ThrotSrc that suppression sets, 0 while it is at rest.
  int suppression_bits() const;

  core::QuantityTable table_;
  Rating rating_;
  DerCommands commands_;
  GridConnection connection_;
  ActiveFaults faults_;
  Diagnosis diagnosis_;
  VoltageRise voltage_rise_;

 private:
  void find_slots();
  void observe_grid(Time now);
  void publish_identity(const Identity& identity);
  void publish_ac();
  void publish_state(Time now);
  double sensed_heatsink_c() const;
  /// var that `ac_w` absorbs by power factor alone, and with suppression.
  double absorbed_var(double ac_w, Time now) const;
  void watch_heartbeat(Time now);
  void watch_self(Time now);
  void suppress_voltage_rise(Time now);
  void take_trips(Time now);
  void trip(Time now);
  void enter_fault(Time now);
  void save(Time now);
  void lose_unsaved();
  void set_supply(bool on, Time now);
  bool pin_counter(std::string_view quantity, std::optional<double> value);

  std::function<void()> on_written_;
  State state_ = State::off;
  bool relay_ordered_ = false, relay_closed_ = false;
  bool powered_ = true, silent_ = false, heartbeat_was_lost_ = false, memory_had_failed_ = false;
  GridView grid_;  ///< as measured
  Flow flow_;
  AcCounters counters_, saved_;
  Time next_save_, supply_lost_at_{};
  HeatSink heat_sink_;
  double ambient_c_ = 20;
  double own_supply_w_ = 0;
  int boots_ = 1;
  std::string serial_;
  Time now_, started_;

  core::Slot run_switch_, supply_slot_, local_, silent_slot_, alarm_reset_, state_slot_, detail_slot_, wait_slot_,
      relay_slot_;
  core::Slot power_, power_u_, power_v_, apparent_, reactive_, factor_, current_, current_u_, current_v_, voltage_,
      voltage_u_, voltage_v_, voltage_leg_, frequency_, injected_, absorbed_, varh_injected_, varh_absorbed_, dc_power_;
  core::Slot ambient_slot_, cabinet_slot_, heatsink_slot_, hours_slot_, clock_slot_, insulation_slot_, boots_slot_,
      heartbeat_slot_, ride_through_slot_;
};

}  // namespace v2x::power
