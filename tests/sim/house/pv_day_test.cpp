// A clear day of a PV unit in its house.
#include <gtest/gtest.h>

#include "sim/pcs/pv_watts.hpp"
#include "sim/plant/pv_string.hpp"
#include "tests/sim/house/test_house.hpp"

namespace v2x::house {
namespace {

using namespace std::chrono_literals;

/// Only the first PV unit, 20 °C, nobody else generating.
HouseConfig one_pv() {
  HouseConfig config = home();
  config.units.erase(config.units.begin() + 2, config.units.end());
  config.car.reset();
  config.ambient_c = 20;
  return config;
}

/// ∫ PVWatts(POA) over a day, Wh: every 10 s, from the sun alone.
double expected_wh(const HouseConfig& config, Time midnight) {
  const pcs::PvWatts inverter(5500);
  plant::Sky sky({config.site, config.weather, 1}, midnight);
  double wh = 0;
  for (Time t = midnight; t < midnight + 24h; t += 10s) {
    const plant::SunPosition sun = plant::sun_position(config.place, t);
    const plant::Irradiance light = plant::split(sky.clearness(t) * plant::clear_sky(sun.cos_zenith), sun);
    double dc_w = 0;
    for (const plant::PvStringConfig& string : config.units[1].strings)
      dc_w +=
          plant::string_output(
              string, plant::TiltedPlane(config.place, string.tilt_deg, string.azimuth_deg).irradiance(sun, light), 20)
              .mpp_w;
    wh += std::min(5500.0, inverter.ac_w(dc_w)) * 10 / 3600;
  }
  return wh;
}

TEST(PvDay, DEV_11_energy_equals_the_integral_of_PVWatts) {
  for (const char* day : {"2026-03-21T00:00:00", "2026-06-21T00:00:00", "2026-12-21T00:00:00"}) {
    TestHouse house(day, one_pv());
    house.run_for(24h);
    const double expected = expected_wh(one_pv(), at(day));
    EXPECT_GT(expected, 15000);
    EXPECT_NEAR(house.number("pcs1.ac.energy_injected"), expected, expected * 0.001) << day;
  }
}

TEST(PvDay, DEV_11_at_night_it_sleeps_and_buys_its_own_supply) {
  TestHouse house("2026-04-01T00:00:00", one_pv());
  house.run_for(1h);
  EXPECT_EQ(house.text("pcs1.state"), "sleeping");
  EXPECT_EQ(house.number("pcs1.ac.power"), 0);
  EXPECT_EQ(house.number("pcs1.ac.relay"), 0);
  EXPECT_EQ(house.number("aux_w"), 5);
  EXPECT_EQ(house.number("grid_w"), house.number("load_w") + 5);
  EXPECT_EQ(house.number("meter.sell_w"), 0);
}

TEST(PvDay, passes_through_its_states_in_order) {
  TestHouse house("2026-04-01T00:00:00", one_pv());
  ASSERT_TRUE(house.run_until("pcs1.state", "starting", 8h));
  const Time woke = house->now();
  ASSERT_TRUE(house.run_until("pcs1.state", "running", 1min));
  EXPECT_EQ(house->now(), woke + 10s) << "sunrise needs only the start check";
  ASSERT_TRUE(house.run_until("pcs1.state", "shutting_down", 14h));
  ASSERT_TRUE(house.run_until("pcs1.state", "sleeping", 3s));
}

}  // namespace
}  // namespace v2x::house
