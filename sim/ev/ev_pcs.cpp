#include "sim/ev/ev_pcs.hpp"

#include <algorithm>
#include <cmath>

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
constexpr Duration kSlopeStep = 100ms;                                               // one CAN period
constexpr double kRiseA = 2, kFallA = 7;  // per step; recorded: +2 A, and 14 A to 0 in two steps
constexpr double kTickleA = 1;            // seen to keep a Leaf from leaving
constexpr Duration kTicklePeriod = 60s, kTickleTime = 1s;
constexpr double kStandbyW = 15;          // default
constexpr double kResume = 0.01;          // default: share of charge to move away from a bound before going on
constexpr double kAboveOfrHz = 0.3;       // default: drives the PV units off in self-sustained operation
constexpr double kReverseShare = 0.05;    // default: of the rating
constexpr Duration kReverseTime = 500ms;  // default
constexpr double kAtLimitW = 1e-6;
enum ReasonBit { max_w_bit = 0, fixed_pf_bit = 3, derated_bit = 14 };  // of 701.ThrotSrc
constexpr double kAtBound = 1e-9;                                      // a microsecond of current is less

power::Rating rating(double nominal_hz) {
  return {kRatedW, kRatedVa, kRatedA, kIslandVa, 1.0, nominal_hz};
}

}  // namespace

EvPcs::EvPcs(const EvPcsConfig& config, Car* car, const contracts::QuantityCatalogue& quantities,
             const contracts::FaultCatalogue& faults, Time start)
    : PowerConditioner(core::QuantityTable(quantities, "ev_pcs"), faults, config.identity, rating(config.nominal_hz),
                       start),
      car_(car),
      charger_(connector_, bus_),
      orders_(table_, kRatedW),
      self_sustained_(faults_, kIslandVa),
      idle_(kIdleTime),
      reverse_(kReverseTime) {
  enter(State::standby);
  find_slots();
  table_.set(table_.slot("hw.ct_offset"), 0);
  table_.set(table_.slot("op.emergency_stop"), 0);
  table_.set_text(table_.slot("id.options"), "CHAdeMO V2H");
  table_.set(table_.slot("rated.charge_power"), kRatedW);
  table_.set(table_.slot("rated.discharge_power"), kRatedW);
  if (car_) car_->meet(connector_, bus_);
}

void EvPcs::plug(Time now) {
  if (!car_ || charger_.plugged()) return;
  charger_.plug(now);
  if (stop_pressed_) charger_.emergency(now);
  faults_.replugged(now);
  sequence_in_wh_ = sequence_out_wh_ = sequence_seconds_ = 0;
  evaluation_ = now;
}

void EvPcs::unplug(bool forced, Time now) {
  if (forced)
    charger_.tear_out(now);
  else
    charger_.unplug(now);
}

void EvPcs::see_net(double net_u_w, double net_v_w, Time now) {
  net_u_w_ = net_u_w;
  net_v_w_ = net_v_w;
  if (net_u_w + net_v_w == net_w_) return;
  net_w_ = net_u_w + net_v_w;
  if (charger_.plugged() && method_active(now) && evaluation_ == power::kNever) evaluation_ = now + kEvaluationDelay;
}

bool EvPcs::pin(std::string_view quantity, std::optional<double> value, Time now) {
  if (quantity == "op.emergency_stop") {
    stop_pressed_ = value.value_or(0) != 0;
    if (stop_pressed_) charger_.emergency(now);
  } else if (quantity == "hw.ct_offset") {
    ct_offset_w_ = value.value_or(0);
    evaluation_ = now;
  } else {
    return PowerConditioner::pin(quantity, value, now);
  }
  table_.set(table_.slot(quantity), value.value_or(0));
  return true;
}

/// The car is never sold: the reverse-power relay has a transformer of its own.
void EvPcs::watch_own(Time now) {
  const double export_w = flow().ac_w - net_w_;
  const bool reverse = flow().ac_w > 0 && export_w > kReverseShare * kRatedW && state() != State::island;
  reverse_.see(reverse, now);
  if (reverse_.met(now)) faults_.raise("E1-8", now);
  faults_.see_cause("E1-8", reverse, now);
  faults_.update(now);  // what has just cleared no longer keeps it from forming
  if (car_) self_sustained_.observe(outage_view(now), now);
}

