#include "common/clock.hpp"

#include <gtest/gtest.h>

#include <future>
#include <thread>

#include "common/bad_input.hpp"
#include "common/clock_options.hpp"
#include "common/jst.hpp"

namespace v2x {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

const Time kNoon = *parse_time("2026-04-01T12:00:00");

TEST(SteppedClock, stands_still_until_it_is_moved) {
  SteppedClock clock(kNoon);
  EXPECT_EQ(clock.now(), kNoon);
  EXPECT_EQ(clock.now(), kNoon);
  clock.advance_to(kNoon + seconds(60));
  EXPECT_EQ(clock.now(), kNoon + seconds(60));
}

TEST(SteppedClock, never_goes_back) {
  SteppedClock clock(kNoon);
  clock.advance_to(kNoon - seconds(1));
  EXPECT_EQ(clock.now(), kNoon);
}

TEST(RealtimeClock, runs_speed_times_as_fast_as_the_wall) {
  const RealtimeClock clock(kNoon, steady_now() - hours(1), 24);
  EXPECT_GE(clock.now(), kNoon + hours(24));
}

TEST(RealtimeClock, deadline_is_where_the_wall_reaches_the_instant) {
  const SteadyTime anchor = steady_now();
  const RealtimeClock clock(kNoon, anchor, 10);
  EXPECT_EQ(clock.deadline(kNoon), anchor);
  EXPECT_EQ(clock.deadline(kNoon + seconds(60)), anchor + seconds(6));
  EXPECT_EQ(clock.deadline(kNoon - seconds(60)), anchor - seconds(6));
}

TEST(RealtimeClock, never_goes_back) {
  const RealtimeClock clock(kNoon, steady_now(), 100);
  Time last = clock.now();
  for (int i = 0; i < 10'000; ++i) {
    const Time now = clock.now();
    ASSERT_GE(now, last);
    last = now;
  }
}

TEST(ClockOptions, two_programs_with_one_epoch_share_one_time) {
  const SteadyTime anchor = steady_now();
  const ClockOptions options{"", format_epoch(kNoon, anchor), 60};
  const RealtimeClock one = options.realtime(), other = options.realtime();
  EXPECT_EQ(one.deadline(kNoon + hours(1)), anchor + seconds(60));
  EXPECT_EQ(one.deadline(kNoon + hours(1)), other.deadline(kNoon + hours(1)));
}

TEST(ClockOptions, what_is_wrong_is_named_by_its_option) {
  const auto message = [](const ClockOptions& options, auto act) -> std::string {
    try {
      act(options);
    } catch (const BadInput& error) {
      return error.what();
    }
    return "nothing was thrown";
  };
  const auto start = [](const ClockOptions& options) { (void)options.start_time(); };
  const auto realtime = [](const ClockOptions& options) { (void)options.realtime(); };
  EXPECT_EQ(message({"noon", "", 1}, start).rfind("--start: 'noon'", 0), 0u);
  EXPECT_EQ(message({"", "", 0}, realtime).rfind("--speed: ", 0), 0u);
  for (const char* epoch : {"x", "2026-04-01T12:00:00", "2026-04-01T12:00:00@", "2026-04-01T12:00:00@1x", "@1"})
    EXPECT_EQ(message({"", epoch, 1}, realtime).rfind("--epoch: ", 0), 0u) << epoch;
}

TEST(Alarm, wake_that_came_first_is_not_lost) {
  Alarm alarm;
  alarm.wake();
  EXPECT_TRUE(alarm.wait(std::nullopt));
}

TEST(Alarm, is_woken_once_per_wake) {
  Alarm alarm;
  alarm.wake();
  alarm.wake();
  EXPECT_TRUE(alarm.wait(steady_now()));
  EXPECT_FALSE(alarm.wait(steady_now()));
}

TEST(Alarm, deadline_ends_the_wait) {
  Alarm alarm;
  const SteadyTime deadline = steady_now() + milliseconds(2);
  EXPECT_FALSE(alarm.wait(deadline));
  EXPECT_GE(steady_now(), deadline);
}

TEST(Alarm, another_thread_wakes_it) {
  Alarm alarm;
  auto waited = std::async(std::launch::async, [&] { return alarm.wait(std::nullopt); });
  alarm.wake();
  EXPECT_TRUE(waited.get());
}

}  // namespace
}  // namespace v2x
