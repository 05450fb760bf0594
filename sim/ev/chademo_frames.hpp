// What the CAN frames of a CHAdeMO V2H session say, and where: values of both sides, and their byte layouts.
#pragma once

#include <span>

#include "sim/ev/can_frame.hpp"

namespace v2x::ev {

/// Frames 100, 101, 102, 110, 200 and 201. Units are those of the frames.
struct VehicleData {
  int min_charge_a = 0, max_charge_a = 0, min_battery_v = 0, max_battery_v = 0;
  int soc_constant = 0xF0;  ///< SOC = soc · 100 / constant; F0 until the car knows
  int max_time_10s = 0xFF, max_time_min = 0, estimated_min = 0, capacity_kwh01 = 0;
  int protocol = 0, target_v = 0, request_a = 0, faults = 0, status = 0, soc = 0;
  int extended_control = 0, extended_current_a = 0;
  int discharge_a = 0, min_discharge_v = 0, min_level = 0, max_level = 0;  ///< levels in % or 0.1 kWh, by generation
  int sequence = 0, discharge_min = 0, available_kwh01 = 0;
};

/// Frames 108, 109, 118, 208 and 209.
struct ChargerData {
  int weld_detection = 1, available_v = 0, available_a = 0, threshold_v = 0;
  int protocol = 0, present_v = 0, present_a = 0, discharge_compatible = 1, status = 0, remaining_10s = 0xFF,
      remaining_min = 0xFF;
  int extended_control = 0, extended_current_a = 0;
  int present_discharge_a = 0, available_input_v = 0, available_input_a = 0, lower_threshold_v = 0;
  int sequence = 0, remaining_discharge_min = 0;
};

/// The V2H window in % of displayed charge. Old cars send 0.1 kWh, which an upper level above 100 gives away.
double min_soc_percent(const VehicleData& vehicle);
double max_soc_percent(const VehicleData& vehicle);

/// Bits of 102.5.
enum VehicleStatus {
  vehicle_enabled = 1 << 0,
  vehicle_not_in_park = 1 << 1,
  vehicle_fault = 1 << 2,
  vehicle_contactor_open = 1 << 3,  ///< also: weld test done
  vehicle_stop_before_charge = 1 << 4,
  vehicle_dynamic_control = 1 << 6,
  vehicle_discharge_compatible = 1 << 7,
};
/// Bits of 102.4.
enum VehicleFaults { vehicle_over_voltage = 1 << 0, vehicle_current_deviation = 1 << 2 };
/// Bits of 109.5.
enum ChargerStatus {
  charger_power_flow = 1 << 0,
  charger_error = 1 << 1,
  charger_locked = 1 << 2,
  charger_battery_incompatible = 1 << 3,
  charger_system_error = 1 << 4,
  charger_stop = 1 << 5,
};

/// Values beyond what the bytes hold are clipped.
CanFrame encode(std::uint16_t id, const VehicleData& data);
CanFrame encode(std::uint16_t id, const ChargerData& data);
/// False for an id of the other side.
bool decode(const CanFrame& frame, VehicleData& data);
bool decode(const CanFrame& frame, ChargerData& data);

/// The frame with present voltage and current blanked: what else changes is news.
CanFrame without_measurements(CanFrame frame);

}  // namespace v2x::ev