// ---- Commands ----

bool EvPcs::knows(core::Slot slot) const {
  return orders_.knows(slot) || PowerConditioner::knows(slot);
}

void EvPcs::apply(core::Slot slot, double value, Time now) {
  evaluation_ = now;
  if (!orders_.knows(slot)) return PowerConditioner::apply(slot, value, now);
  orders_.write(slot, value, now);
}

EvRequest EvPcs::request(Time now) const {
  EvRequest request = orders_.request(now);
  const double most_w = bound(now).watt;
  request.charge_limit_w = std::min(request.charge_limit_w, most_w);
  request.discharge_limit_w = std::min(request.discharge_limit_w, most_w);
  return request;
}

EvPcs::Bound EvPcs::bound(Time now) const {
  Bound lowest{kRatedW, 0, false};
  const auto lower = [&lowest](const Bound& other) { lowest = other.watt < lowest.watt ? other : lowest; };
  lower({commands_.max_power_w(), 1 << max_w_bit, false});
  lower({kRatedW * commands_.limit_share(now), 1 << max_w_bit, true});
  lower({kRatedW * derating(), 1 << derated_bit, false});
  lower({kRatedW * voltage_rise_.power_share(), suppression_bits(), false});
  lower({apparent_bound_w(possible_va(), now), 1 << fixed_pf_bit, false});
  return lowest;
}

bool EvPcs::method_active(Time now) const {
  const EvRequest wanted = orders_.request(now);
  return wanted.charge != ChargeMethod::none || wanted.discharge != DischargeMethod::none;
}

/// The car's own window counts as soon as it has said so; before, what is known of it from plug-in.
double EvPcs::floor() const {
  const VehicleData* vehicle = charger_.vehicle();
  return std::max(orders_.soc_floor(), (vehicle ? min_soc_percent(*vehicle) : car_->preset().v2h_min) / 100);
}
double EvPcs::ceiling() const {
  const VehicleData* vehicle = charger_.vehicle();
  return std::min(orders_.soc_ceiling(), (vehicle ? max_soc_percent(*vehicle) : car_->preset().v2h_max) / 100);
}

// ---- Target and limits ----

void EvPcs::find_limits() {
  charge_max_w_ = discharge_max_w_ = 0;
  if (!charger_.plugged()) return;
  const Battery& battery = car_->battery();
  const double soc = battery.soc(), volt = battery.open_v();
  const double dc_charge_w = car_->port_charge_limit_w(kLargestDcA);
  full_ = soc >= ceiling() - kAtBound || (soc >= ceiling() - kResume && (full_ || dc_charge_w == 0));
  empty_ = soc <= floor() + kAtBound || (empty_ && soc <= floor() + kResume);
  if (volt < kLeastDcV || volt > kLargestDcV) return;
  if (!full_ && dc_charge_w > 0) charge_max_w_ = std::min({kRatedW, orders_.charge_bound_w(), -ac_of_dc(-dc_charge_w)});
  if (!empty_) discharge_max_w_ = std::min(kRatedW, ac_of_dc(car_->port_discharge_limit_w(kLargestDcA)));
}

void EvPcs::evaluate(Time now) {
  const double most_w = bound(now).watt;
  if (orders_.update(now) || most_w != bound_w_) evaluation_ = now;
  bound_w_ = most_w;
  if (evaluation_ > now) return;
  evaluation_ = power::kNever;
  target_w_ = decide_ac_w(request(now), {net_w_ + ct_offset_w_, charge_max_w_, discharge_max_w_});
}

// ---- States ----

bool EvPcs::may_run(Time now) const {
  return run_switch() && !faults_.stops() && commands_.wants_grid() && connection_.grid_good() &&
         connection_.remaining_wait(now) == Duration::zero();
}

