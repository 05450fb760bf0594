#include "sim/gateway/program/contact_input.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

namespace v2x::gateway::program {
namespace {

using namespace std::chrono_literals;

TEST(ContactInput, IsClosedWhileItsFileSaysOne) {
  const auto file = std::filesystem::path(testing::TempDir()) / ("contact-" + std::to_string(getpid()));
  const auto say = [&](const char* text) { std::ofstream(file) << text; };
  SteadyTime now{};
  const auto look = [&](ContactInput& input) { return input.changed(now += ContactInput::kPeriod); };
  ContactInput input(file);
  say("0\n");
  EXPECT_FALSE(look(input));
  say("1\n");
  EXPECT_TRUE(look(input));
  EXPECT_TRUE(input.closed());
  EXPECT_FALSE(look(input)) << "as before";
  std::filesystem::remove(file);
  EXPECT_TRUE(look(input)) << "what can't be read is open";
  EXPECT_FALSE(input.closed());
}

TEST(ContactInput, WithoutAFileIsOpen) {
  ContactInput input({});
  EXPECT_FALSE(input.changed(SteadyTime{} + 1h));
  EXPECT_FALSE(input.closed());
}

}  // namespace
}  // namespace v2x::gateway::program
