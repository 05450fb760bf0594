// Weather by the day, clouds by the second, air by region and month.
#include "sim/plant/sky.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>

#include "common/bad_input.hpp"
#include "common/jst.hpp"
#include "sim/plant/climate.hpp"
#include "sim/plant/irradiance_curve.hpp"

namespace v2x::plant {
namespace {

using namespace std::chrono_literals;

const Time kStart = *parse_time("2026-04-01T00:00:00");

std::vector<double> days_of(Weather weather, int days, std::uint64_t seed = 1) {
  Sky sky({"home", {weather}, seed}, kStart);
  std::vector<double> out;
  for (Time t = kStart; t < kStart + days * 24h; t += 10s) out.push_back(sky.clearness(t));
  return out;
}

double mean(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

TEST(Sky, each_weather_lets_through_what_it_is_known_for) {
  const struct {
    Weather weather;
    double low, high, mean_low, mean_high;
  } cases[] = {{Weather::clear, 0.7, 1.2, 0.96, 1.0},
               {Weather::partly, 0.25, 1.2, 0.70, 0.90},
               {Weather::cloudy, 0.2, 1.05, 0.30, 0.48},
               {Weather::rain, 0.05, 0.2, 0.09, 0.16},
               {Weather::snow, 0.05, 0.2, 0.09, 0.16}};
  for (const auto& one : cases) {
    const auto values = days_of(one.weather, 30);
    const auto [low, high] = std::minmax_element(values.begin(), values.end());
    const char* word = weather_words()[static_cast<size_t>(one.weather)].c_str();
    EXPECT_GE(*low, one.low) << word;
    EXPECT_LE(*high, one.high) << word;
    EXPECT_GT(mean(values), one.mean_low) << word;
    EXPECT_LT(mean(values), one.mean_high) << word;
  }
}

TEST(Sky, edges_take_a_minute) {
  for (const Weather weather : {Weather::clear, Weather::partly, Weather::cloudy, Weather::rain}) {
    const auto values = days_of(weather, 1);
    for (size_t i = 1; i < values.size(); ++i) EXPECT_LE(std::abs(values[i] - values[i - 1]), 0.8 / 6 + 0.06) << i;
  }
}

TEST(Sky, the_rim_of_a_cloud_is_brighter_than_the_clear_sky) {
  const auto values = days_of(Weather::partly, 3);
  EXPECT_GT(*std::max_element(values.begin(), values.end()), 1.06);
}

TEST(Sky, is_a_function_of_its_seed) {
  EXPECT_EQ(days_of(Weather::partly, 1, 1), days_of(Weather::partly, 1, 1));
  EXPECT_NE(days_of(Weather::partly, 1, 1), days_of(Weather::partly, 1, 2));
}

TEST(Sky, a_list_of_days_repeats) {
  Sky sky({"home", {Weather::rain, Weather::clear}, 1}, kStart + 12h);
  for (int day = 0; day < 4; ++day) {
    sky.clearness(kStart + 12h + day * 24h);
    EXPECT_EQ(sky.weather(), day % 2 == 0 ? Weather::rain : Weather::clear);
  }
}

TEST(Sky, drawn_days_follow_the_season) {
  int rain_in_june = 0, clear_in_january = 0;
  for (int year = 0; year < 10; ++year)
    for (int day = 0; day < 30; ++day) {
      const Time june = *parse_time("2026-06-01T12:00:00") + year * 365 * 24h + day * 24h;
      const Time january = *parse_time("2026-01-01T12:00:00") + year * 365 * 24h + day * 24h;
      Sky a({"home", {}, 1}, june), b({"home", {}, 1}, january);
      a.clearness(june);
      b.clearness(january);
      rain_in_june += a.weather() == Weather::rain;
      clear_in_january += b.weather() == Weather::clear;
    }
  EXPECT_NEAR(rain_in_june, 105, 30);
  EXPECT_NEAR(clear_in_january, 120, 30);
}

TEST(Climate, the_north_is_colder_and_afternoons_are_warmer) {
  const Time noon = *parse_time("2026-01-15T14:00:00");
  EXPECT_LT(Climate(1, std::nullopt).ambient_c(noon), Climate(13, std::nullopt).ambient_c(noon));
  EXPECT_LT(Climate(13, std::nullopt).ambient_c(noon), Climate(47, std::nullopt).ambient_c(noon));
  EXPECT_NEAR(Climate(26, std::nullopt).ambient_c(noon), 9, 1e-9);
  EXPECT_NEAR(Climate(26, std::nullopt).ambient_c(noon + 12h), 1, 1e-9);
  EXPECT_EQ(Climate(26, 20.0).ambient_c(noon), 20);
}

class CurveFile : public testing::Test {
 protected:
  IrradianceCurve load(const std::string& text) {
    std::ofstream(file_) << text;
    return IrradianceCurve::load(file_);
  }
  std::string refusal(const std::string& text) {
    try {
      (void)load(text);
    } catch (const BadInput& error) {
      return error.what();
    }
    return "";
  }
  std::string file_ = testing::TempDir() + testing::UnitTest::GetInstance()->current_test_info()->name() + ".csv";
};

TEST_F(CurveFile, is_linear_between_its_points_and_dark_outside) {
  const auto curve = load("time,irradiance_w_m2\n06:00,0\n12:00,800\n18:00:30,0\n");
  EXPECT_EQ(curve.at(kStart + 5h), 0);
  EXPECT_NEAR(curve.at(kStart + 9h), 400, 1e-9);
  EXPECT_NEAR(curve.at(kStart + 12h + 24h), 800, 1e-9);
  EXPECT_EQ(curve.at(kStart + 20h), 0);
}

TEST_F(CurveFile, mistakes_are_refused_with_their_place) {
  using testing::HasSubstr;
  EXPECT_THAT(refusal("06:00,0\n"), HasSubstr(":1:1: expected the line"));
  EXPECT_THAT(refusal("time,irradiance_w_m2\n"), HasSubstr("no points"));
  EXPECT_THAT(refusal("time,irradiance_w_m2\n25:00,0\n"), HasSubstr(":2:6: expected a time of day"));
  EXPECT_THAT(refusal("time,irradiance_w_m2\n06:00,0\n05:00,1\n"), HasSubstr(":3:8: expected a later time"));
  EXPECT_THAT(refusal("time,irradiance_w_m2\n06:00;0\n"), HasSubstr(":2:6: expected a comma"));
  EXPECT_THAT(refusal("time,irradiance_w_m2\n06:00,-1\n"), HasSubstr("expected 0 to 1500"));
  EXPECT_THAT(refusal("time,irradiance_w_m2\n06:00,1 W\n"), HasSubstr(":2:8: expected the end"));
}

}  // namespace
}  // namespace v2x::plant
