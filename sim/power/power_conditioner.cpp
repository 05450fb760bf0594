#include "sim/power/power_conditioner.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace v2x::power {
namespace {

using namespace std::chrono_literals;

constexpr double kStartC = 20;                                // default: of the heat sink at the start
constexpr Duration kSavePeriod = 900s;                        // default
constexpr Duration kClockHolds = 72h;                         // default: without supply
constexpr double kSagChangeV = 0.5;                           // in a sag: the limited current asks for another power
const double kSuppressedTangent = std::tan(std::acos(0.85));  // of φ; JEAC 9701: what suppression may ask for
constexpr int kVoltVarBit = 4, kVoltWattBit = 10;             // of 701.ThrotSrc

}  // namespace

PowerConditioner::PowerConditioner(core::QuantityTable table, const contracts::FaultCatalogue& faults,
                                   const Identity& identity, const Rating& rating, Time start)
    : table_(std::move(table)),
      rating_(rating),
      commands_(table_, rating),
      connection_(commands_.protection(), commands_.reconnect_wait()),
      faults_(faults, table_),
      diagnosis_(table_, faults_, rating.current_a),
      voltage_rise_(commands_.avr_level_v(), rating.apparent_va),
      next_save_(start + kSavePeriod),
      heat_sink_(kStartC),
      serial_(identity.serial),
      now_(start),
      started_(start) {
  find_slots();
  table_.set(run_switch_, 1);
  table_.set(supply_slot_, 1);
  table_.set(local_, 0);
  table_.set(alarm_reset_, 0);
  publish_identity(identity);
}

bool PowerConditioner::knows(core::Slot slot) const {
  return slot == alarm_reset_ || commands_.knows(slot);
}

void PowerConditioner::apply(core::Slot slot, double value, Time now) {
  if (slot != alarm_reset_) return commands_.write(slot, value, now);
  if (value != 0) faults_.acknowledge(now);  // the point itself keeps reading 0
}

core::ModbusException PowerConditioner::write(std::span<const core::QuantityWrite> writes) {
  for (const core::QuantityWrite& one : writes) {
    if (!knows(one.slot) || (table_.number(local_) != 0 && !commands_.is_heartbeat(one.slot)))
      return core::ModbusException::device_failure;
    if (!commands_.accepts(one.slot, one.value)) return core::ModbusException::illegal_data_value;
  }
  for (const core::QuantityWrite& one : writes) apply(one.slot, one.value, now_);
  commands_.update(now_);
  connection_.configure(commands_.protection(), commands_.reconnect_wait());
  voltage_rise_.configure(commands_.avr_level_v());
  observe_grid(now_);
  if (on_written_) on_written_();
  return core::ModbusException::none;
}

// ---- Causes from outside ----

bool PowerConditioner::pin(std::string_view quantity, std::optional<double> value, Time now) {
  if (quantity == "local") {
    table_.set(local_, value.value_or(0));
  } else if (quantity == "bus.silent") {  // heeded by what answers on the bus
    silent_ = value.value_or(0) != 0;
  } else if (quantity == "op.supply") {
    set_supply(value.value_or(1) != 0, now);
  } else if (quantity == "op.island_switch") {
    table_.set(table_.slot(quantity), value.value_or(0));
  } else if (quantity == "op.run_switch") {
    const bool was_on = run_switch();
    table_.set(run_switch_, value.value_or(1));
    if (!was_on && run_switch()) {  // a hand at the panel
      faults_.acknowledge(now);
      if (commands_.reconnect_wait() == kManualReconnect) connection_.release();
    }
  } else {
    return diagnosis_.pin(quantity, value) || pin_counter(quantity, value);
  }
  return true;
}

bool PowerConditioner::pin_text(std::string_view quantity, const std::optional<std::string>& text) {
  if (quantity != "id.serial") return false;
  table_.set_text(table_.slot(quantity), text.value_or(serial_));
  return true;
}

