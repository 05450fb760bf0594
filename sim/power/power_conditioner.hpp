// What PV and EV power conditioners have in common: the grid side, commands, faults, counters, and what they publish.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "sim/core/device.hpp"
#include "sim/power/active_faults.hpp"
#include "sim/power/der_commands.hpp"
#include "sim/power/grid_connection.hpp"
#include "sim/power/heat_sink.hpp"

namespace v2x::power {

/// Words of `state` in the quantity catalogue, in its order.
enum class State { off, sleeping, starting, running, throttled, shutting_down, fault, standby, island };
/// Words of `state_detail`.
enum class Detail { off, sleeping, start_check, reconnect_wait, running, throttled, shutting_down, fault, standby };

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

  void integrate(Duration dt);
  /// True when the change asks for an update() at this very instant: gates block, or the grid turns good or bad.
  bool see_grid(const GridView& grid, Time now);
  void see_ambient(double ambient_c) { ambient_c_ = ambient_c; }
  /// Does what is due at `now`: timers, states, powers.
  void update(Time now);
  Time next_change(Time now) const;
  void publish(Time now);

  State state() const { return state_; }
  bool relay_closed() const { return relay_closed_; }
  const Flow& flow() const { return flow_; }
  const AcCounters& counters() const { return counters_; }
  /// Drawn from the house, beside ac_w.
  double own_supply_w() const { return own_supply_w_; }
  const GridView& grid() const { return grid_; }

 protected:
  virtual bool knows(core::Slot slot) const;
  virtual void apply(core::Slot slot, double value, Time now);
  virtual void integrate_dc(Duration dt) = 0;
  virtual void step_state(Time now) = 0;
  virtual Flow solve(Time now) = 0;
  virtual double own_supply_of(State state) const = 0;
  virtual Time next_own_change(Time now) const = 0;
  virtual void publish_own(Time now) = 0;
  /// A relay has tripped; the grid relay is open already.
  virtual void on_trip(Time now) = 0;

  void enter(State state) { state_ = state; }
  void set_relay(bool closed) { relay_closed_ = closed; }
  bool run_switch() const { return table_.number(run_switch_) != 0; }
  /// Output is impossible: no voltage to follow (gate block).
  bool blocked() const { return !relay_closed_ || grid_.leg_dead(); }

  core::QuantityTable table_;
  Rating rating_;
  DerCommands commands_;
  GridConnection connection_;
  ActiveFaults faults_;

 private:
  void publish_identity(const Identity& identity);
  void publish_ac();
  void publish_state(Time now);

  std::function<void()> on_written_;
  State state_ = State::off;
  bool relay_closed_ = false;
  GridView grid_;
  Flow flow_;
  AcCounters counters_;
  HeatSink heat_sink_;
  double ambient_c_ = 20;
  double own_supply_w_ = 0;
  double hours_ = 0;
  Time now_;

  core::Slot run_switch_, local_, silent_, alarm_reset_, state_slot_, detail_slot_, wait_slot_, relay_slot_;
  core::Slot power_, power_u_, power_v_, apparent_, reactive_, factor_, current_, current_u_, current_v_, voltage_,
      voltage_u_, voltage_v_, voltage_leg_, frequency_, injected_, absorbed_, varh_injected_, varh_absorbed_, dc_power_;
  core::Slot ambient_slot_, cabinet_slot_, heatsink_slot_, hours_slot_, clock_slot_;
};

}  // namespace v2x::power
