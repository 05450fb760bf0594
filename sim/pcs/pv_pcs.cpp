#include "sim/pcs/pv_pcs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

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
constexpr double kAsleepW = 5, kAwakeW = 10;         // default
enum ReasonBit { max_w_bit = 0, fixed_pf_bit = 3 };  // of 701.ThrotSrc
enum Suppression { suppression_none, suppression_output_control, suppression_other };

power::Rating rating(double nominal_hz) {
  return {kRatedW, kRatedVa, kRatedA, kIslandVa, kPowerFactor, nominal_hz};
}

}  // namespace

PvPcs::PvPcs(const PvPcsConfig& config, const contracts::QuantityCatalogue& quantities,
             const contracts::FaultCatalogue& faults, Time start)
    : PowerConditioner(core::QuantityTable(quantities, "pv_pcs"), faults, config.identity, rating(config.nominal_hz),
                       start),
      inverter_(kRatedW),
      sources_(config.strings),
      points_(config.strings),
      string_wh_(config.strings),
      string_limit_a_(string_current_limit_a(config.strings)),
      dawn_(kDawnTime),
      dusk_(kDuskTime),
      start_check_(kStartCheck),
      soft_start_(1, kSoftStartStep),
      run_down_(1, kRunDownStep) {
  enter(State::sleeping);
  for (size_t n = 1; n <= config.strings; ++n) {
    const auto at = [&](const char* name) { return table_.slot(fmt::format("dc[{}].{}", n, name)); };
    slots_.push_back({at("voltage"), at("current"), at("power"), at("energy"), at("state")});
  }
  available_slot_ = table_.slot("ac.available_power"), throttle_slot_ = table_.slot("throttle_percent");
  reasons_slot_ = table_.slot("throttle_reasons"), suppression_slot_ = table_.slot("suppression");
  clipped_slot_ = table_.slot("clipped"), mode_slot_ = table_.slot("der_mode"),
  connection_slot_ = table_.slot("connection");
}

void PvPcs::see_strings(std::span<const power::DcSource> strings) {
  std::copy_n(strings.begin(), std::min(strings.size(), sources_.size()), sources_.begin());
}

double PvPcs::mpp_w() const {
  return std::accumulate(sources_.begin(), sources_.end(), 0.0,
                         [](double sum, const auto& s) { return sum + s.mpp_w; });
}

double PvPcs::trackable_dc_w() const {
  double sum = 0;
  for (const power::DcSource& source : sources_) sum += trackable_w(source, string_limit_a_);
  return sum;
}

// ---- States ----

void PvPcs::watch_conditions(Time now) {
  double open_v = 0;
  for (const power::DcSource& source : sources_) open_v = std::max(open_v, source.open_v);
  const double offered_w = mpp_w();
  dawn_.see(state() == State::sleeping && open_v >= kDawnV && offered_w >= kDawnW, now);
  const bool awake = state() == State::starting || state() == State::running || state() == State::throttled;
  dusk_.see(awake && offered_w < kDuskW, now);
  start_check_.see(state() == State::starting && connection_.grid_good(), now);
}

void PvPcs::step_state(Time now) {
  do watch_conditions(now);
  while (step_once(now));
}

