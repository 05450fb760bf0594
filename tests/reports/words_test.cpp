#include "reports/words.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "common/jst.hpp"

namespace v2x::reports {
namespace {

TEST(Words, figures_have_three_digits_at_most_and_thousands_apart) {
  EXPECT_EQ(figure(0), "0");
  EXPECT_EQ(figure(-0.0001), "0");
  EXPECT_EQ(figure(12), "12");
  EXPECT_EQ(figure(999), "999");
  EXPECT_EQ(figure(1000), "1,000");
  EXPECT_EQ(figure(-1234567.891), "-1,234,567.891");
  EXPECT_EQ(figure(18.2871), "18.287");
  EXPECT_EQ(figure(100.5), "100.5");
  EXPECT_EQ(figure(std::numeric_limits<double>::quiet_NaN()), "–");
}

TEST(Words, spans_are_said_in_two_units_at_most) {
  EXPECT_EQ(span(0), "0 s");
  EXPECT_EQ(span(1.02), "1.02 s");
  EXPECT_EQ(span(600), "10 min");
  EXPECT_EQ(span(661), "11 min 1 s");
  EXPECT_EQ(span(2 * 3600 + 300), "2 h 5 min");
  EXPECT_EQ(span(30 * 86400), "30 d");
  EXPECT_EQ(span(3 * 86400 + 4 * 3600), "3 d 4 h");
}

TEST(Words, moments_are_in_japanese_time) {
  EXPECT_EQ(moment(*parse_time("2026-04-01T12:00:05+09:00")), "4月1日 12:00:05");
  EXPECT_EQ(moment(*parse_time("2026-12-31T15:00:00.025Z")), "1月1日 00:00:00.025");
}

}  // namespace
}  // namespace v2x::reports
