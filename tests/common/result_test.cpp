#include "common/result.hpp"

#include <gtest/gtest.h>

#include <memory>

namespace v2x {
namespace {

Result<int> half(int n) {
  if (n % 2 != 0) return fail("odd", std::to_string(n) + " is odd");
  return n / 2;
}

TEST(Result, holds_a_value_or_an_error) {
  const auto four = half(8);
  ASSERT_TRUE(four);
  EXPECT_EQ(*four, 4);
  const auto odd = half(3);
  ASSERT_FALSE(odd);
  EXPECT_EQ(odd.error().code, "odd");
  EXPECT_EQ(odd.error().message, "3 is odd");
}

TEST(Result, error_of_one_type_is_handed_on_as_another) {
  const auto length = [](int n) -> Result<std::string> {
    const auto result = half(n);
    if (!result) return fail(result.error());
    return std::string(static_cast<size_t>(*result), 'x');
  };
  EXPECT_EQ(*length(4), "xx");
  EXPECT_EQ(length(5).error().code, "odd");
}

TEST(Result, value_that_cannot_be_copied_moves_out) {
  Result<std::unique_ptr<int>> result = std::make_unique<int>(7);
  const std::unique_ptr<int> taken = std::move(result).value();
  EXPECT_EQ(*taken, 7);
}

TEST(Status, says_only_whether_it_worked) {
  EXPECT_TRUE(done());
  const Status failed = fail("no", "not today");
  EXPECT_FALSE(failed);
}

}  // namespace
}  // namespace v2x
