// Boxes: deaths are noticed at once, logs are searched, a missing answer is the bench's error.
#include "harness/world/box.hpp"

#include <gmock/gmock.h>
#include <unistd.h>

namespace v2x::world {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

class BoxTest : public testing::Test {
 protected:
  BoxTest() : folder_(std::filesystem::path(testing::TempDir()) / ("box-" + std::to_string(getpid()))) {
    std::filesystem::create_directories(folder_);
  }
  ~BoxTest() override { std::filesystem::remove_all(folder_); }

  Box box(const std::string& script) {
    Patience patience;
    patience.start = 30s;
    return Box(context_, {"thing", {"/bin/sh", "-c", script}, "ipc://" + (folder_ / "c").string(), folder_, patience});
  }

  std::filesystem::path folder_;
  MessagingContext context_;
};

TEST_F(BoxTest, OneThatDiesAtItsStartIsToldWithItsLastWords) {
  Box thing = box("echo 'bad: expected better' >&2; exit 2");
  const auto hello = thing.start();
  ASSERT_FALSE(hello);
  EXPECT_EQ(hello.error().code, "bench");
  EXPECT_EQ(hello.error().message, "thing died unasked: exit code 2; its last words: bad: expected better");
}

TEST_F(BoxTest, OnlyLinesOfTheLevelErrorAreErrors) {
  Box thing =
      box("echo '2026-04-01T12:00:00+09:00 error thing: broken' >&2; echo '2026-04-01T12:00:00+09:00 info thing: no "
          "error here' >&2");
  ASSERT_FALSE(thing.start());
  EXPECT_THAT(thing.error_lines(), ElementsAre(HasSubstr("broken")));
}

TEST_F(BoxTest, ACallToOneThatIsNotRunningFails) {
  Box thing = box("exit 0");
  EXPECT_EQ(thing.call("hello", Json::object()).error().message, "thing is not running");
  EXPECT_TRUE(thing.stop());
}

}  // namespace
}  // namespace v2x::world
