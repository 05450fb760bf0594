// The pure rules: when URLs die, how telephone numbers compare, how figures are shown.
#include <gtest/gtest.h>

#include "backend/model/figures.hpp"
#include "backend/model/link_expiry.hpp"
#include "backend/model/prefectures.hpp"
#include "backend/model/telephone.hpp"
#include "common/jst.hpp"

namespace v2x::model {
namespace {

Time at(const char* text) {
  return parse_time(text).value();
}

TEST(LinkExpiry, IsTheFirstInstantAfterTheLastDayInJapan) {
  EXPECT_EQ(link_dies_at(at("2020-02-14T00:00:00+09:00"), 7), at("2020-02-22T00:00:00+09:00"));
  EXPECT_EQ(link_dies_at(at("2020-02-14T23:59:59+09:00"), 7), at("2020-02-22T00:00:00+09:00"));
}

TEST(LinkExpiry, IsPaddedOnPagesAndNotInMails) {
  const Time dies = link_dies_at(at("2020-02-01T12:00:00+09:00"), 7);
  EXPECT_EQ(last_good_day_on_page(dies), "2020年02月08日");
  EXPECT_EQ(last_good_day_in_mail(dies), "2020 年 2 月 8 日");
}

TEST(Telephone, IsTheSameWhenItsDigitsAre) {
  EXPECT_TRUE(same_telephone("075-123-4567", "07-5123-4567"));
  EXPECT_FALSE(same_telephone("075-123-4567", "075-123-4568"));
}

TEST(Figures, HaveOneDecimalHalfAwayFromZeroAndNoMinus) {
  const std::vector<std::pair<std::int64_t, const char*>> table = {
      {0, "0.0"},    {49, "0.0"},    {50, "0.1"},       {650, "0.7"}, {649, "0.6"},
      {1849, "1.8"}, {9950, "10.0"}, {123456, "123.5"}, {-40, "0.0"}, {-900, "0.0"}};
  for (const auto& [value, text] : table) EXPECT_EQ(in_kilo(value), text) << value;
  EXPECT_EQ(in_kilo(std::nullopt), "-");
}

TEST(Prefectures, AreTheFortySevenOfTheStandard) {
  EXPECT_EQ(prefecture_name("01"), "北海道");
  EXPECT_EQ(prefecture_name("13"), "東京都");
  EXPECT_EQ(prefecture_name("26"), "京都府");
  EXPECT_EQ(prefecture_name("47"), "沖縄県");
  for (const auto& none : {"", "0", "00", "48", "1", "026", "ab"}) EXPECT_EQ(prefecture_name(none), "") << none;
}

}  // namespace
}  // namespace v2x::model
