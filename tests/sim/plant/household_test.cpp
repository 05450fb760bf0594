// What a household draws over its days.
#include "sim/plant/household.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "common/jst.hpp"

namespace v2x::plant {
namespace {

using namespace std::chrono_literals;

constexpr Duration kStep = 10s;

struct Sums {
  double wh = 0, target_wh = 0, least_w = 1e9, most_w = 0, leg_difference_wh = 0;
};

Sums live(int persons, std::uint64_t seed, int days, bool all_electric = false) {
  const Time start = *parse_time("2026-04-01T00:00:00");
  Household household({"home", persons, seed, all_electric}, start);
  Sums sums;
  Time now = start;
  Time next_step = start + kStep;
  for (const Time end = start + days * 24h; now < end;) {
    if (now.time_since_epoch() % 24h == 3h) sums.target_wh += household.day_target_wh();  // once a JST day
    const Time next = std::min(next_step, household.next_change());
    const double hours = std::chrono::duration<double, std::ratio<3600>>(next - now).count();
    sums.wh += household.load().total_w() * hours;
    sums.leg_difference_wh += std::abs(household.load().u_w - household.load().v_w) * hours;
    sums.least_w = std::min(sums.least_w, household.load().total_w());
    sums.most_w = std::max(sums.most_w, household.load().total_w());
    now = next;
    if (now == next_step) next_step += kStep;
    household.advance_to(now);
  }
  return sums;
}

TEST(Household, thirty_days_meet_the_target_within_five_percent) {
  for (const int persons : {1, 2, 4, 6}) {
    const Sums sums = live(persons, 7, 30);
    EXPECT_NEAR(sums.wh / sums.target_wh, 1, 0.05) << persons << " persons";
  }
}

TEST(Household, the_target_is_the_table_of_persons_and_months) {
  const Sums sums = live(4, 3, 30);
  EXPECT_NEAR(sums.target_wh / 30, 14000 * 0.90, 14000 * 0.90 * 0.05);
}

TEST(Household, all_electric_takes_its_hot_water_at_night) {
  const Time start = *parse_time("2026-04-01T00:00:00");
  Household household({"home", 4, 1, true}, start);
  household.advance_to(start + 2h - 1s);
  const double before_w = household.load().total_w();
  household.advance_to(start + 2h);
  EXPECT_GE(household.load().total_w(), before_w + 1400);
  const Sums all_electric = live(4, 7, 30, true), usual = live(4, 7, 30);
  EXPECT_NEAR(all_electric.target_wh / usual.target_wh, 1.6, 1e-9);
  EXPECT_NEAR(all_electric.wh / all_electric.target_wh, 1, 0.05);
}

TEST(Household, never_falls_below_its_floor_and_uses_both_legs) {
  const Sums sums = live(4, 1, 3);
  EXPECT_GE(sums.least_w, 150);
  EXPECT_GT(sums.most_w, 2500);
  EXPECT_GT(sums.leg_difference_wh, 100);
}

TEST(Household, is_a_function_of_its_seed) {
  EXPECT_EQ(live(4, 1, 2).wh, live(4, 1, 2).wh);
  EXPECT_NE(live(4, 1, 2).wh, live(4, 2, 2).wh);
}

}  // namespace
}  // namespace v2x::plant
