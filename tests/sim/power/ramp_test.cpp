// Ramps.
#include "sim/power/ramp.hpp"

#include <gtest/gtest.h>

#include "sim/power/hold_timer.hpp"

namespace v2x::power {
namespace {

using namespace std::chrono_literals;

TEST(Ramp, reaches_its_target_linearly_and_then_asks_for_no_more_steps) {
  Ramp ramp(1, 1s);
  const Time start{};
  ramp.go(0, 1 / 300.0, start);
  EXPECT_EQ(ramp.at(start), 1);
  EXPECT_NEAR(ramp.at(start + 150s), 0.5, 1e-9);
  EXPECT_EQ(ramp.next_step(start), start + 1s);
  EXPECT_EQ(ramp.at(start + 300s + 1us), 0);
  EXPECT_EQ(ramp.next_step(start + 300s + 1us), kNever);
}

TEST(Ramp, a_new_target_starts_from_where_it_is) {
  Ramp ramp(0, 1s);
  const Time start{};
  ramp.go(1, 0.1, start);
  ramp.go(0, 0.1, start + 5s);
  EXPECT_NEAR(ramp.at(start + 5s), 0.5, 1e-9);
  EXPECT_NEAR(ramp.at(start + 8s), 0.2, 1e-9);
}

TEST(Ramp, the_last_step_ends_at_the_target) {
  Ramp ramp(0, 1s);
  const Time start{};
  ramp.go(1, 1 / 1.5, start);
  EXPECT_EQ(ramp.next_step(start + 1s), start + 1500ms);
}

}  // namespace
}  // namespace v2x::power