bool PowerConditioner::pin_counter(std::string_view quantity, std::optional<double> value) {
  double* counter = quantity == "ac.energy_injected"   ? &counters_.injected_wh
                    : quantity == "ac.energy_absorbed" ? &counters_.absorbed_wh
                                                       : nullptr;
  if (!counter) return false;
  if (value) *counter = *value;
  save(now_);
  return true;
}

void PowerConditioner::set_supply(bool on, Time now) {
  if (on == powered_) return;
  powered_ = on;
  table_.set(supply_slot_, on);
  if (!on) {
    supply_lost_at_ = now;
    trip(now);
    state_ = State::off;
    return;
  }
  lose_unsaved();
  started_ = now;
  next_save_ = now + kSavePeriod;
  ++boots_;
  commands_.restart(now);
  if (now - supply_lost_at_ > kClockHolds) diagnosis_.lose_clock();
}

void PowerConditioner::save(Time now) {
  saved_ = counters_;
  save_dc();
  next_save_ = now + kSavePeriod;
}

void PowerConditioner::lose_unsaved() {
  counters_ = saved_;
  restore_dc();
}

// ---- Time ----

void PowerConditioner::integrate(Duration dt) {
  now_ += dt;
  const double hours = std::chrono::duration<double, std::ratio<3600>>(dt).count();
  (flow_.ac_w >= 0 ? counters_.injected_wh : counters_.absorbed_wh) += std::abs(flow_.ac_w) * hours;
  (flow_.var >= 0 ? counters_.injected_varh : counters_.absorbed_varh) += std::abs(flow_.var) * hours;
  if (relay_closed_) counters_.hours += hours;
  heat_sink_.integrate(flow_.loss_w(), ambient_c_, !diagnosis_.fan_stuck(), dt);
  integrate_dc(dt);
}

void PowerConditioner::observe_grid(Time now) {
  const bool on_grid = relay_ordered_ && state_ != State::island;
  connection_.observe(grid_, on_grid, now);
  voltage_rise_.observe(std::max(grid_.voltage_u, grid_.voltage_v), on_grid, now);
}

bool PowerConditioner::see_grid(const GridView& grid, Time now) {
  const GridView before = grid_;
  const bool was_good = connection_.grid_good();
  grid_ = grid;
  const double factor = diagnosis_.voltage_factor();
  grid_.voltage_u *= factor;
  grid_.voltage_v *= factor;
  observe_grid(now);
  return before.leg_dead() != grid_.leg_dead() || before.dead() != grid_.dead() ||
         was_good != connection_.grid_good() || connection_.islanding_found() ||
         (ride_through() != 0 &&
          std::abs(grid_.voltage_u - before.voltage_u) + std::abs(grid_.voltage_v - before.voltage_v) > kSagChangeV);
}

void PowerConditioner::see_phase_jump(double jump_deg, Time now) {
  connection_.see_phase_jump(jump_deg, commands_.phase_jump_deg(), now);
}

void PowerConditioner::set_relay(bool closed) {
  relay_ordered_ = closed;
  relay_closed_ = closed || (relay_closed_ && diagnosis_.relay_welded());
}

void PowerConditioner::update(Time now) {
  now_ = now;
  if (next_save_ <= now) save(now);
  set_relay(relay_ordered_);  // a repaired relay opens
  commands_.update(now);
  take_trips(now);
  if (powered_) {
    suppress_voltage_rise(now);
    watch_heartbeat(now);
    watch_self(now);
    watch_own(now);
    enter_fault(now);
    faults_.update(now);
    const State before = state_;
    step_state(now);
    watch_self(now);  // a relay that should have opened
    enter_fault(now);
    if (state_ != before && (state_ == State::off || state_ == State::sleeping)) save(now);  // an orderly stop
  }
  flow_ = solve(now);
  own_supply_w_ = grid_.dead() || !powered_ ? 0 : own_supply_of(state_);
}

/// The reconnect wait is armed by every excursion, whatever the unit does; only a unit on duty shows the code.
void PowerConditioner::take_trips(Time now) {
  const std::string_view code = connection_.take_trip(now);
  const bool on_duty = powered_ && state_ != State::off && state_ != State::sleeping && state_ != State::island;
  if (!code.empty() && on_duty) {
    trip(now);
    state_ = State::fault;
    faults_.raise(code, now);
  }
  faults_.see_cause(contracts::FaultClass::grid, !connection_.grid_good(), now);
}

