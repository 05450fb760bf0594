// Settings of the gateway, with the names, ranges and defaults of the settings form.
#pragma once

#include <array>
#include <chrono>

#include "common/clock.hpp"

namespace v2x::gateway {

/// In the order of the modes' codes.
enum class OperatingMode { standby, green, economy, charge, safety, discharge };
/// In the order of the words of set.outage_mode.
enum class OutageMode { standby, self_sustain };

/// charge and discharge last until they are done, then the mode before them is back.
constexpr bool is_temporary(OperatingMode mode) {
  return mode == OperatingMode::charge || mode == OperatingMode::discharge;
}

/// A span of the day in JST; may pass midnight. start ≠ end.
struct DayWindow {
  std::chrono::minutes start{};
  std::chrono::minutes end{};
  bool contains(std::chrono::minutes of_day) const {
    return start < end ? start <= of_day && of_day < end : of_day >= start || of_day < end;
  }
  /// Days from the one in whose early hours `of_day` lies back to the one that the window started on.
  int days_since_start(std::chrono::minutes of_day) const { return start > end && of_day < end ? 1 : 0; }
  bool overlaps(const DayWindow& other) const { return contains(other.start) || other.contains(start); }
  bool operator==(const DayWindow&) const = default;
};

/// SOC in percent, powers in W. All defaults are configurable.
struct EnergySettings {
  OperatingMode mode = OperatingMode::green;                                     // operatingMode
  double safety_floor_pct = 50;                                                  // socSafetyMode
  double economy_floor_pct = 30;                                                 // socEconomyMode
  double ceiling_pct = 100;                                                      // socChargeMode
  double night_ceiling_pct = 0;                                                  // night_ceiling, of the forecast
  double contact_soc_pct = 100;                                                  // socContactInput
  DayWindow charge_window{std::chrono::hours(23), std::chrono::hours(7)};        // chargeStartTimeH …
  DayWindow discharge_window{std::chrono::hours(7), std::chrono::hours(23)};     // dischargeStartTimeH …
  std::array<bool, 7> discharge_days{true, true, true, true, true, true, true};  // dischargeDaySun …
  double contract_a = 60;                                                        // agreementAmpere
  double charge_w = 3000;                                                        // chargePowerW
  double discharge_w = 6000;                                                     // dischargePowerW
  OutageMode outage_mode = OutageMode::self_sustain;                             // onPowerOutageMode
  double outage_floor_pct = 10;                                                  // outageFloor
  double outage_charge_w = kNoLimit_w;                                           // onPowerOutageChargePowerW

  // Not on the form: where a temporary mode came from.
  OperatingMode mode_before = OperatingMode::green;
  Time mode_since{};

  static constexpr double kNoLimit_w = 65535;
  bool operator==(const EnergySettings&) const = default;
};

}  // namespace v2x::gateway
