// Which scenarios a command line means.
#include <gmock/gmock.h>

#include <filesystem>

#include "common/bad_input.hpp"
#include "harness/run/run.hpp"
#include "tests/paths.hpp"

namespace v2x::run {
namespace {

class Select : public testing::Test {
 protected:
  Select() { std::filesystem::current_path(in_sources()); }
};

TEST_F(Select, TagsChooseAndSkipLeavesOut) {
  const auto all = select({{"scenarios"}, {}, {}});
  const auto faults = select({{"scenarios"}, {"faults"}, {}});
  ASSERT_FALSE(faults.empty());
  EXPECT_EQ(select({{"scenarios"}, {}, {"faults"}}).size(), all.size() - faults.size());
  EXPECT_TRUE(select({{"scenarios"}, {"no such tag"}, {}}).empty());
}

TEST_F(Select, AnUnknownCaseIsRefused) {
  EXPECT_THROW(select({{"scenarios/registration/first_account.yaml@x"}, {}, {}}), BadInput);
}

}  // namespace
}  // namespace v2x::run