void PowerConditioner::enter_fault(Time now) {
  const bool trips = state_ == State::island ? faults_.trips_beyond_grid() : faults_.trips();
  if (!trips || state_ == State::off || state_ == State::sleeping || state_ == State::fault) return;
  trip(now);
  state_ = State::fault;
}

void PowerConditioner::trip(Time now) {
  set_relay(false);
  on_trip(now);
}

void PowerConditioner::watch_heartbeat(Time now) {
  const bool lost = commands_.heartbeat_lost(now);
  if (lost) faults_.raise("E6-1", now);
  faults_.see_cause("E6-1", lost, now);
  if (heartbeat_was_lost_ && !lost) commands_.limit_from_zero(now);
  heartbeat_was_lost_ = lost;
}

void PowerConditioner::watch_self(Time now) {
  const bool operating = state_ == State::starting || state_ == State::running || state_ == State::throttled ||
                         state_ == State::shutting_down || state_ == State::island;
  diagnosis_.observe({state_ == State::starting, operating, relay_closed_, relay_closed_ && !relay_ordered_,
                      sensed_heatsink_c(), heat_sink_.cabinet_c(ambient_c_)},
                     now);
  if (diagnosis_.memory_failed() && !memory_had_failed_) lose_unsaved();
  memory_had_failed_ = diagnosis_.memory_failed();
}

Time PowerConditioner::next_change(Time now) const {
  return std::min({commands_.next_change(now), connection_.next_change(now), faults_.next_change(now),
                   diagnosis_.next_change(now), voltage_rise_.next_change(now), if_ahead(next_save_, now),
                   next_own_change(now)});
}

// ---- Reactive power and the bounds that go with it ----

double PowerConditioner::absorbed_var(double ac_w, Time now) const {
  if (const auto fixed = commands_.fixed_var(now)) return -*fixed;
  const double by_factor = ac_w * commands_.absorbed_per_watt(now);
  const double most = std::max(by_factor, ac_w * kSuppressedTangent);
  return std::min(by_factor + voltage_rise_.extra_var(), most);
}

double PowerConditioner::var_at(double ac_w, Time now) const {
  return relay_ordered_ ? -absorbed_var(ac_w, now) : 0;
}

double PowerConditioner::possible_va() const {
  if (ride_through() == 0) return rating_.apparent_va;
  return std::min(rating_.apparent_va, rating_.current_a * (grid_.voltage_u + grid_.voltage_v));
}

double PowerConditioner::apparent_bound_w(double most_va, Time now) const {
  const auto fixed = commands_.fixed_var(now);
  const double tangent = fixed ? 0 : commands_.absorbed_per_watt(now);
  const double offset = fixed ? -*fixed : voltage_rise_.extra_var();
  // P² + (tangent·P + offset)² = S²
  const double square = 1 + tangent * tangent, half = tangent * offset;
  const double root = half * half - square * (offset * offset - most_va * most_va);
  const double watt = root > 0 ? std::max(0.0, (std::sqrt(root) - half) / square) : 0;
  const double steepest = std::max(tangent, kSuppressedTangent);
  const bool suppressed_fully = !fixed && offset > 0 && tangent * watt + offset >= steepest * watt;
  return suppressed_fully ? most_va / std::hypot(1.0, steepest) : watt;
}

void PowerConditioner::suppress_voltage_rise(Time now) {
  const double most = std::abs(flow_.ac_w) * kSuppressedTangent;
  voltage_rise_.act(!commands_.fixed_var(now) && absorbed_var(std::abs(flow_.ac_w), now) < most, now);
}

int PowerConditioner::suppression_bits() const {
  if (voltage_rise_.power_share() < 1) return 1 << kVoltWattBit;
  return voltage_rise_.extra_var() > 0 ? 1 << kVoltVarBit : 0;
}

}  // namespace v2x::power
