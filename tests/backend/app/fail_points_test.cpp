// The points that scenarios may name are the ones that the backend has.
#include "contracts/fail_points.hpp"

#include <gmock/gmock.h>

#include "common/failpoint.hpp"

namespace v2x::app {
namespace {

TEST(FailPoints, of_the_contract_are_the_points_of_the_backend) {
  std::vector<std::string> told;
  for (const contracts::FailPoint& point : contracts::load_fail_points())
    if (point.box == "backend") told.push_back(point.name);
  EXPECT_THAT(failpoint::names(), testing::UnorderedElementsAreArray(told));
}

}  // namespace
}  // namespace v2x::app
