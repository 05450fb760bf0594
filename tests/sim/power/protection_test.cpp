// The protection relays: levels, times, legs.
#include "sim/power/protection.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace v2x::power {
namespace {

using namespace std::chrono_literals;

/// A stretch of grid that holds for a while.
struct Stretch {
  GridView grid;
  Duration lasts;
};

struct Trip {
  std::string code;
  Duration after;  ///< since the beginning of the first stretch
};

/// Lets the stretches pass and notes what trips, visiting only the instants the relays ask for.
std::vector<Trip> pass(const std::vector<Stretch>& stretches, double nominal_hz = 60) {
  GridProtection relays(default_protection(nominal_hz));
  const Time start{};
  Time now = start;
  std::vector<Trip> trips;
  relays.observe({101, 101, nominal_hz}, now);
  for (const Stretch& stretch : stretches) {
    relays.observe(stretch.grid, now);
    const Time end = now + stretch.lasts;
    while (relays.next_trip() < end) {
      now = relays.next_trip();
      trips.push_back({std::string(relays.take_trip(now)), now - start});
    }
    now = end;
  }
  return trips;
}

constexpr GridView kGood{101, 101, 60};

void expect_trip(const std::vector<Stretch>& stretches, const std::string& code, Duration after,
                 double nominal_hz = 60) {
  const auto trips = pass(stretches, nominal_hz);
  ASSERT_EQ(trips.size(), 1u);
  EXPECT_EQ(trips[0].code, code);
  EXPECT_GE(trips[0].after, after - 50ms);
  EXPECT_LE(trips[0].after, after + 50ms);
}

TEST(Ovr, trips_a_leg_held_at_115_1_V_after_one_second) {
  expect_trip({{{115.1, 101, 60}, 1h}}, "E1-1", 1s);
}
TEST(Ovr, the_other_leg_alone_suffices) {
  expect_trip({{{101, 115.1, 60}, 1h}}, "E1-1", 1s);
}
TEST(Ovr, does_not_trip_on_0_9_s) {
  EXPECT_TRUE(pass({{{115.1, 101, 60}, 900ms}, {kGood, 1h}}).empty());
}
TEST(Ovr, does_not_trip_at_115_0_V_ever) {
  EXPECT_TRUE(pass({{{115.0, 115.0, 60}, 24h}}).empty());
}
TEST(Ovr, a_change_of_the_leg_starts_anew) {
  EXPECT_TRUE(pass({{{116, 101, 60}, 600ms}, {{101, 116, 60}, 600ms}, {kGood, 1h}}).empty());
}

TEST(Uvr, trips_a_leg_held_at_79_9_V_after_one_second) {
  expect_trip({{{79.9, 101, 60}, 1h}}, "E1-2", 1s);
}
TEST(Uvr, the_other_leg_alone_suffices) {
  expect_trip({{{101, 79.9, 60}, 1h}}, "E1-2", 1s);
}
TEST(Uvr, does_not_trip_on_0_9_s) {
  EXPECT_TRUE(pass({{{79.9, 79.9, 60}, 900ms}, {kGood, 1h}}).empty());
}
TEST(Uvr, does_not_trip_at_80_0_V_ever) {
  EXPECT_TRUE(pass({{{80.0, 80.0, 60}, 24h}}).empty());
}
TEST(Uvr, two_dips_of_0_6_s_do_not_add_up) {
  EXPECT_TRUE(pass({{{79.9, 79.9, 60}, 600ms}, {kGood, 100ms}, {{79.9, 79.9, 60}, 600ms}, {kGood, 1h}}).empty());
}

TEST(Outage, both_legs_below_20_percent_for_one_second_are_E1_0) {
  expect_trip({{{20.1, 0, 60}, 1h}}, "E1-0", 1s);
}
TEST(Outage, one_dead_leg_is_under_voltage) {
  expect_trip({{{0, 101, 60}, 1h}}, "E1-2", 1s);
}
TEST(Outage, follows_an_under_voltage_that_dies_away) {
  const auto trips = pass({{{50, 50, 60}, 1500ms}, {{0, 0, 60}, 1h}});
  ASSERT_EQ(trips.size(), 2u);
  EXPECT_EQ(trips[0].code, "E1-2");
  EXPECT_EQ(trips[1].code, "E1-0");
  EXPECT_EQ(trips[1].after, 2500ms);
}

TEST(Instantaneous, trips_beyond_130_V_after_a_tenth_of_a_second) {
  const auto trips = pass({{{131, 101, 60}, 1h}});
  ASSERT_EQ(trips.size(), 2u);
  EXPECT_EQ(trips[0].code, "E1-7");
  EXPECT_EQ(trips[0].after, 100ms);
}

TEST(Frequency, trips_at_51_1_and_47_4_in_a_50_Hz_region) {
  expect_trip({{{101, 101, 51.1}, 1h}}, "E1-3", 1s, 50);
  expect_trip({{{101, 101, 47.4}, 1h}}, "E1-4", 1s, 50);
  EXPECT_TRUE(pass({{{101, 101, 51.0}, 1h}, {{101, 101, 47.5}, 1h}}, 50).empty());
}
TEST(Frequency, trips_at_61_3_and_56_9_in_a_60_Hz_region) {
  expect_trip({{{101, 101, 61.3}, 1h}}, "E1-3", 1s);
  expect_trip({{{101, 101, 56.9}, 1h}}, "E1-4", 1s);
}

TEST(Protection, a_relay_trips_once_per_excursion) {
  const auto trips = pass({{{116, 101, 60}, 1h}, {kGood, 1s}, {{116, 101, 60}, 1h}});
  EXPECT_EQ(trips.size(), 2u);
}

}  // namespace
}  // namespace v2x::power