void EvPcs::run_session(Time now) {
  const bool charges = self_sustained_.forms() || target_w_ < 0 || ac_w_ < 0 || tickle_w(now) < 0;
  const int offered_a = charges ? static_cast<int>(kLargestDcA) : 0;
  for (int round = 0; round < 2; ++round) {  // each side sees the lines of the other at the same instant
    bus_.update(now);
    if (car_) car_->update(now);
    charger_.see({static_cast<int>(kLargestDcA), offered_a, connector_.current_a});
    charger_.update(now);
  }
  if (const auto reason = charger_.take_fault()) {
    session_fault_ = fault_code(*reason);
    faults_.raise(session_fault_, now);
  }
}

OutageView EvPcs::outage_view(Time now) const {
  OutageView view;
  view.outage = faults_.active("E1-0");
  view.grid_dead = grid().dead();
  view.grid_ready = connection_.grid_good() && connection_.remaining_wait(now) == Duration::zero();
  view.session_flows = charger_.stage() == Stage::power_flow;
  view.automatic = orders_.self_sustains();
  view.by_hand = table_.number(island_switch_) != 0 || orders_.vehicle() == VehicleCommand::black_start;
  view.car_supplies = charger_.plugged() && car_->wakes_stand();
  view.session_failures = charger_.failures();
  view.soc = car_->battery().soc();
  view.floor = std::max(orders_.outage_floor(), car_->preset().v2h_min / 100);
  view.leg_u_w = net_u_w_;
  view.leg_v_w = net_v_w_;
  return view;
}

void EvPcs::form(Time now) {
  formed_.reset();
  if (self_sustained_.dark(now)) formed_ = power::GridView{0, 0, rating_.nominal_hz};
  if (!self_sustained_.forms()) return;
  const bool raised = self_sustained_.frequency_raised(now);
  formed_ = power::GridView{power::kNominalLegV, power::kNominalLegV,
                            raised ? commands_.protection().ofr_hz + kAboveOfrHz : rating_.nominal_hz};
}

/// Beyond what the session itself finds.
bool EvPcs::must_stop() const {
  if (!self_sustained_.wanted()) return faults_.stops();
  return faults_.trips_beyond_grid() || faults_.active("E8-1") || faults_.active("E5-1");
}

void EvPcs::obey(Time now) {
  const Stage stage = charger_.stage();
  switch (orders_.vehicle()) {
    case VehicleCommand::none:
      return;
    case VehicleCommand::black_start:
      if (!grid().dead() || self_sustained_.forms() || faults_.active("E8-2")) orders_.vehicle_done();
      return;
    case VehicleCommand::start:
      if (stage == Stage::plugged && may_run(now)) charger_.start(now);
      if (stage == Stage::power_flow || !charger_.plugged() || !may_run(now)) orders_.vehicle_done();
      return;
    case VehicleCommand::stop:
    case VehicleCommand::unlock:
      charger_.stop(StopReason::user, now);
      if (!charger_.locked() && !charger_.active()) orders_.vehicle_done();
      return;
  }
}

void EvPcs::steer_session(Time now) {
  obey(now);
  if (charger_.stage() == Stage::plugged && target_w_ != 0 && !orders_.held() && may_run(now)) charger_.start(now);
  const bool wanted = self_sustained_.wanted();
  if (charger_.stage() == Stage::plugged && self_sustained_.wants_session(now) && run_switch() && !must_stop())
    charger_.start(now);
  if (charger_.active() && (!run_switch() || (!wanted && !commands_.wants_grid())))
    charger_.stop(StopReason::user, now);
  else if (charger_.active() && must_stop())
    charger_.stop(faults_.active("E8-1") ? StopReason::soc_floor : StopReason::pcs_fault, now);
  else if (charger_.stage() == Stage::power_flow && !wanted && !relay_closed() && !connection_.grid_good())
    charger_.stop(StopReason::grid_lost, now);
  else if (charger_.active() && !wanted && idle_.met(now))
    charger_.stop(full_ ? StopReason::soc_ceiling : empty_ ? StopReason::soc_floor : StopReason::idle, now);
  watch_session_fault(now);
}

