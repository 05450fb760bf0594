#include "sim/pcs/pv_pcs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace v2x::pcs {
namespace {

using namespace std::chrono_literals;
using power::State;

// KPV-A55-J4; apparent power, current and island rating are defaults.
constexpr double kRatedW = 5500, kRatedVa = 5790, kRatedA = 28.7, kIslandVa = 1500;
constexpr double kPowerFactor = 0.95;  // published factory setting
constexpr double kWakeV = 50;          // data sheet: lowest working voltage
constexpr double kDawnV = 60, kDawnW = 30;
constexpr Duration kDawnTime = 10s;  // default
constexpr double kDuskW = 15;
constexpr Duration kDuskTime = 60s;    // default
constexpr Duration kStartCheck = 10s;  // default
constexpr double kSoftStartS = 30;     // default
constexpr Duration kSoftStartStep = 1s;
constexpr double kRunDownS = 2;  // default
constexpr Duration kRunDownStep = 200ms;
constexpr double kAsleepW = 5, kAwakeW = 10;  // default
constexpr double kIslandW = 100;              // default: least sun to begin self-sustained operation
enum ReasonBit {
  max_w_bit = 0,
  fixed_var_bit = 2,
  fixed_pf_bit = 3,
  volt_var_bit = 4,
  volt_watt_bit = 10,
  derated_bit = 14
};  // of 701.ThrotSrc

power::Rating rating(double nominal_hz) {
  return {kRatedW, kRatedVa, kRatedA, kIslandVa, kPowerFactor, nominal_hz};
}

}  // namespace

PvPcs::PvPcs(const PvPcsConfig& config, const contracts::QuantityCatalogue& quantities,
             const contracts::FaultCatalogue& faults, Time start)
    : PowerConditioner(core::QuantityTable(quantities, "pv_pcs"), faults, config.identity, rating(config.nominal_hz),
                       start),
      inverter_(kRatedW),
      string_watch_(table_, faults_),
      outlet_(table_, faults_, kIslandVa),
      sound_(config.strings),
      sources_(config.strings),
      trackable_w_(config.strings),
      points_(config.strings),
      string_wh_(config.strings),
      saved_string_wh_(config.strings),
      string_limit_a_(string_current_limit_a(config.strings)),
      dawn_(kDawnTime),
      dusk_(kDuskTime),
      start_check_(kStartCheck),
      soft_start_(1, kSoftStartStep),
      run_down_(1, kRunDownStep) {
  enter(State::sleeping);
  slots_.resize(config.strings);
  find_slots();
  table_.set_text(table_.slot("id.options"), fmt::format("{} strings", config.strings));
}

void PvPcs::see_strings(std::span<const power::DcSource> strings) {
  std::copy_n(strings.begin(), std::min(strings.size(), sound_.size()), sound_.begin());
  mpp_w_ = trackable_dc_w_ = 0;
  for (size_t i = 0; i < sound_.size(); ++i) {
    sources_[i] = string_watch_.seen(i, sound_[i]);
    trackable_w_[i] = trackable_w(sources_[i], string_limit_a_);
    mpp_w_ += sources_[i].mpp_w;
    trackable_dc_w_ += trackable_w_[i];
  }
}

bool PvPcs::pin(std::string_view quantity, std::optional<double> value, Time now) {
  if (quantity == "op.outlet_load")
    outlet_.plug(value.value_or(0));
  else if (string_watch_.pin(quantity, value))
    see_strings(std::vector(sound_));
  else
    return PowerConditioner::pin(quantity, value, now);
  return true;
}

// ---- States ----

void PvPcs::watch_own(Time now) {
  const bool awake = state() == State::starting || on_grid() || state() == State::island;
  string_watch_.observe(sources_, awake, now);
  outlet_.observe(state() == State::island, inverter_.ac_w(trackable_dc_w_), now);
}

void PvPcs::watch_conditions(Time now) {
  double open_v = 0;
  for (const power::DcSource& source : sources_) open_v = std::max(open_v, source.open_v);
  const double offered_w = mpp_w();
  dawn_.see(state() == State::sleeping && open_v >= kDawnV && offered_w >= kDawnW, now);
  dusk_.see((state() == State::starting || on_grid()) && offered_w < kDuskW, now);
  start_check_.see(state() == State::starting && connection_.grid_good(), now);
}

void PvPcs::step_state(Time now) {
  do watch_conditions(now);
  while (step_once(now));
}

/// One transition; false when none is due.
bool PvPcs::step_once(Time now) {
  const State before = state();
  if (before == State::shutting_down) {
    if (run_down_.moving(now)) return false;
    set_relay(false);
    enter(after_shutdown_);
  } else if (on_grid()) {
    if (!run_switch())
      shut_down(State::off, now);
    else if (dusk_.met(now))
      shut_down(State::sleeping, now);
    else if (!wants_grid())
      shut_down(State::standby, now);
  } else {
    return step_off_grid(now);
  }
  return state() != before;
}

bool PvPcs::may_feed_outlet(Time now) const {
  return commands_.island_switch() && grid().dead() && mpp_w() >= kIslandW && !faults_.trips_beyond_grid() &&
         outlet_.ready(now);
}

