#include "sim/ev/self_sustained.hpp"

#include <algorithm>

namespace v2x::ev {
namespace {

using namespace std::chrono_literals;

// All defaults.
constexpr Duration kFormsAfter = 3s;  // the trip
constexpr Duration kBoot = 20s;       // of a black start
constexpr Duration kDark = 500ms;     // between the car and the grid
constexpr Duration kRaised = 2s;      // longer than any OFR time
constexpr double kResume = 0.05;      // of charge above the floor
constexpr int kMostFailures = 2;
struct Level {
  double share;
  Duration time;
};
constexpr Level kOverload[] = {{1.0, 10s}, {1.2, 1s}, {1.5, 100ms}};

}  // namespace

SelfSustained::SelfSustained(power::ActiveFaults& faults, double rated_va)
    : faults_(&faults),
      rated_va_(rated_va),
      overload_{power::HoldTimer(kOverload[0].time), power::HoldTimer(kOverload[1].time),
                power::HoldTimer(kOverload[2].time)} {}

void SelfSustained::observe(const OutageView& view, Time now) {
  if (view.outage && !was_out_) forms_from_ = now + kFormsAfter;
  if (!view.outage && !wanted_) flowed_ = view.session_flows;  // before the outage
  was_out_ = view.outage;
  begin(view, now);
  if (wanted_ && view.grid_ready) {
    if (forms_) dark_until_ = now + kDark;
    wanted_ = false;
  }
  watch_charge(view, now);
  const bool stopped = faults_->active("E8-0") || faults_->active("E8-1") || faults_->active("E8-2");
  forms_ = wanted_ && view.session_flows && now >= forms_from_ && !stopped && (forms_ || view.grid_dead);
  watch_load(view, now);
}

/// An outage in power flow is bridged by itself; anything else needs a hand, and a supply to wake up.
void SelfSustained::begin(const OutageView& view, Time now) {
  if (!view.by_hand) hand_served_ = false;
  if (wanted_ || !view.outage || !view.grid_dead) return;
  if (view.automatic && flowed_) {
    wanted_ = true;
    flowed_ = false;
  } else if (view.by_hand && !hand_served_) {
    hand_served_ = true;
    if (!view.car_supplies) return faults_->raise("E8-2", now);
    wanted_ = true;
    boots_until_ = view.session_flows ? now : now + kBoot;
    forms_from_ = std::max(forms_from_, boots_until_);
  }
}

void SelfSustained::watch_charge(const OutageView& view, Time now) {
  const bool empty = view.soc <= view.floor;
  if (wanted_ && view.session_flows && empty && (forms_ || view.grid_dead)) faults_->raise("E8-1", now);
  faults_->see_cause("E8-1", view.soc < view.floor + kResume && view.grid_dead, now);
  if (wanted_ && view.session_failures >= kMostFailures) {
    faults_->raise("E8-2", now);
    wanted_ = false;
  }
  faults_->see_cause("E8-2", view.by_hand && !view.car_supplies, now);
}

void SelfSustained::watch_load(const OutageView& view, Time now) {
  const double share =
      std::max((view.leg_u_w + view.leg_v_w) / rated_va_, std::max(view.leg_u_w, view.leg_v_w) / (rated_va_ / 2));
  bool tripped = false;
  for (size_t i = 0; i < overload_.size(); ++i) {
    overload_[i].see(forms_ && share > kOverload[i].share, now);
    tripped = tripped || overload_[i].met(now);
  }
  if (tripped) {
    faults_->raise("E8-0", now);
    forms_ = false;
    for (power::HoldTimer& timer : overload_) timer.reset();
  }
  faults_->see_cause("E8-0", false, now);  // without output there is no load: it tries again
}

void SelfSustained::raise_frequency(Time now) {
  if (!frequency_raised(now)) raised_until_ = now + kRaised;
}

Time SelfSustained::next_change(Time now) const {
  Time next = power::kNever;
  for (const Time t : {dark_until_, raised_until_}) next = std::min(next, power::if_ahead(t, now));
  if (wanted_ && !forms_)
    for (const Time t : {boots_until_, forms_from_}) next = std::min(next, power::if_ahead(t, now));
  for (const power::HoldTimer& timer : overload_) next = std::min(next, power::if_ahead(timer.due(), now));
  return next;
}

}  // namespace v2x::ev
