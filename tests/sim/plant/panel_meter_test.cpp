// The panel meter.
#include "sim/plant/panel_meter.hpp"

#include <gtest/gtest.h>

namespace v2x::plant {
namespace {

using namespace std::chrono_literals;

TEST(PanelMeter, nets_both_legs_and_counts_each_direction) {
  const auto catalogue = contracts::QuantityCatalogue::load();
  PanelMeter meter({"CT-METER", "MT1", 4, 100}, catalogue);
  MeterReading reading;
  reading.power_w = 1000, reading.power_u_w = 3000, reading.power_v_w = -2000;
  meter.see(reading);
  meter.integrate(30min);
  EXPECT_EQ(meter.buy_wh(), 500);
  EXPECT_EQ(meter.sell_wh(), 0);
  reading.power_w = -400;
  meter.see(reading);
  meter.integrate(15min);
  EXPECT_EQ(meter.buy_wh(), 500);
  EXPECT_EQ(meter.sell_wh(), 100);
}

TEST(PanelMeter, half_hours_begin_anew_at_each_latch) {
  const auto catalogue = contracts::QuantityCatalogue::load();
  PanelMeter meter({}, catalogue);
  MeterReading reading;
  reading.power_w = 1000;
  meter.see(reading);
  meter.integrate(30min);
  meter.latch_half_hour();
  EXPECT_EQ(meter.half_hour_buy_wh(), 500);
  reading.power_w = -1000;
  meter.see(reading);
  meter.integrate(30min);
  meter.latch_half_hour();
  EXPECT_EQ(meter.half_hour_buy_wh(), 0);
  EXPECT_EQ(meter.half_hour_sell_wh(), 500);
}

TEST(PanelMeter, cannot_be_written) {
  const auto catalogue = contracts::QuantityCatalogue::load();
  PanelMeter meter({}, catalogue);
  EXPECT_EQ(meter.write({}), core::ModbusException::device_failure);
}

}  // namespace
}  // namespace v2x::plant
