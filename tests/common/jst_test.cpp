#include "common/jst.hpp"

#include <gtest/gtest.h>

namespace v2x {
namespace {

using namespace std::chrono;

Time at(const char* text) {
  const auto t = parse_time(text);
  EXPECT_TRUE(t) << text;
  return t ? *t : Time();
}

TEST(Jst, text_without_zone_is_japanese_time) {
  EXPECT_EQ(at("2026-04-01T12:00:00"), Time(sys_days(2026y / 4 / 1) + hours(3)));
  EXPECT_EQ(at("2026-04-01 12:00:00"), at("2026-04-01T12:00:00+09:00"));
}

TEST(Jst, zones_name_the_same_instant) {
  EXPECT_EQ(at("2026-04-01T12:00:00+09:00"), at("2026-04-01T03:00:00Z"));
  EXPECT_EQ(at("2026-03-31T22:30:00-04:30"), at("2026-04-01T12:00:00+09:00"));
}

TEST(Jst, fraction_keeps_microseconds_and_drops_the_rest) {
  EXPECT_EQ(at("2026-04-01T12:00:00.5") - at("2026-04-01T12:00:00"), milliseconds(500));
  EXPECT_EQ(at("2026-04-01T12:00:00.000001") - at("2026-04-01T12:00:00"), Duration(1));
  EXPECT_EQ(at("2026-04-01T12:00:00.1234567Z") - at("2026-04-01T12:00:00Z"), Duration(123456));
}

TEST(Jst, what_is_no_time_is_refused) {
  for (const char* text : {"", "2026-04-01", "2026-04-01T12:00", "2026-02-29T00:00:00", "2026-13-01T00:00:00",
                           "2026-04-01T24:00:00", "2026-04-01T12:60:00", "2026-04-01T12:00:60", "2026-04-01T12:00:00.",
                           "2026-04-01T12:00:00+9", "2026-04-01T12:00:00+09:00x", "2026-04-01T12:00:00+0900",
                           "2026-04-01T12:00:00+24:00", "2026/04/01T12:00:00", "20a6-04-01T12:00:00"})
    EXPECT_FALSE(parse_time(text)) << text;
}

TEST(Jst, leap_day_exists_in_leap_years) {
  EXPECT_TRUE(parse_time("2028-02-29T00:00:00"));
}

TEST(Jst, formatted_time_reads_back_as_the_same_instant) {
  for (const char* text :
       {"2026-04-01T12:00:00+09:00", "2026-04-01T00:00:00.000001+09:00", "1999-12-31T23:59:59.999999+09:00"})
    EXPECT_EQ(format_time(at(text)), text);
}

TEST(Jst, japanese_midnight_is_not_utc_midnight) {
  EXPECT_EQ(jst_midnight(at("2026-04-01T08:59:59+09:00")), at("2026-04-01T00:00:00+09:00"));
  EXPECT_EQ(jst_midnight(at("2026-04-01T00:00:00+09:00")), at("2026-04-01T00:00:00+09:00"));
  EXPECT_EQ(jst_midnight(at("2026-03-31T23:59:59.999999+09:00")), at("2026-03-31T00:00:00+09:00"));
  EXPECT_EQ(jst_midnight(at("2026-03-31T12:00:00+09:00"), 1), at("2026-04-01T00:00:00+09:00"));
  EXPECT_EQ(jst_midnight(at("2026-03-01T12:00:00+09:00"), -1), at("2026-02-28T00:00:00+09:00"));
}

TEST(Jst, civil_time_and_instant_are_two_forms_of_one_thing) {
  const JstTime civil = to_jst(at("2026-12-31T23:59:58.000007+09:00"));
  EXPECT_EQ(civil.date, 2026y / 12 / 31);
  EXPECT_EQ(civil.hour, 23);
  EXPECT_EQ(civil.minute, 59);
  EXPECT_EQ(civil.second, 58);
  EXPECT_EQ(civil.microsecond, 7);
  EXPECT_EQ(from_jst(civil), at("2026-12-31T23:59:58.000007+09:00"));
}

TEST(Jst, time_before_1970_is_a_time) {
  EXPECT_EQ(format_time(Time(-Duration(1))), "1970-01-01T08:59:59.999999+09:00");
}

TEST(Jst, patterns_pad_unless_told_not_to) {
  const Time t = at("2026-04-01T03:05:09");
  EXPECT_EQ(format_jst(t, "%Y年%-m月%-d日 %-H時%M分"), "2026年4月1日 3時05分");
  EXPECT_EQ(format_jst(t, "%Y/%m/%d %H:%M:%S"), "2026/04/01 03:05:09");
  EXPECT_EQ(format_jst(t, "100%"), "100%");
}

}  // namespace
}  // namespace v2x
