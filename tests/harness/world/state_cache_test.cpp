// The cache of set-ups: what goes in comes out; another world, start or program is another entry.
#include "harness/world/state_cache.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <sstream>

namespace v2x::world {
namespace {

namespace fs = std::filesystem;

class StateCacheTest : public testing::Test {
 protected:
  StateCacheTest() : folder_(fs::path(testing::TempDir()) / ("cache-" + std::to_string(getpid()))) {
    fs::create_directories(folder_ / "programs");
    write("world.yaml", "a");
    write("programs/v2x-sim", "1");
    world_.name = "w";
    world_.sources = {folder_ / "world.yaml"};
  }
  ~StateCacheTest() override { fs::remove_all(folder_); }
  void write(const std::string& name, const std::string& text) {
    fs::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name) << text;
  }
  std::string read(const std::string& name) {
    std::ifstream in(folder_ / name);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
  }
  std::string key(int start_us = 0, std::uint64_t seed = 1) {
    return StateCache::key(world_, folder_ / "programs", Time(Duration(start_us)), seed);
  }

  fs::path folder_;
  scenario::World world_;
};

TEST_F(StateCacheTest, GivesBackWhatWasKept) {
  const StateCache cache(folder_ / "cache");
  EXPECT_FALSE(cache.fetch("k", folder_ / "copy"));
  write("state/keys/a.key", "secret");
  fs::permissions(folder_ / "state/keys/a.key", fs::perms::owner_read | fs::perms::owner_write);
  cache.keep("k", folder_ / "state");
  cache.keep("k", folder_ / "state");  // another thread was first: no harm
  write("copy/old", "x");
  ASSERT_TRUE(cache.fetch("k", folder_ / "copy"));
  EXPECT_EQ(read("copy/keys/a.key"), "secret");
  EXPECT_EQ(fs::status(folder_ / "copy/keys/a.key").permissions(), fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_FALSE(fs::exists(folder_ / "copy/old"));
}

TEST_F(StateCacheTest, OldStatesGoAndFilesOfOthersStay) {
  const StateCache cache(folder_ / "cache");
  write("cache/fleet.v2x", "made by a bench, a minute's work");
  write("state/a", "x");
  for (int i = 0; i < 40; ++i) cache.keep(std::to_string(i), folder_ / "state");
  EXPECT_FALSE(cache.fetch("0", folder_ / "copy"));
  EXPECT_TRUE(cache.fetch("39", folder_ / "copy"));
  EXPECT_TRUE(fs::exists(folder_ / "cache/fleet.v2x"));
}

TEST_F(StateCacheTest, AnythingThatMattersMakesAnotherKey) {
  const std::string first = key();
  EXPECT_EQ(key(), first);
  EXPECT_NE(key(1), first);
  EXPECT_NE(key(0, 2), first);
  write("programs/v2x-sim", "12");
  const std::string rebuilt = key();
  EXPECT_NE(rebuilt, first);
  write("world.yaml", "b");
  EXPECT_NE(key(), rebuilt);
}

}  // namespace
}  // namespace v2x::world
