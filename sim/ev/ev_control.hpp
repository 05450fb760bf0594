// The control target of the EV power conditioner: what it should do, from what the house lacks without the car.
#pragma once

namespace v2x::ev {

/// Words of cmd.charge_method and cmd.discharge_method, in their order.
enum class ChargeMethod { none, surplus, fixed };
enum class DischargeMethod { none, load, fixed };

struct EvRequest {
  ChargeMethod charge = ChargeMethod::none;
  DischargeMethod discharge = DischargeMethod::none;
  double charge_limit_w = 0;
  double discharge_limit_w = 0;
};

/// What is possible, in W at the AC side, all bounds ≥ 0.
struct EvSituation {
  double net_w = 0;  ///< load and own supplies less PV, without the car
  double charge_max_w = 0;
  double discharge_max_w = 0;
};

/// AC power, + discharging. A fixed charge wins over everything; the car is never sold.
double decide_ac_w(const EvRequest& request, const EvSituation& situation);

}  // namespace v2x::ev
