// Settings of the energy manager, with the names and defaults of the settings form.
#pragma once

#include <chrono>

namespace v2x::gateway {

enum class OperatingMode { standby, green };

/// A span of the day in JST; may pass midnight. start ≠ end.
struct DayWindow {
  std::chrono::minutes start{};
  std::chrono::minutes end{};
  bool contains(std::chrono::minutes of_day) const {
    return start < end ? start <= of_day && of_day < end : of_day >= start || of_day < end;
  }
};

/// SOC in percent, powers in W. All defaults are configurable.
struct EnergySettings {
  OperatingMode mode = OperatingMode::green;                               // operatingMode
  double economy_floor_pct = 30;                                           // socEconomyMode
  double ceiling_pct = 100;                                                // socChargeMode
  double night_ceiling_pct = 0;                                            // written by the night forecast only
  DayWindow charge_window{std::chrono::hours(23), std::chrono::hours(7)};  // chargeStartTime, chargeEndTime
  double contract_a = 60;                                                  // agreementAmpere
  double charge_w = 3000;                                                  // chargePowerW
  double discharge_w = 6000;                                               // dischargePowerW
};

}  // namespace v2x::gateway
