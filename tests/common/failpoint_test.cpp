#include "common/failpoint.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <future>

namespace v2x::failpoint {
namespace {

const Point kCommit("store.before_commit");
const Point kSend("mail.after_data");

class FailPoint : public testing::Test {
 protected:
  void TearDown() override { clear(); }
};

TEST_F(FailPoint, passes_while_nothing_is_armed) {
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(kCommit.pass());
}

TEST_F(FailPoint, knows_the_names_of_all_points) {
  EXPECT_THAT(names(), testing::IsSupersetOf({"store.before_commit", "mail.after_data"}));
}

TEST_F(FailPoint, error_comes_once_at_the_counted_pass) {
  ASSERT_TRUE(arm("store.before_commit", Action::error, 3));
  EXPECT_FALSE(kCommit.pass());
  EXPECT_FALSE(kCommit.pass());
  EXPECT_TRUE(kCommit.pass());
  EXPECT_FALSE(kCommit.pass());
}

TEST_F(FailPoint, one_point_does_not_trip_another) {
  ASSERT_TRUE(arm("store.before_commit", Action::error, 1));
  EXPECT_FALSE(kSend.pass());
  EXPECT_TRUE(kCommit.pass());
}

TEST_F(FailPoint, cleared_point_passes) {
  ASSERT_TRUE(arm("store.before_commit", Action::error, 1));
  clear();
  EXPECT_FALSE(kCommit.pass());
}

TEST_F(FailPoint, unknown_name_is_refused_with_the_nearest) {
  const auto refused = arm("store.before_comit", Action::error, 1);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "unknown_point");
  EXPECT_THAT(refused.error().message, testing::HasSubstr("nearest: 'store.before_commit'"));
  EXPECT_FALSE(arm("store.before_commit", Action::error, 0));
}

TEST_F(FailPoint, crash_kills_the_process_on_the_spot) {
  const auto crash = [] {
    if (arm("store.before_commit", Action::crash, 2)) {
      (void)kCommit.pass();
      (void)kCommit.pass();
    }
  };
  EXPECT_EXIT(crash(), testing::KilledBySignal(SIGKILL), "");
}

TEST_F(FailPoint, stalled_thread_goes_on_when_cleared_and_does_not_fail) {
  ASSERT_TRUE(arm("store.before_commit", Action::stall, 1));
  auto passed = std::async(std::launch::async, [] { return kCommit.pass(); });
  clear();
  EXPECT_FALSE(passed.get());
}

}  // namespace
}  // namespace v2x::failpoint
