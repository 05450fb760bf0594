// The CHAdeMO connector beside its CAN pins: the lines that each side drives, and what is true at the plug.
#pragma once

namespace v2x::ev {

struct Connector {
  bool plugged = false;  ///< pin 7
  // By the stand.
  bool d1 = false, d2 = false;  ///< pins 2 and 10: charge sequence 1 and 2
  double output_v = 0;          ///< at the stand's side of the car's contactor
  // By the car.
  bool k = false;                       ///< pin 4: the car permits
  bool locked = false;                  ///< the latch as it really is
  bool contactor_closed = false;        ///< as it really is
  double battery_v = 0, current_a = 0;  ///< + out of the car
  double insulation_ohm = 2e6;
  bool lock_stuck = false;
};

}  // namespace v2x::ev
