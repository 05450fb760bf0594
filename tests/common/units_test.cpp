#include "common/units.hpp"

#include <gtest/gtest.h>

namespace v2x {
namespace {

struct Reading {
  const char* text;
  double value;
  const char* unit;
};

TEST(Units, measures_come_in_base_units) {
  for (const Reading& r : {Reading{"116 V", 116, "V"},
                           {"116V", 116, "V"},
                           {" 1.5 kW ", 1500, "W"},
                           {"-2 A", -2, "A"},
                           {"+3 Hz", 3, "Hz"},
                           {"10 min", 600, "s"},
                           {"30 %", 30, "%"},
                           {"-5 °C", -5, "°C"},
                           {"12", 12, ""},
                           {"0.1 kWh", 100, "Wh"},
                           {"2 kΩ", 2000, "ohm"},
                           {"1 MΩ", 1e6, "ohm"},
                           {"1e3 W", 1000, "W"},
                           {"60 A", 60, "A"},
                           {"1000 W/m²", 1000, "W/m2"}}) {
    const auto read = parse_measure(r.text);
    ASSERT_TRUE(read) << r.text;
    EXPECT_DOUBLE_EQ(read->value, r.value) << r.text;
    EXPECT_EQ(read->unit, r.unit) << r.text;
  }
}

TEST(Units, what_is_no_measure_is_refused) {
  for (const char* text :
       {"", " ", "V", "abc", "nan", "inf V", "1..2 V", "5 volts", "5 kv", "--5 V", "5 V V", "1,000 W"})
    EXPECT_FALSE(parse_measure(text)) << text;
}

TEST(Units, unknown_unit_is_named) {
  const auto read = parse_measure("5 volts");
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, "bad_unit");
  EXPECT_NE(read.error().message.find("'volts'"), std::string::npos);
}

TEST(Units, durations_need_a_unit_of_time) {
  EXPECT_EQ(*parse_duration("300 s"), std::chrono::seconds(300));
  EXPECT_EQ(*parse_duration("10 min"), std::chrono::minutes(10));
  EXPECT_EQ(*parse_duration("2 h"), std::chrono::hours(2));
  EXPECT_EQ(*parse_duration("30 d"), std::chrono::hours(720));
  EXPECT_EQ(*parse_duration("250 ms"), std::chrono::milliseconds(250));
  EXPECT_EQ(*parse_duration("1.1 s"), Duration(1'100'000));
  EXPECT_FALSE(parse_duration("10"));
  EXPECT_FALSE(parse_duration("10 V"));
}

TEST(Units, formatted_duration_reads_back) {
  EXPECT_EQ(format_duration(std::chrono::minutes(10)), "10 min");
  EXPECT_EQ(format_duration(std::chrono::hours(48)), "2 d");
  EXPECT_EQ(format_duration(Duration(1'100'000)), "1.1 s");
  EXPECT_EQ(format_duration(std::chrono::milliseconds(250)), "250 ms");
  for (const std::int64_t us :
       {0LL, 1LL, 1'500LL, 999'999LL, 61'000'000LL, 90'500'000LL, 86'400'000'000LL, -600'000'000LL})
    EXPECT_EQ(*parse_duration(format_duration(Duration(us))), Duration(us)) << us;
}

TEST(Units, seconds_round_to_the_nearest_microsecond) {
  EXPECT_EQ(from_seconds(0.0000015), Duration(2));
  EXPECT_EQ(from_seconds(-1.5), Duration(-1'500'000));
  EXPECT_DOUBLE_EQ(to_seconds(Duration(1'250'000)), 1.25);
}

}  // namespace
}  // namespace v2x
