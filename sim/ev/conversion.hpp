// The bidirectional converter: what it loses between car and grid.
#pragma once

namespace v2x::ev {

/// Loss in W at this DC power (either sign); nothing while it doesn't convert.
double conversion_loss_w(double dc_w);
/// AC power (+ into the house) that this DC power (+ from the car) gives. A discharge too small to cover the loss gives
/// 0.
double ac_of_dc(double dc_w);
/// The DC power that gives this AC power.
double dc_of_ac(double ac_w);

}  // namespace v2x::ev
