// The reconnect wait.
#include "sim/power/grid_connection.hpp"

#include <gtest/gtest.h>

namespace v2x::power {
namespace {

using namespace std::chrono_literals;

struct Connection : GridConnection {
  explicit Connection(Duration wait = 300s) : GridConnection(default_protection(60), wait) { see(101); }
  void see(double volt) { observe({volt, volt, 60}, true, now); }
  void pass(Duration d) {
    now += d;
    (void)take_trip(now);
  }
  Duration wait() { return remaining_wait(now); }
  Time now{};
};

TEST(GridConnection, without_a_trip_there_is_nothing_to_wait_for) {
  Connection grid;
  EXPECT_EQ(grid.wait(), 0s);
  grid.see(116);
  grid.pass(900ms);
  grid.see(101);
  EXPECT_EQ(grid.wait(), 0s);
}

TEST(GridConnection, the_wait_runs_from_the_instant_at_which_the_grid_is_good) {
  Connection grid;
  grid.see(116);
  grid.pass(1s);
  grid.pass(1h);
  EXPECT_EQ(grid.wait(), 300s) << "it stands still while the grid is bad";
  grid.see(101);
  grid.pass(100s);
  EXPECT_EQ(grid.wait(), 200s);
  EXPECT_EQ(grid.next_change(grid.now), grid.now + 200s);
  grid.pass(200s);
  EXPECT_EQ(grid.wait(), 0s);
}

TEST(GridConnection, every_excursion_starts_the_wait_anew) {
  Connection grid;
  grid.see(116);
  grid.pass(1s);
  grid.see(101);
  grid.pass(299s);
  grid.see(79);
  grid.pass(100ms);
  grid.see(101);
  EXPECT_EQ(grid.wait(), 300s);
}

TEST(GridConnection, a_wait_that_is_over_does_not_come_back_with_a_short_excursion) {
  Connection grid;
  grid.see(116);
  grid.pass(1s);
  grid.see(101);
  grid.pass(300s);
  grid.see(79);
  grid.pass(100ms);
  grid.see(101);
  EXPECT_EQ(grid.wait(), 0s);
}

TEST(GridConnection, the_manual_setting_waits_for_a_hand) {
  Connection grid(kManualReconnect);
  grid.see(116);
  grid.pass(1s);
  grid.see(101);
  grid.pass(24h);
  EXPECT_EQ(grid.wait(), kManualReconnect);
  EXPECT_EQ(grid.next_change(grid.now), kNever);
  grid.release();
  EXPECT_EQ(grid.wait(), 0s);
}

}  // namespace
}  // namespace v2x::power
