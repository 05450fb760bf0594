// The car at the house: its battery, its own draw, and what it publishes below <site>.ev.
#pragma once

#include <memory>
#include <optional>

#include "sim/core/quantity_table.hpp"
#include "sim/ev/chademo_vehicle.hpp"
#include "sim/ev/vehicle_preset.hpp"

namespace v2x::ev {

/// A plain model on the kernel's thread. The port power holds between two changes.
class Car {
 public:
  Car(VehiclePreset preset, double soc_percent, const contracts::QuantityCatalogue& quantities, double ambient_c);

  const VehiclePreset& preset() const { return preset_; }
  /// Without the grid the stand's control wakes from the car, or from its 12 V socket where the car needs the cable.
  bool wakes_stand() const { return preset_.supply_12v != "needed" || cable_12v_; }
  const Battery& battery() const { return battery_; }
  const core::QuantityTable& quantities() const { return table_; }

  /// The stand at which it parks; both outlive the car's use.
  void meet(Connector& connector, CanBus& bus);
  /// Runs its side of the session.
  void update(Time now);
  Time next_change(Time now) const;
  /// Drives off; the plug must be out.
  void depart() { away_ = true; }
  /// Comes back from a trip of `trip_wh`. It charges elsewhere when the trip would leave it nearly empty.
  void come_back(double trip_wh);
  bool away() const { return away_; }
  /// Power at the connector, positive out of the car.
  void set_port(double port_w);
  void see_ambient(double ambient_c) { ambient_c_ = ambient_c; }
  void integrate(Duration dt);
  /// False when no model stands behind the quantity.
  bool pin(std::string_view quantity, std::optional<double> value);
  void publish();

  double current_a() const { return current_a_; }
  double port_w() const { return port_w_; }
  double aux_w() const { return aux_w_; }
  double port_v() const { return battery_.voltage(current_a_); }
  /// Bounds of the power at the connector, ≥ 0, with the car's own draw taken into account.
  double port_charge_limit_w(double largest_a) const;
  double port_discharge_limit_w(double largest_a) const;

  /// Residual of the battery's energy balance, W.
  double balance_error_w() const;
  /// Wh lost in the battery, drawn by the car itself, and put in from outside less what driving took, since the start.
  double lost_wh() const { return lost_wh_; }
  double aux_wh() const { return aux_wh_; }
  double outside_wh() const { return outside_wh_; }

 private:
  double aux_if(bool contactor_closed) const;
  bool pin_knob(std::string_view quantity, std::optional<double> value);
  void show_at_connector();

  VehiclePreset preset_;
  Battery battery_;
  core::QuantityTable table_;
  CarKnobs knobs_;
  bool cable_12v_ = false, away_ = false;
  Connector* connector_ = nullptr;
  CanBus* bus_ = nullptr;
  std::unique_ptr<ChademoVehicle> control_;
  double ambient_c_;
  double port_w_ = 0, aux_w_ = 0, current_a_ = 0;
  double lost_wh_ = 0, aux_wh_ = 0, outside_wh_ = 0;
  core::Slot soc_, energy_, voltage_, temperature_, location_, plug_;
};

}  // namespace v2x::ev
