// Hooks: what a person's commands get to know, and how they end.
#include "harness/conform/owner.hpp"

#include <gmock/gmock.h>
#include <unistd.h>

#include <fstream>

#include "common/clock.hpp"

namespace v2x::conform {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

class CommandOwnerTest : public testing::Test {
 protected:
  CommandOwnerTest() : folder_(fs::path(testing::TempDir()) / ("owner-" + std::to_string(getpid()))) {
    fs::create_directories(folder_);
  }
  ~CommandOwnerTest() override { fs::remove_all(folder_); }

  Status run(Hook hook, const std::string& command, const HookValues& values = {}) {
    CommandOwner owner({{hook, command}}, folder_);
    if (Status begun = owner.begin(hook, values); !begun) return begun;
    Alarm look_again;
    for (const SteadyTime until = steady_now() + 20s; steady_now() < until; look_again.wait(steady_now() + 10ms))
      if (auto ended = owner.ended()) return *ended;
    return fail("test", "it did not end");
  }
  std::string said() const {
    std::ifstream in(folder_ / "hooks.log");
    return {std::istreambuf_iterator<char>(in), {}};
  }

  fs::path folder_;
};

TEST_F(CommandOwnerTest, CanWhatItHasACommandFor) {
  const CommandOwner owner({{Hook::reboot, "true"}}, folder_);
  EXPECT_TRUE(owner.can(Hook::reboot));
  EXPECT_FALSE(owner.can(Hook::power));
}

TEST_F(CommandOwnerTest, TellsTheCommandKeyAndSkew) {
  EXPECT_TRUE(run(Hook::skew, "echo skew $V2X_SKEW_S", {{}, 600}));
  EXPECT_TRUE(run(Hook::rotate_key, "echo key \"$V2X_KEY_FILE\"", {"/tmp/a key's file", 0}));
  EXPECT_EQ(said(), "skew 600\nkey /tmp/a key's file\n");
}

TEST_F(CommandOwnerTest, AFailingCommandIsAnErrorOfTheBench) {
  const Status status = run(Hook::reboot, "exit 3");
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, "bench");
  EXPECT_THAT(status.error().message, testing::HasSubstr("--hook reboot=exit 3 ended with exit code 3"));
}

}  // namespace
}  // namespace v2x::conform
