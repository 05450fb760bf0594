// The kernel in service time, the door for other threads, the pacer. Each test is a process of its own: SystemC
// elaborates once.
#include <gtest/gtest.h>

#include <thread>

#include "common/jst.hpp"
#include "sim/core/act_queue_module.hpp"
#include "sim/core/door.hpp"
#include "sim/core/kernel.hpp"
#include "sim/core/pacer.hpp"

namespace v2x::core {
namespace {

using namespace std::chrono_literals;

const Time kStart = *parse_time("2026-04-01T12:00:00");

TEST(Kernel, acts_run_at_their_instant_in_the_order_they_were_asked_for) {
  Kernel kernel(kStart);
  ActQueueModule acts("acts", kernel);
  std::vector<std::pair<int, Time>> ran;
  const auto note = [&](int n) { return [&, n] { ran.emplace_back(n, kernel.now()); }; };
  acts.at(kStart + 2s, note(3));
  acts.at(kStart + 1s, note(1));
  acts.at(kStart + 1s, note(2));
  kernel.run_to(kStart + 1500ms);
  EXPECT_EQ(ran, (std::vector<std::pair<int, Time>>{{1, kStart + 1s}, {2, kStart + 1s}}));
  EXPECT_EQ(kernel.next_activity(), kStart + 2s);
  kernel.run_to(kStart + 2s);
  EXPECT_EQ(ran.back(), (std::pair{3, kStart + 2s})) << "run_to includes its own instant";
  EXPECT_EQ(kernel.next_activity(), std::nullopt);
}

TEST(Kernel, an_act_that_asks_for_another_at_its_own_instant_gets_it_before_time_goes_on) {
  Kernel kernel(kStart);
  ActQueueModule acts("acts", kernel);
  int depth = 0;
  std::function<void()> again = [&] {
    if (++depth < 5) acts.at(kernel.now(), again);
  };
  acts.at(kStart + 1us, again);
  kernel.run_to(kStart + 1us);
  EXPECT_EQ(depth, 5);
  EXPECT_EQ(kernel.now(), kStart + 1us);
}

TEST(Kernel, an_act_asked_for_while_the_kernel_stands_still_runs_without_time_passing) {
  Kernel kernel(kStart);
  ActQueueModule acts("acts", kernel);
  kernel.run_to(kStart + 1s);
  bool ran = false;
  acts.at(kStart, [&] { ran = true; });
  EXPECT_EQ(kernel.next_activity(), kStart + 1s);
  kernel.run_to(kStart + 1s);
  EXPECT_TRUE(ran);
}

TEST(Kernel, two_years_pass_without_losing_the_end) {
  Kernel kernel(kStart);
  ActQueueModule acts("acts", kernel);
  bool ran = false;
  acts.at(kStart + 730 * 24h, [&] { ran = true; });  // the default resolution of SystemC ends after 213 days
  kernel.run_to(kStart + 730 * 24h);
  EXPECT_TRUE(ran);
  EXPECT_EQ(kernel.now(), kStart + 730 * 24h);
}

TEST(Door, acts_of_another_thread_run_on_the_kernels_thread_in_order) {
  Kernel kernel(kStart);
  Alarm rung;
  Door door("door", kernel, {[] { return kStart + 2s; }, [&] { rung.wake(); }});
  kernel.run_to(kStart + 1s);
  std::vector<int> ran;
  const auto kernel_thread = std::this_thread::get_id();
  std::thread other([&] {
    door.post([&] { ran.push_back(1); });
    door.post([&] { ran.push_back(std::this_thread::get_id() == kernel_thread ? 2 : -1); });
    door.run([&] { ran.push_back(3); });
    EXPECT_EQ(ran.size(), 3U) << "run() returns when its act is over";
  });
  while (ran.size() < 3) {
    rung.wait(std::nullopt);
    kernel.run_to(kStart + 3s);
  }
  other.join();
  EXPECT_EQ(ran, (std::vector{1, 2, 3}));
}

TEST(Door, an_act_runs_at_the_instant_it_was_posted_though_the_kernel_stood_at_an_earlier_one) {
  Kernel kernel(kStart);
  Door door("door", kernel, {[] { return kStart + 5s; }, [] {}});
  Time ran_at;
  door.post([&] { ran_at = kernel.now(); });
  kernel.run_to(kStart + 10s);
  EXPECT_EQ(ran_at, kStart + 5s);
}

TEST(Pacer, keeps_service_time_with_the_wall_at_its_speed_and_measures_the_lag) {
  Kernel kernel(kStart);
  ActQueueModule acts("acts", kernel);
  const auto began = steady_now();
  Pacer pacer(kernel, RealtimeClock(kStart, began, 100.0));
  std::stop_source stop;
  SteadyTime ended;
  for (int i = 1; i <= 20; ++i) acts.at(kStart + i * 100ms, [] {});
  acts.at(kStart + 2s, [&] {
    ended = steady_now();
    stop.request_stop();
  });
  pacer.run(stop.get_token(), [] {});
  EXPECT_GE(ended - began, 20ms) << "2 s at 100 times real time are 20 ms, never less";
  const Lag lag = pacer.lag_since_last_call();
  EXPECT_EQ(lag.samples, 20U);
  EXPECT_LE(lag.p50_us, lag.p99_us);
  EXPECT_LE(lag.p99_us, lag.max_us);
  EXPECT_EQ(pacer.lag_since_last_call().samples, 0U);
}

TEST(Pacer, lets_others_in_between_two_instants_at_the_time_it_is) {
  Kernel kernel(kStart);
  ActQueueModule acts("acts", kernel);
  Pacer pacer(kernel, RealtimeClock(kStart, steady_now(), 1.0));
  Door door("door", kernel, {[&] { return pacer.present(); }, [&] { pacer.wake(); }});
  std::stop_source stop;
  acts.at(kStart + 24h, [] {});
  Time came_in;
  std::thread other([&] {
    door.run([&] { came_in = kernel.now(); });
    stop.request_stop();
  });
  pacer.run(stop.get_token(), [] {});
  other.join();
  EXPECT_GE(came_in, kStart);
  EXPECT_LT(came_in, kStart + 1h);
}

TEST(Pacer, a_paused_kernel_stands_still_but_lets_others_in) {
  Kernel kernel(kStart);
  ActQueueModule acts("acts", kernel);
  Pacer pacer(kernel, RealtimeClock(kStart, steady_now(), 1000.0));
  Door door("door", kernel, {[&] { return pacer.present(); }, [&] { pacer.wake(); }});
  std::stop_source stop;
  acts.at(kStart + 24h, [&] { stop.request_stop(); });
  std::thread other([&] {
    Time paused_at;
    door.run([&] {
      pacer.pause();
      paused_at = kernel.now();
    });
    door.run([&] { EXPECT_EQ(kernel.now(), paused_at); });
    door.run([&] { pacer.resume(1e9); });
  });
  pacer.run(stop.get_token(), [] {});
  other.join();
  EXPECT_GE(kernel.now(), kStart + 24h) << "resumed, it comes to tomorrow by itself";
}

}  // namespace
}  // namespace v2x::core
