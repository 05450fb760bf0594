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

TEST(Seldom, WhatComesAndGoesIsSaidOnceAMinuteToo) {
  Seldom complaint;
  const SteadyTime begin{};
  int said = 0, ended = 0;
  for (auto passed = 0s; passed < 10min; passed += 10s) {
    said += complaint.due(begin + passed) ? 1 : 0;
    ended += complaint.said() ? 1 : 0;
    complaint.over();
    EXPECT_FALSE(complaint.said());
  }
  EXPECT_EQ(said, 10);
  EXPECT_EQ(ended, 10) << "the end of what was not said is no news";
}

}  // namespace
}  // namespace v2x::gateway::program