/// The cause of a session's fault is over when the session is; that of a welded contactor when the output is free.
void EvPcs::watch_session_fault(Time now) {
  if (charger_.stage() != Stage::fault) return;
  const bool welded = charger_.stop_reason() == StopReason::weld && connector_.contactor_closed;
  faults_.see_cause(session_fault_, welded, now);
  if (!welded && !faults_.active(session_fault_)) charger_.release(now);
}

State EvPcs::state_of_stage(Time now) const {
  const Stage stage = charger_.stage();
  if (self_sustained_.forms()) return State::island;
  if (faults_.trips() || stage == Stage::fault || stage == Stage::emergency) return State::fault;
  if (stage == Stage::power_flow && self_sustained_.wanted()) return State::starting;  // the grid's wait is not over
  if (stage == Stage::power_flow) return method_active(now) ? State::running : State::standby;
  if (charger_.active()) return State::starting;
  if (stage >= Stage::stopping && stage <= Stage::unlock) return run_switch() ? State::shutting_down : State::off;
  if (!run_switch()) return State::off;
  return target_w_ != 0 && wants_grid() ? State::starting : State::standby;
}

void EvPcs::step_state(Time now) {
  run_session(now);
  find_limits();
  evaluate(now);
  steer_session(now);
  run_session(now);
  const bool on_grid = !self_sustained_.wanted() && !self_sustained_.dark(now);
  set_relay(on_grid && (charger_.stage() == Stage::power_flow || (charger_.stage() == Stage::stopping && ac_w_ != 0)));
  enter(state_of_stage(now));
}

void EvPcs::on_trip(Time now) {
  ac_w_ = 0;
  const bool bridges = orders_.self_sustains() && grid().dead() && charger_.stage() == Stage::power_flow;
  if (!bridges) charger_.stop(connection_.grid_good() ? StopReason::pcs_fault : StopReason::grid_lost, now);
}

// ---- Powers ----

/// The AC power, towards `wanted_w` and past 0 at most, that the currents allowed by the car give.
double EvPcs::largest_ac_w(double wanted_w, Time now) const {
  const VehicleData* vehicle = charger_.vehicle();
  if (!vehicle) return 0;
  const double volt = connector_.battery_v, most_w = bound(now).watt;
  if (wanted_w < 0) return std::max({wanted_w, -most_w, -charge_max_w_, ac_of_dc(-vehicle->request_a * volt)});
  return std::min({wanted_w, most_w, discharge_max_w_, ac_of_dc(vehicle->discharge_a * volt)});
}

/// A step every 100 ms: rises by 2 A as the car's own request does, falls by 7 A as a recorded stop does.
void EvPcs::approach(double wanted_w, Time now) {
  if (now < next_slope_step_ || ac_w_ == wanted_w) return;
  const double step_s = std::chrono::duration<double>(kSlopeStep).count();
  const double slope_w = step_s * (wanted_w > 0 ? orders_.discharge_slope_w() : orders_.charge_slope_w());
  const double up_w = std::min(kRiseA * connector_.battery_v, slope_w), down_w = kFallA * connector_.battery_v;
  next_slope_step_ = now + kSlopeStep;
  if (ac_w_ * wanted_w < 0 || std::abs(wanted_w) < std::abs(ac_w_)) {
    const double goal_w = ac_w_ * wanted_w < 0 ? 0 : wanted_w;
    ac_w_ = ac_w_ > 0 ? std::max(goal_w, ac_w_ - down_w) : std::min(goal_w, ac_w_ + down_w);
  } else {
    ac_w_ = wanted_w > 0 ? std::min(wanted_w, ac_w_ + up_w) : std::max(wanted_w, ac_w_ - up_w);
  }
}

