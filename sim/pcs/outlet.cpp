#include "sim/pcs/outlet.hpp"

#include <algorithm>

namespace v2x::pcs {
namespace {

using namespace std::chrono_literals;

constexpr double kLevel[] = {1.0, 1.2, 1.5};  // of the rating, each with its time below; defaults
constexpr Duration kTime[] = {10s, 1s, 100ms};
constexpr Duration kWeakPause = 60s;  // default
constexpr const char* kOverload = "E8-0";

}  // namespace

Outlet::Outlet(core::QuantityTable& table, power::ActiveFaults& faults, double rated_va)
    : table_(&table),
      faults_(&faults),
      rated_va_(rated_va),
      load_(table.slot("op.outlet_load")),
      overload_{power::HoldTimer(kTime[0]), power::HoldTimer(kTime[1]), power::HoldTimer(kTime[2])} {
  plug(0);
}

void Outlet::observe(bool feeding, double available_w, Time now) {
  for (size_t i = 0; i < kLevels; ++i) {
    overload_[i].see(feeding && load_w() > kLevel[i] * rated_va_, now);
    if (overload_[i].met(now)) faults_->raise(kOverload, now);
  }
  faults_->see_cause(kOverload, feeding && load_w() > rated_va_,
                     now);  // gone as soon as it is off: then it tries again
  if (feeding && available_w < load_w()) weak_until_ = now + kWeakPause;
}

Time Outlet::next_change(Time now) const {
  Time next = power::if_ahead(weak_until_, now);
  for (const power::HoldTimer& level : overload_) next = std::min(next, power::if_ahead(level.due(), now));
  return next;
}

bool Outlet::ready(Time now) const {
  return weak_until_ <= now && !faults_->active(kOverload);
}

}  // namespace v2x::pcs
