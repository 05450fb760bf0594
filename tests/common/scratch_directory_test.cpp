#include "common/scratch_directory.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <fstream>
#include <optional>
#include <string>

#include "common/bad_input.hpp"

namespace v2x {
namespace {

namespace fs = std::filesystem;

/// A process that has made one and is killed.
fs::path left_behind(bool kept) {
  int ends[2];
  EXPECT_EQ(pipe(ends), 0);
  const pid_t child = fork();
  if (child == 0) {
    ScratchDirectory scratch;
    std::ofstream(scratch.path() / "file") << "something";
    if (kept) scratch.keep();
    const std::string name = scratch.path().string();
    if (write(ends[1], name.data(), name.size()) < 0) _exit(1);
    raise(SIGKILL);
  }
  waitpid(child, nullptr, 0);
  char name[200];
  const auto size = read(ends[0], name, sizeof name);
  for (const int end : ends) close(end);
  return std::string(name, static_cast<size_t>(std::max<ssize_t>(size, 0)));
}

/// Each test has a directory for temporary files of its own.
class ScratchDirectoryTest : public testing::Test {
 protected:
  ScratchDirectoryTest() { setenv("TMPDIR", place_.path().c_str(), 1); }
  ~ScratchDirectoryTest() override { unsetenv("TMPDIR"); }

  const ScratchDirectory place_;
};

TEST_F(ScratchDirectoryTest, IsGoneWithItsOwnerAndLeavesOthersAlone) {
  const ScratchDirectory stays;
  std::optional<ScratchDirectory> goes(std::in_place);
  const fs::path path = goes->path();
  std::ofstream(path / "file") << "something";
  EXPECT_NE(path, stays.path());
  goes.reset();
  EXPECT_FALSE(fs::exists(path));
  EXPECT_TRUE(fs::exists(stays.path()));
}

TEST_F(ScratchDirectoryTest, OfAKilledProcessIsRemovedByTheNext) {
  const fs::path path = left_behind(false);
  ASSERT_TRUE(fs::exists(path / "file"));
  const ScratchDirectory next;
  EXPECT_FALSE(fs::exists(path));
}

TEST_F(ScratchDirectoryTest, ThatIsInUseOutlivesTheNext) {
  const ScratchDirectory used;
  const ScratchDirectory next;
  EXPECT_TRUE(fs::exists(used.path()));
}

TEST_F(ScratchDirectoryTest, ThatIsKeptStays) {
  fs::path path;
  {
    ScratchDirectory kept;
    kept.keep();
    path = kept.path();
  }
  const fs::path of_killed = left_behind(true);
  const ScratchDirectory next;
  EXPECT_TRUE(fs::exists(path));
  EXPECT_TRUE(fs::exists(of_killed / "file"));
}

TEST_F(ScratchDirectoryTest, IsNotMadeInWhatIsNoDirectory) {
  std::ofstream(place_.path() / ("v2x-" + std::to_string(geteuid()))) << "in the way";
  EXPECT_THROW(ScratchDirectory(), BadInput);
}

}  // namespace
}  // namespace v2x
