#include "sim/ev/ev_control.hpp"

#include <algorithm>

namespace v2x::ev {
namespace {

constexpr double kKeepBuyingW = 30;    // default: what discharging leaves to the grid
constexpr double kLeastFollowW = 200;  // default: following less isn't worth the loss

double charge_w(const EvRequest& request, const EvSituation& situation) {
  const double bound = std::min(request.charge_limit_w, situation.charge_max_w);
  if (request.charge == ChargeMethod::fixed) return bound;
  if (request.charge == ChargeMethod::none) return 0;
  const double watt = std::min(bound, std::max(0.0, -situation.net_w));
  return watt < kLeastFollowW ? 0 : watt;
}

double discharge_w(const EvRequest& request, const EvSituation& situation) {
  const double lacking = std::max(0.0, situation.net_w - kKeepBuyingW);
  const double bound = std::min({request.discharge_limit_w, situation.discharge_max_w, lacking});
  if (request.discharge == DischargeMethod::none) return 0;
  if (request.discharge == DischargeMethod::fixed) return bound;
  return bound < kLeastFollowW ? 0 : bound;
}

}  // namespace

double decide_ac_w(const EvRequest& request, const EvSituation& situation) {
  const double charge = charge_w(request, situation);
  if (request.charge == ChargeMethod::fixed && charge > 0) return -charge;
  const double discharge = discharge_w(request, situation);
  return discharge > 0 ? discharge : -charge;
}

}  // namespace v2x::ev
