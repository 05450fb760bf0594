#include "sim/ev/ev_pcs.hpp"

#include <algorithm>
#include <cmath>

#include "common/units.hpp"
#include "sim/ev/conversion.hpp"

namespace v2x::ev {
namespace {

using namespace std::chrono_literals;
using power::State;

constexpr double kRatedW = 6000, kRatedVa = 6000, kRatedA = 29.7, kIslandVa = 6000;  // default
constexpr double kLargestDcA = 20;                                                   // default
constexpr double kLeastDcV = 150, kLargestDcV = 450;                                 // default
constexpr Duration kEvaluationDelay = 200ms;                                         // default
constexpr Duration kIdleTime = 600s;                                                 // default
constexpr double kStandbyW = 15;                                                     // default
constexpr double kResume = 0.01;   // default: share of charge to move away from a bound before going on
constexpr double kAtBound = 1e-9;  // a microsecond of current is less
// Defaults of the commands.
constexpr double kChargeLimitW = 3000, kDischargeLimitW = 6000, kFloorPercent = 30, kCeilingPercent = 100,
                 kRevertS = 60;

power::Rating rating(double nominal_hz) {
  return {kRatedW, kRatedVa, kRatedA, kIslandVa, 1.0, nominal_hz};
}

}  // namespace

EvPcs::EvPcs(const EvPcsConfig& config, Car* car, const contracts::QuantityCatalogue& quantities,
             const contracts::FaultCatalogue& faults, Time start)
    : PowerConditioner(core::QuantityTable(quantities, "ev_pcs"), faults, config.identity, rating(config.nominal_hz),
                       start),
      car_(car),
      idle_(kIdleTime) {
  enter(State::standby);
  find_slots();
  set_defaults();
}

void EvPcs::set_defaults() {
  table_.set(charge_method_, 0);
  table_.set(discharge_method_, 0);
  table_.set(charge_limit_, kChargeLimitW);
  table_.set(discharge_limit_, kDischargeLimitW);
  table_.set(floor_, kFloorPercent);
  table_.set(ceiling_, kCeilingPercent);
  table_.set(revert_, kRevertS);
  table_.set(table_.slot("rated.charge_power"), kRatedW);
  table_.set(table_.slot("rated.discharge_power"), kRatedW);
}

void EvPcs::plug(Time now) {
  if (!car_ || sequence_.plugged()) return;
  sequence_.plug(now);
  sequence_in_wh_ = sequence_out_wh_ = sequence_seconds_ = 0;
  evaluation_ = now;
}

void EvPcs::unplug(Time now) {
  sequence_.unplug(now);
}

void EvPcs::see_net(double net_w, Time now) {
  if (net_w == net_w_) return;
  net_w_ = net_w;
  if (sequence_.plugged() && method_active() && evaluation_ == power::kNever) evaluation_ = now + kEvaluationDelay;
}

// ---- Commands ----

bool EvPcs::knows(core::Slot slot) const {
  for (const core::Slot own :
       {charge_method_, discharge_method_, charge_limit_, discharge_limit_, floor_, ceiling_, revert_})
    if (slot == own) return true;
  return PowerConditioner::knows(slot);
}

void EvPcs::apply(core::Slot slot, double value, Time now) {
  evaluation_ = now;
  if (PowerConditioner::knows(slot)) return PowerConditioner::apply(slot, value, now);
  table_.set(slot, value);
  methods_expire_ = now + from_seconds(table_.number(revert_));
}

bool EvPcs::method_active() const {
  return table_.number(charge_method_) != 0 || table_.number(discharge_method_) != 0;
}

EvRequest EvPcs::request(Time now) const {
  const double most_w = std::min(commands_.max_power_w(), kRatedW * commands_.limit_share(now));
  return {static_cast<ChargeMethod>(table_.number(charge_method_)),
          static_cast<DischargeMethod>(table_.number(discharge_method_)),
          std::min(most_w, table_.number(charge_limit_)), std::min(most_w, table_.number(discharge_limit_))};
}

double EvPcs::floor() const {
  return std::max(table_.number(floor_), car_->preset().v2h_min) / 100;
}
double EvPcs::ceiling() const {
  return std::min(table_.number(ceiling_), car_->preset().v2h_max) / 100;
}

// ---- Target and limits ----

void EvPcs::find_limits() {
  charge_max_w_ = discharge_max_w_ = 0;
  if (!sequence_.plugged()) return;
  const Battery& battery = car_->battery();
  const double soc = battery.soc(), volt = battery.open_v();
  const double dc_charge_w = car_->port_charge_limit_w(kLargestDcA);
  full_ = soc >= ceiling() - kAtBound || (soc >= ceiling() - kResume && (full_ || dc_charge_w == 0));
  empty_ = soc <= floor() + kAtBound || (empty_ && soc <= floor() + kResume);
  if (volt < kLeastDcV || volt > kLargestDcV) return;
  if (!full_ && dc_charge_w > 0) charge_max_w_ = std::min(kRatedW, -ac_of_dc(-dc_charge_w));
  if (!empty_) discharge_max_w_ = std::min(kRatedW, ac_of_dc(car_->port_discharge_limit_w(kLargestDcA)));
}

void EvPcs::evaluate(Time now) {
  if (methods_expire_ <= now) {
    table_.set(charge_method_, 0);
    table_.set(discharge_method_, 0);
    methods_expire_ = power::kNever;
    evaluation_ = now;
  }
  if (evaluation_ > now) return;
  evaluation_ = power::kNever;
  target_w_ = decide_ac_w(request(now), {net_w_, charge_max_w_, discharge_max_w_});
}

// ---- States ----

bool EvPcs::may_run(Time now) const {
  return run_switch() && !faults_.stops() && commands_.wants_grid() && connection_.grid_good() &&
         connection_.remaining_wait(now) == Duration::zero();
}

void EvPcs::steer_sequence(Time now) {
  sequence_.update(now);
  if (sequence_.stage() == Stage::plugged && target_w_ != 0 && may_run(now)) sequence_.start(now);
  if (!sequence_.active()) return;
  if (!run_switch() || !commands_.wants_grid())
    sequence_.stop(StopReason::user, now);
  else if (sequence_.stage() == Stage::power_flow && !relay_closed() && !connection_.grid_good())
    sequence_.stop(StopReason::grid_lost, now);
  else if (idle_.met(now))
    sequence_.stop(full_ ? StopReason::soc_ceiling : empty_ ? StopReason::soc_floor : StopReason::idle, now);
}

State EvPcs::state_of_stage() const {
  if (faults_.stops()) return State::fault;
  if (sequence_.stage() == Stage::power_flow) return method_active() ? State::running : State::standby;
  if (sequence_.active()) return State::starting;
  if (sequence_.stage() > Stage::power_flow) return run_switch() ? State::shutting_down : State::off;
  if (!run_switch()) return State::off;
  return target_w_ != 0 && commands_.wants_grid() ? State::starting : State::standby;
}

void EvPcs::step_state(Time now) {
  find_limits();
  evaluate(now);
  steer_sequence(now);
  set_relay(sequence_.stage() == Stage::power_flow);
  enter(state_of_stage());
}

void EvPcs::on_trip(Time now) {
  sequence_.stop(StopReason::grid_lost, now);
}

power::Flow EvPcs::solve(Time now) {
  power::Flow flow;
  if (!blocked()) {
    flow.ac_w = std::clamp(target_w_, -charge_max_w_, discharge_max_w_);
    flow.dc_w = dc_of_ac(flow.ac_w);
    if (flow.dc_w == 0) flow.ac_w = 0;
    flow.var = -std::abs(flow.ac_w) * commands_.absorbed_per_watt(now);
  }
  const double limit_w = kRatedW * commands_.limit_share(now);
  if (limit_w < kRatedW && flow.ac_w != 0 && std::abs(flow.ac_w) >= limit_w) enter(State::throttled);
  idle_.see(sequence_.stage() == Stage::power_flow && flow.ac_w == 0, now);
  if (car_) car_->set_port(flow.dc_w, sequence_.contactor_closed());
  return flow;
}

void EvPcs::integrate_dc(Duration dt) {
  const double hours = std::chrono::duration<double, std::ratio<3600>>(dt).count();
  const double from_car_wh = std::max(0.0, flow().dc_w) * hours, to_car_wh = std::max(0.0, -flow().dc_w) * hours;
  dc_in_wh_ += from_car_wh;
  dc_out_wh_ += to_car_wh;
  sequence_in_wh_ += to_car_wh;
  sequence_out_wh_ += from_car_wh;
  if (sequence_.stage() == Stage::power_flow) sequence_seconds_ += hours * 3600;
}

double EvPcs::own_supply_of(State state) const {
  return state == State::off || flow().ac_w != 0 ? 0 : kStandbyW;
}

Time EvPcs::next_own_change(Time now) const {
  using power::if_ahead;
  Time bound = power::kNever;
  if (car_ && flow().dc_w != 0) {
    const Duration left = car_->battery().time_to(flow().dc_w < 0 ? ceiling() : floor(), car_->current_a());
    if (left != Duration::max()) bound = now + left;
  }
  return std::min({sequence_.next_change(now), if_ahead(evaluation_, now), if_ahead(methods_expire_, now),
                   if_ahead(idle_.due(), now), if_ahead(bound, now)});
}

}  // namespace v2x::ev