/// One transition; false when none is due.
bool PvPcs::step_once(Time now) {
  const State before = state();
  const bool on_grid = before == State::running || before == State::throttled;
  if (before == State::shutting_down) {
    if (run_down_.moving(now)) return false;
    set_relay(false);
    enter(after_shutdown_);
  } else if (!run_switch()) {
    if (on_grid)
      shut_down(State::off, now);
    else
      enter(State::off);
  } else if (before == State::off) {
    if (std::any_of(sources_.begin(), sources_.end(), [](const auto& s) { return s.open_v >= kWakeV; }))
      enter(State::sleeping);
  } else if (before == State::sleeping) {
    if (dawn_.met(now)) enter(State::starting);
  } else if (before == State::starting) {
    if (dusk_.met(now))
      enter(State::sleeping);
    else if (!commands_.wants_grid())
      enter(State::standby);
    else if (start_check_.met(now) && connection_.remaining_wait(now) == Duration::zero())
      connect(now);
  } else if (on_grid) {
    if (dusk_.met(now))
      shut_down(State::sleeping, now);
    else if (!commands_.wants_grid())
      shut_down(State::standby, now);
  } else if (before == State::standby) {
    if (commands_.wants_grid()) enter(State::starting);
  } else if (before == State::fault) {
    if (!faults_.stops()) enter(State::starting);
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

PvPcs::Bound PvPcs::bound(Time now) const {
  const double tangent = commands_.absorbed_per_watt(now);
  Bound lowest{rating_.power_w, 0, false};
  const auto lower = [&lowest](const Bound& other) { lowest = other.watt < lowest.watt ? other : lowest; };
  lower({commands_.max_power_w(), 1 << max_w_bit, false});
  lower({rating_.apparent_va / std::sqrt(1 + tangent * tangent), 1 << fixed_pf_bit, false});
  lower({rating_.power_w * commands_.limit_share(now), 1 << max_w_bit, true});
  return lowest;
}

power::Flow PvPcs::solve(Time now) {
  const double offered_dc_w = trackable_dc_w();
  const double offered_w = inverter_.ac_w(offered_dc_w);
  available_w_ = std::min(offered_w, rating_.power_w);
  bound_ = bound(now);
  const bool producing = state() == State::running || state() == State::throttled;
  if (producing) enter(bound_.watt < available_w_ ? State::throttled : State::running);
  clipped_ = state() == State::running && offered_w > rating_.power_w;

  if (blocked()) {
    share_among_strings(0);
    return {};
  }
  double cap_w = std::min(bound_.watt, rating_.power_w * soft_start_.at(now));
  if (state() == State::shutting_down) cap_w = std::min(cap_w, run_down_from_w_ * run_down_.at(now));
  power::Flow flow;
  flow.ac_w = std::min(offered_w, cap_w);
  flow.dc_w = offered_w <= cap_w ? offered_dc_w : std::min(offered_dc_w, inverter_.dc_w(cap_w));
  flow.var = -flow.ac_w * commands_.absorbed_per_watt(now);
  share_among_strings(flow.dc_w);
  return flow;
}

void PvPcs::share_among_strings(double dc_w) {
  const double offered_w = trackable_dc_w();
  const double share = offered_w > 0 ? dc_w / offered_w : 0;
  for (size_t i = 0; i < sources_.size(); ++i)
    points_[i] = operating_point(sources_[i], share * trackable_w(sources_[i], string_limit_a_));
}

void PvPcs::integrate_dc(Duration dt) {
  const double hours = std::chrono::duration<double, std::ratio<3600>>(dt).count();
  for (size_t i = 0; i < points_.size(); ++i) string_wh_[i] += points_[i].power_w * hours;
}

double PvPcs::own_supply_of(State state) const {
  if (state == State::off) return 0;
  return state == State::sleeping ? kAsleepW : kAwakeW;
}

Time PvPcs::next_own_change(Time now) const {
  using power::if_ahead;
  const Time ramps = std::min(relay_closed() ? soft_start_.next_step(now) : power::kNever,
                              state() == State::shutting_down ? run_down_.next_step(now) : power::kNever);
  return std::min({ramps, if_ahead(dawn_.due(), now), if_ahead(dusk_.due(), now), if_ahead(start_check_.due(), now)});
}

void PvPcs::publish_own(Time) {
  for (size_t i = 0; i < slots_.size(); ++i) {
    table_.set(slots_[i].voltage, points_[i].voltage_v);
    table_.set(slots_[i].current, points_[i].current_a());
    table_.set(slots_[i].power, points_[i].power_w);
    table_.set(slots_[i].energy, string_wh_[i]);
    table_.set(slots_[i].state, static_cast<double>(state()));
  }
  const bool throttled = state() == State::throttled;
  table_.set(available_slot_, available_w_);
  table_.set(throttle_slot_, 100 * bound_.watt / rating_.power_w);
  table_.set(reasons_slot_, throttled ? bound_.reason_bit : 0);
  table_.set(suppression_slot_, !throttled       ? suppression_none
                                : bound_.ordered ? suppression_output_control
                                                 : suppression_other);
  table_.set(clipped_slot_, clipped_);
  table_.set(mode_slot_, 1 + (clipped_ ? 4 : 0));  // following, clipped
  const bool awake = state() != State::off && state() != State::sleeping;
  table_.set(connection_slot_, 1 + (awake ? 2 : 0) + (flow().ac_w > 0 ? 4 : 0));  // connected, available, operating
}

}  // namespace v2x::pcs
