// The car's side of a CHAdeMO V2H session: what it sends, and when it permits, closes, asks and opens.
#pragma once

#include "sim/ev/battery.hpp"
#include "sim/ev/connector.hpp"
#include "sim/ev/frame_sender.hpp"
#include "sim/ev/vehicle_preset.hpp"

namespace v2x::ev {

/// Defects and circumstances that a test may set; each makes the bus run at its full cadence.
struct CarKnobs {
  bool can_silent = false, contactor_welded = false, not_in_park = false, wrong_protocol = false,
       no_208_reaction = false, ignition = false;
  int error_bits = 0;  ///< of 102.4
  double current_deviation_a = 0;

  bool any() const {
    return can_silent || contactor_welded || not_in_park || wrong_protocol || no_208_reaction || error_bits != 0 ||
           current_deviation_a != 0;
  }
};

/// A plain model on the kernel's thread. Its times are those of a recorded session of a 24 kWh Leaf. It is asleep, and
/// silent, until the stand switches d1 on.
class ChademoVehicle final : public CanNode {
 public:
  /// All outlive this object.
  ChademoVehicle(const VehiclePreset& preset, const Battery& battery, const CarKnobs& knobs, Connector& connector,
                 CanBus& bus);

  void on_frame(const CanFrame& frame, Time now) override;
  void update(Time now);
  Time next_change(Time now) const;
  const VehicleData& says() const { return says_; }

 private:
  enum class Phase { asleep, awake, enabled, closed, stopping };

  /// A current that falls at once and rises by 2 A every 100 ms.
  struct RisingCurrent {
    int value_a = 0;
    Time next_step = power::kNever;
    void begin(Time at);
    /// `whole_steps`: rather stays below the limit than rise by 1 A.
    void follow(int limit_a, bool whole_steps, Time now);
  };

  void wake(Time now);
  void fall_asleep();
  void step(Time now);
  bool compatible() const;
  void stop(Time now);
  void open();
  void watch_current(Time now);
  void watch_idling(Time now);
  void speak(Time now);
  int charge_limit_a() const;
  int discharge_limit_a() const;
  int levels(double percent) const;

  const VehiclePreset& preset_;
  const Battery& battery_;
  const CarKnobs& knobs_;
  Connector& connector_;
  CanBus& bus_;
  FrameSender sender_;
  VehicleData says_;
  ChargerData hears_;
  unsigned heard_ = 0;    ///< a bit per frame of the stand
  bool powered_ = false;  ///< the stand has announced power flow
  Phase phase_ = Phase::asleep;
  Time awake_since_ = power::kNever, d2_since_ = power::kNever, stopped_at_ = power::kNever;
  RisingCurrent request_, offer_;
  power::HoldTimer deviation_, idling_;
};

}  // namespace v2x::ev
