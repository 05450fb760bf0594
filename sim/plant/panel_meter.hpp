// The meter at the house's panel: nets both legs, counts both directions, latches half hours.
#pragma once

#include <optional>
#include <string>

#include "common/clock.hpp"
#include "sim/core/device.hpp"

namespace v2x::plant {

struct MeterIdentity {
  std::string model;
  std::string serial;
  int unit_no = 1;
  int unit_id = 100;
};

/// What the meter measures; positive power is bought.
struct MeterReading {
  double power_w = 0, power_u_w = 0, power_v_w = 0;
  double reactive_var = 0;
  double voltage_u = 0, voltage_v = 0;
  double current_u_a = 0, current_v_a = 0;  ///< with the sign of the power
  double frequency_hz = 0;
};

/// A plain model on the kernel's thread; readings hold between two changes.
class PanelMeter final : public core::Device {
 public:
  PanelMeter(const MeterIdentity& identity, const contracts::QuantityCatalogue& quantities);

  const core::QuantityTable& quantities() const override { return table_; }
  /// Nothing of a meter can be written.
  core::ModbusException write(std::span<const core::QuantityWrite>) override {
    return core::ModbusException::device_failure;
  }

  /// bus.silent; false for anything else.
  bool pin(std::string_view quantity, std::optional<double> value);
  /// id.serial, as if another meter had been put in.
  bool pin_text(std::string_view quantity, const std::optional<std::string>& text);
  void integrate(Duration dt);
  void see(const MeterReading& reading) { reading_ = reading; }
  /// At each :00 and :30.
  void latch_half_hour();
  void publish();

  const MeterReading& reading() const { return reading_; }
  double buy_wh() const { return buy_wh_; }
  double sell_wh() const { return sell_wh_; }
  double half_hour_buy_wh() const { return half_hour_buy_wh_; }
  double half_hour_sell_wh() const { return half_hour_sell_wh_; }

 private:
  unsigned events() const;

  core::QuantityTable table_;
  std::string serial_;
  MeterReading reading_;
  double buy_wh_ = 0, sell_wh_ = 0;
  double latched_buy_wh_ = 0, latched_sell_wh_ = 0;      ///< counters at the last latch
  double half_hour_buy_wh_ = 0, half_hour_sell_wh_ = 0;  ///< of the last whole half hour
  core::Slot current_, current_u_, current_v_, voltage_, voltage_u_, voltage_v_, voltage_leg_, frequency_, power_,
      power_u_, power_v_, apparent_, reactive_, factor_, energy_buy_, energy_sell_, events_, silent_;
};

}  // namespace v2x::plant