/// Some cars leave after six minutes at 0 A: 1 A for 1 s every minute keeps them.
double EvPcs::tickle_w(Time now) const {
  if (idle_.due() == power::kNever) return 0;
  const Duration idle = now - (idle_.due() - kIdleTime);
  if (idle % kTicklePeriod < kTicklePeriod - kTickleTime) return 0;
  const double dc_w = kTickleA * connector_.battery_v;
  return full_ ? ac_of_dc(dc_w) : ac_of_dc(-dc_w);
}

/// Holds the balance of the house. What of a surplus the car doesn't take is burnt by the brake chopper of the DC link,
/// for the second until the raised frequency has tripped the PV units.
power::Flow EvPcs::solve_island(Time now) {
  power::Flow flow;
  flow.ac_w = net_w_;
  const double taken_w = std::max(net_w_, -charge_max_w_);
  if (net_w_ < taken_w - kAtLimitW) self_sustained_.raise_frequency(now);
  form(now);
  flow.dc_w = dc_of_ac(taken_w);
  ac_w_ = 0;
  idle_.reset();
  if (car_) car_->set_port(flow.dc_w);
  return flow;
}

power::Flow EvPcs::solve(Time now) {
  form(now);
  if (state() == State::island) return solve_island(now);
  power::Flow flow;
  const bool flows = charger_.stage() == Stage::power_flow;
  idle_.see(flows && target_w_ == 0 && (ac_w_ == 0 || idle_.due() != power::kNever), now);
  if (blocked()) {
    ac_w_ = 0;
  } else {
    approach(!flows ? 0 : target_w_ != 0 ? target_w_ : tickle_w(now), now);
    ac_w_ = largest_ac_w(ac_w_, now);
    flow.dc_w = dc_of_ac(ac_w_);
    flow.ac_w = flow.dc_w == 0 ? 0 : ac_w_;
    flow.var = var_at(std::abs(flow.ac_w), now);
  }
  const double limit_w = bound(now).watt;
  if (limit_w < kRatedW && flow.ac_w != 0 && std::abs(flow.ac_w) >= limit_w - kAtLimitW) enter(State::throttled);
  if (car_) car_->set_port(flow.dc_w);
  return flow;
}

void EvPcs::integrate_dc(Duration dt) {
  const double hours = std::chrono::duration<double, std::ratio<3600>>(dt).count();
  const double from_car_wh = std::max(0.0, flow().dc_w) * hours, to_car_wh = std::max(0.0, -flow().dc_w) * hours;
  counted_.from_car_wh += from_car_wh;
  counted_.to_car_wh += to_car_wh;
  sequence_in_wh_ += to_car_wh;
  sequence_out_wh_ += from_car_wh;
  if (charger_.stage() == Stage::power_flow) sequence_seconds_ += hours * 3600;
}

double EvPcs::own_supply_of(State state) const {
  return state == State::off || formed_ || flow().ac_w != 0 ? 0 : kStandbyW;
}

Time EvPcs::next_own_change(Time now) const {
  using power::if_ahead;
  Time bound = power::kNever;
  if (car_ && flow().dc_w != 0) {
    const Duration left = car_->battery().time_to(flow().dc_w < 0 ? ceiling() : floor(), car_->current_a());
    if (left != Duration::max()) bound = now + left;
  }
  Time tickle = power::kNever;
  if (idle_.due() != power::kNever) {
    const Duration into = (now - (idle_.due() - kIdleTime)) % kTicklePeriod, quiet = kTicklePeriod - kTickleTime;
    tickle = now + (into < quiet ? quiet - into : kTicklePeriod - into);
  }
  const bool sloping = relay_closed() && (charger_.stage() == Stage::power_flow ? ac_w_ != target_w_ : ac_w_ != 0);
  return std::min({bus_.next_change(), self_sustained_.next_change(now), charger_.next_change(now),
                   car_ ? car_->next_change(now) : power::kNever, if_ahead(evaluation_, now), orders_.next_change(now),
                   if_ahead(idle_.due(), now), if_ahead(reverse_.due(), now), tickle,
                   sloping ? if_ahead(next_slope_step_, now) : power::kNever, if_ahead(bound, now)});
}

}  // namespace v2x::ev
