// The household's car: when it leaves and returns, and that hands beside the driver's count.
#include "sim/plant/driver.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "common/jst.hpp"

namespace v2x::plant {
namespace {

using namespace std::chrono_literals;

const Time kMonday = *parse_time("2026-06-01T00:00:00");
const Time kSaturday = *parse_time("2026-06-06T00:00:00");

Driver driver(std::uint64_t seed = 1) {
  return {DriverConfig{}, "home", seed, kMonday};
}

TEST(Driver, leaves_on_weekdays_at_8_and_is_back_at_half_past_6) {
  for (int day = 0; day < 5 * 52; ++day) {
    const Time midnight = kMonday + (day / 5 * 7 + day % 5) * 24h;
    const auto trip = driver().trip_of(midnight);
    ASSERT_TRUE(trip);
    EXPECT_LE(trip->depart - midnight, 8h + 20min);
    EXPECT_GE(trip->depart - midnight, 8h - 20min);
    EXPECT_LE(trip->back - midnight, 18h + 30min + 40min);
    EXPECT_GE(trip->back - midnight, 18h + 30min - 40min);
    EXPECT_GE(trip->wh, 500);
    if (trip->plug) {
      EXPECT_LE(*trip->plug - trip->back, 5min);
      EXPECT_GE(*trip->plug, trip->back);
    }
  }
}

TEST(Driver, draws_trips_as_often_and_as_far_as_configured) {
  int weekend_trips = 0, plugged = 0, trips = 0;
  double wh = 0, square = 0;
  constexpr int kWeeks = 400;
  for (int day = 0; day < 7 * kWeeks; ++day) {
    const auto trip = driver().trip_of(kMonday + day * 24h);
    if (!trip) continue;
    ++trips;
    weekend_trips += day % 7 >= 5 ? 1 : 0;
    plugged += trip->plug ? 1 : 0;
    wh += trip->wh;
    square += trip->wh * trip->wh;
  }
  EXPECT_NEAR(weekend_trips / (2.0 * kWeeks), 0.6, 0.05);
  EXPECT_NEAR(plugged / static_cast<double>(trips), 0.95, 0.02);
  const double mean = wh / trips;
  EXPECT_NEAR(mean, 6000, 150);
  EXPECT_NEAR(std::sqrt(square / trips - mean * mean), 2000, 150);
}

TEST(Driver, draws_by_seed_and_day_alone) {
  EXPECT_EQ(driver().trip_of(kMonday)->depart, driver().trip_of(kMonday)->depart);
  EXPECT_NE(driver().trip_of(kMonday)->depart, driver(2).trip_of(kMonday)->depart);
  EXPECT_NE(driver().trip_of(kMonday)->wh, driver().trip_of(kMonday + 24h)->wh);
}

TEST(Driver, asks_for_the_plug_once_and_leaves_when_it_is_out) {
  Driver one = driver();
  const Trip trip = one.trip();
  EXPECT_EQ(one.act({.plugged = true}, trip.depart - 1s), CarAct::none);
  EXPECT_EQ(one.next_change(trip.depart - 1s), trip.depart);
  EXPECT_EQ(one.act({.plugged = true}, trip.depart), CarAct::unplug);
  EXPECT_EQ(one.act({.plugged = true}, trip.depart), CarAct::none) << "it is held for some seconds";
  EXPECT_EQ(one.act({.plugged = false}, trip.depart + 4s), CarAct::depart);
  EXPECT_EQ(one.next_change(trip.depart + 4s), trip.back);
  EXPECT_EQ(one.act({.away = true}, trip.back), CarAct::come_back);
  ASSERT_TRUE(trip.plug);
  EXPECT_EQ(one.act({}, *trip.plug), CarAct::plug);
  EXPECT_GT(one.trip().depart, *trip.plug);
}

TEST(Driver, stays_at_home_while_the_plug_is_held) {
  Driver one = driver();
  const Trip trip = one.trip();
  EXPECT_EQ(one.act({.plugged = true}, trip.depart), CarAct::unplug);
  EXPECT_EQ(one.act({.plugged = true}, trip.back), CarAct::none);
  EXPECT_GT(one.trip().depart, trip.back) << "the next day he tries again";
}

TEST(Driver, leaves_a_car_alone_that_somebody_else_has_or_has_brought_back) {
  Driver one = driver();
  EXPECT_EQ(one.act({.away = true}, one.trip().depart), CarAct::none);
  Driver other = driver();
  const Trip trip = other.trip();
  EXPECT_EQ(other.act({}, trip.depart), CarAct::depart);
  EXPECT_EQ(other.act({.plugged = true}, trip.back), CarAct::none) << "it is back already";
}

TEST(Driver, a_start_in_the_middle_of_a_day_waits_for_the_next_trip) {
  const Driver one({}, "home", 1, kMonday + 12h);
  EXPECT_GT(one.trip().depart, kMonday + 24h);
  const Driver none(DriverConfig{.weekend_share = 0}, "home", 1, kSaturday);
  EXPECT_GT(none.trip().depart, kSaturday + 48h);
}

}  // namespace
}  // namespace v2x::plant
