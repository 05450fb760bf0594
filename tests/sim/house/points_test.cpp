// What PV units and the meter publish, and what the bus may write: nothing of the catalogue is without a model.
#include <gtest/gtest.h>

#include <set>

#include "sim/core/register_image.hpp"
#include "tests/sim/house/test_house.hpp"

namespace v2x::house {
namespace {

using namespace std::chrono_literals;
using core::ModbusException;
using core::PointAccess;

std::set<std::string> absent(const core::QuantityTable& table) {
  std::set<std::string> names;
  for (core::Slot slot = 0; slot < table.size(); ++slot)
    if (!table.has(slot)) names.insert(table.quantity(slot).name);
  return names;
}

/// Writes each write point's own value back, through the map, and counts them.
int points_that_take_their_value_back(TestHouse& house, const std::string& unit, const std::string& map_name) {
  const auto map = core::RegisterMap::load_named(map_name, quantities());
  core::RegisterImage image(map, house->unit(unit));
  int points = 0;
  for (const core::Point& point : map.points()) {
    if (point.access == PointAccess::r) continue;
    const auto address = static_cast<std::uint16_t>(point.address);
    std::vector<std::uint16_t> registers(point.size);
    EXPECT_EQ(image.read(address, registers), ModbusException::none) << point.name;
    EXPECT_EQ(image.write(address, registers), ModbusException::none) << point.name;
    ++points;
  }
  return points;
}

TEST(Points, everything_of_a_pv_unit_and_the_meter_is_fed) {
  TestHouse house("2026-04-01T12:00:00");
  house.run_for(5min);
  EXPECT_EQ(absent(house->unit("pcs1").quantities()), (std::set<std::string>{"fault_since", "hw.string_voltage"}));
  EXPECT_EQ(absent(house->unit("meter").quantities()), std::set<std::string>{});
  // Pins that nobody has set.
  EXPECT_EQ(absent(house->site_table()),
            (std::set<std::string>{"grid.feeder_open", "grid.frequency_shift", "grid.phase_jump"}));
}

TEST(Points, every_write_point_of_a_pv_unit_has_a_model_and_takes_its_own_value_back) {
  TestHouse house("2026-04-01T12:00:00");
  house.run_for(5min);
  EXPECT_GE(points_that_take_their_value_back(house, "pcs1", "sunspec-pv"), 35);
  house.run_for(1min);
  EXPECT_EQ(house.text("pcs1.state"), "running");
}

TEST(Points, everything_of_an_ev_unit_in_a_session_and_of_its_car_is_fed) {
  TestHouse house("2026-04-01T12:00:00");
  house.write("v2h.cmd.charge_method", 2);
  house.run_for(50s);
  ASSERT_EQ(house.text("v2h.vehicle.stage"), "power_flow");
  // The vehicle id travels in frames 700 and 708, whose layout is not public.
  EXPECT_EQ(absent(house->unit("v2h").quantities()), (std::set<std::string>{"fault_since", "vehicle.id"}));
  EXPECT_EQ(absent(house->car_table()), std::set<std::string>{});
}

TEST(Points, every_write_point_of_an_ev_unit_has_a_model_and_takes_its_own_value_back) {
  TestHouse house("2026-04-01T12:00:00");
  house.run_for(5min);
  EXPECT_GE(points_that_take_their_value_back(house, "v2h", "sunspec-ev"), 55);
}

TEST(Points, settings_of_the_other_region_are_refused) {
  TestHouse house("2026-04-01T12:00:00");
  EXPECT_EQ(house.write("pcs1.set.ofr_level", 51.0), ModbusException::illegal_data_value);
  EXPECT_EQ(house.write("pcs1.set.ufr_level", 48.0), ModbusException::illegal_data_value);
  EXPECT_EQ(house.write("pcs1.set.ofr_level", 61.0), ModbusException::none);
}

TEST(Points, the_meter_tells_what_is_wrong_with_the_voltage) {
  TestHouse house("2026-04-01T12:00:00");
  EXPECT_EQ(house.number("meter.events"), 0);
  ASSERT_TRUE(house->set("grid.voltage_u", 94.0));
  EXPECT_EQ(house.number("meter.events"), 1 << 3);
  ASSERT_TRUE(house->set("grid.voltage_u", 108.0));
  EXPECT_EQ(house.number("meter.events"), 1 << 6);
  ASSERT_TRUE(house->inject("pcs1", "E1-0"));
  ASSERT_TRUE(house->clear("grid.voltage_u"));
  EXPECT_EQ(house.number("meter.events"), 1 << 2);
}

}  // namespace
}  // namespace v2x::house