bool PvPcs::step_off_grid(Time now) {
  const State before = state();
  if (before == State::island) {
    if (!commands_.island_switch() || !grid().dead() || !outlet_.ready(now))
      enter(run_switch() ? State::standby : State::off);
  } else if (before != State::sleeping && may_feed_outlet(now)) {
    enter(State::island);
  } else if (!run_switch()) {
    enter(State::off);
  } else if (before == State::off) {
    if (std::any_of(sources_.begin(), sources_.end(), [](const auto& s) { return s.open_v >= kWakeV; }))
      enter(State::sleeping);
  } else if (before == State::sleeping) {
    if (dawn_.met(now)) enter(State::starting);
  } else if (before == State::starting) {
    if (dusk_.met(now))
      enter(State::sleeping);
    else if (!wants_grid() || commands_.island_switch())
      enter(State::standby);
    else if (start_check_.met(now) && connection_.remaining_wait(now) == Duration::zero())
      connect(now);
  } else if (before == State::standby) {
    if (wants_grid() && !commands_.island_switch()) enter(State::starting);  // back to the grid by hand
  } else if (before == State::fault) {
    if (!faults_.trips()) enter(State::starting);
  }
  return state() != before;
}

void PvPcs::connect(Time now) {
  set_relay(true);
  enter(State::running);
  soft_start_.jump(0);
  soft_start_.go(1, 1 / kSoftStartS, now);
}

void PvPcs::shut_down(State then, Time now) {
  after_shutdown_ = then;
  run_down_from_w_ = flow().ac_w;
  run_down_.jump(1);
  run_down_.go(0, 1 / kRunDownS, now);
  enter(State::shutting_down);
}

void PvPcs::on_trip(Time) {
  run_down_.jump(1);
  soft_start_.jump(1);
}

// ---- Powers ----

void PvPcs::lower(Bound& lowest, double watt, int reason_bit, bool ordered) const {
  if (watt < lowest.watt) lowest = {watt, 1 << reason_bit, ordered};
}

PvPcs::Bound PvPcs::bound(Time now) const {
  Bound lowest{rating_.power_w, 0, false};
  lower(lowest, commands_.max_power_w(), max_w_bit);
  lower(lowest, rating_.power_w * derating(), derated_bit);
  lower(lowest, apparent_bound_w(rating_.apparent_va, now),
        voltage_rise_.extra_var() > 0 ? volt_var_bit
        : commands_.fixed_var(now)    ? fixed_var_bit
                                      : fixed_pf_bit);
  lower(lowest, rating_.power_w * voltage_rise_.power_share(), volt_watt_bit);
  lower(lowest, rating_.power_w * commands_.limit_share(now), max_w_bit, true);
  return lowest;
}

power::Flow PvPcs::solve_island() {
  power::Flow flow;
  flow.ac_w = outlet_.load_w();
  flow.dc_w = flow.ac_w > 0 ? std::min(trackable_dc_w_, inverter_.dc_w(flow.ac_w)) : 0;
  share_among_strings(flow.dc_w);
  return flow;
}

power::Flow PvPcs::solve(Time now) {
  const double offered_dc_w = trackable_dc_w_;
  const double offered_w = inverter_.ac_w(offered_dc_w);
  available_w_ = std::min(offered_w, rating_.power_w);
  bound_ = bound(now);
  if (on_grid()) enter(bound_.watt < available_w_ ? State::throttled : State::running);
  clipped_ = state() == State::running && offered_w > rating_.power_w;

  if (state() == State::island && powered()) return solve_island();
  if (blocked()) {
    share_among_strings(0);
    return {};
  }
  double cap_w = std::min(bound_.watt, rating_.power_w * soft_start_.at(now));
  if (ride_through() != 0) cap_w = std::min(cap_w, apparent_bound_w(possible_va(), now));
  if (state() == State::shutting_down) cap_w = std::min(cap_w, run_down_from_w_ * run_down_.at(now));
  power::Flow flow;
  flow.ac_w = std::min(offered_w, cap_w);
  flow.dc_w = offered_w <= cap_w ? offered_dc_w : std::min(offered_dc_w, inverter_.dc_w(cap_w));
  flow.var = var_at(flow.ac_w, now);
  share_among_strings(flow.dc_w);
  return flow;
}

void PvPcs::share_among_strings(double dc_w) {
  const double offered_w = trackable_dc_w_;
  const double share = offered_w > 0 ? dc_w / offered_w : 0;
  for (size_t i = 0; i < sources_.size(); ++i) points_[i] = operating_point(sources_[i], share * trackable_w_[i]);
}

void PvPcs::integrate_dc(Duration dt) {
  const double hours = std::chrono::duration<double, std::ratio<3600>>(dt).count();
  for (size_t i = 0; i < points_.size(); ++i) string_wh_[i] += points_[i].power_w * hours;
}

double PvPcs::own_supply_of(State state) const {
  if (state == State::off || state == State::island) return 0;
  return state == State::sleeping ? kAsleepW : kAwakeW;
}

Time PvPcs::next_own_change(Time now) const {
  using power::if_ahead;
  const Time ramps = std::min(relay_closed() ? soft_start_.next_step(now) : power::kNever,
                              state() == State::shutting_down ? run_down_.next_step(now) : power::kNever);
  return std::min({ramps, if_ahead(dawn_.due(), now), if_ahead(dusk_.due(), now), if_ahead(start_check_.due(), now),
                   string_watch_.next_change(now), outlet_.next_change(now)});
}

}  // namespace v2x::pcs
