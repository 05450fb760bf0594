// When the car charges and discharges: guards and operating modes as tables, decided by a pure function.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "common/clock.hpp"
#include "sim/gateway/energy_settings.hpp"

namespace v2x::gateway {

// The enumerators are the words of the quantity catalogue.
enum class ChargeMethod { none, surplus, fixed };
enum class DischargeMethod { none, load, fixed };

/// Of the EV PCS.
inline constexpr double kRatedCharge_w = 6000;

/// What the gateway knows at the instant of a decision. W, percent.
struct EnergyInputs {
  Time now{};                         ///< on the scale of EnergySettings::mode_since
  Time clock{};                       ///< what the gateway's clock shows
  std::optional<Duration> ev_age;     ///< since the EV PCS last answered; nullopt: never
  std::optional<Duration> meter_age;  ///< since the meter last answered; nullopt: never
  bool plugged = false;
  bool fault = false;  ///< of the EV PCS
  bool grid_lost = false;
  bool contact_closed = false;  ///< the gateway's contact input
  std::optional<double> soc_pct;
  double v2h_min_pct = 0;  ///< the vehicle's window
  double v2h_max_pct = 100;
  double grid_w = 0;  ///< + = buying
  double ev_w = 0;    ///< + = charging
  double rated_charge_w = kRatedCharge_w;
  double rated_discharge_w = 6000;
};

/// What a decision must remember for the next one.
struct EnergyMemory {
  bool floor_reached = false;    ///< discharge resumes at floor + 3 %
  bool ceiling_reached = false;  ///< charge resumes at ceiling − 3 %
  bool night_ceiling_reached = false;
  bool protecting = false;  ///< G4: until the vehicle's minimum is reached
};

struct EvCommand {
  ChargeMethod charge = ChargeMethod::none;
  DischargeMethod discharge = DischargeMethod::none;
  double charge_limit_w = 0;
  double discharge_limit_w = 0;
  double soc_floor_pct = 0;
  double soc_ceiling_pct = 100;
  std::string_view reason;  ///< of the row that decided: "comms", "green.surplus" …

  /// What the unit sees of it.
  bool same_writes(const EvCommand& other) const;
};

/// True when a temporary mode has come to its end: 24 h old, the car was unplugged, or the discharge is done.
bool mode_is_over(const EnergyInputs& inputs, const EnergySettings& settings);

/// nullopt: nothing must be written (G1), the unit falls back by itself. A mode that is over counts as the one before.
std::optional<EvCommand> decide(const EnergyInputs& inputs, const EnergySettings& settings, EnergyMemory& memory);

/// The largest power that the car may be charged with in any way: as set for an outage, else the rating.
double charge_bound_w(const EnergySettings& settings, bool grid_lost);

/// For a unit that knows no methods: the same as a fixed power, by what the meter says now. Follows slowly, because the
/// unit's own transformer would not take part.
EvCommand as_fixed_power(const EvCommand& command, const EnergyInputs& inputs);

/// A command is repeated at half of the unit's revert time, so that one lost write does not stop the car.
class CommandSchedule {
 public:
  static constexpr Duration kRevert = std::chrono::seconds(60);  // cmd.ev_revert, default

  bool due(Time now, const EvCommand& command) const;
  void written(Time now, const EvCommand& command) { last_ = Written{now, command}; }
  void failed() { last_.reset(); }

 private:
  struct Written {
    Time at;
    EvCommand command;
  };
  std::optional<Written> last_;
};

}  // namespace v2x::gateway
