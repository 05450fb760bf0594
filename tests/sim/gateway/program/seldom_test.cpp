// What would fill the log is said at most once a minute.
#include "sim/gateway/program/seldom.hpp"

#include <gtest/gtest.h>

namespace v2x::gateway::program {
namespace {

using namespace std::chrono_literals;

TEST(Seldom, IsDueOnceAMinute) {
  Seldom complaint;
  const SteadyTime begin{};
  int said = 0;
  for (auto passed = 0s; passed < 10min; passed += 1s) said += complaint.due(begin + passed) ? 1 : 0;
  EXPECT_EQ(said, 10);
}

TEST(Seldom, WhatIsOverIsSaidAtOnceWhenItComesAgain) {
  Seldom complaint;
  EXPECT_TRUE(complaint.due(SteadyTime{}));
  EXPECT_TRUE(complaint.said());
  complaint.forget();
  EXPECT_FALSE(complaint.said());
  EXPECT_TRUE(complaint.due(SteadyTime{} + 1s));
}

}  // namespace
}  // namespace v2x::gateway::program
