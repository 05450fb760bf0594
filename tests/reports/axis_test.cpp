#include "reports/axis.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/jst.hpp"
#include "reports/curves.hpp"

namespace v2x::reports {
namespace {

using testing::ElementsAre;

std::vector<std::string> labels(const std::vector<Tick>& ticks) {
  std::vector<std::string> out;
  for (const Tick& tick : ticks) out.push_back(tick.label);
  return out;
}

std::vector<std::string> time_labels(const char* start, const char* end) {
  return labels(time_ticks(*parse_time(start), *parse_time(end)));
}

TEST(Axis, time_ticks_stand_at_round_japanese_times) {
  EXPECT_THAT(time_labels("2026-04-01T12:00:00", "2026-04-01T12:31:00"),
              ElementsAre("12:00", "12:05", "12:10", "12:15", "12:20", "12:25", "12:30"));
  EXPECT_THAT(time_labels("2026-04-01T23:59:58", "2026-04-02T00:00:02"),
              ElementsAre("23:59:58", "23:59:59", "4/2", "00:00:01", "00:00:02"));
  EXPECT_THAT(time_labels("2026-04-01T12:00:00", "2026-04-02T12:00:00"),
              ElementsAre("12:00", "15:00", "18:00", "21:00", "4/2", "03:00", "06:00", "09:00", "12:00"));
}

TEST(Axis, month_has_a_handful_of_ticks) {
  const auto ticks = time_ticks(*parse_time("2026-04-01T00:00:00"), *parse_time("2026-05-01T00:00:00"));
  EXPECT_GE(ticks.size(), 4u);
  EXPECT_LE(ticks.size(), 10u);
}

TEST(Axis, moment_without_length_has_an_axis) {
  EXPECT_THAT(time_labels("2026-04-01T12:00:00", "2026-04-01T12:00:00"), ElementsAre("12:00:00"));
}

TEST(Axis, values_get_round_ends_and_zero_where_it_belongs) {
  const auto power = value_axis(12, 4321, true);
  EXPECT_EQ(power.low, 0);
  EXPECT_EQ(power.high, 6000);
  EXPECT_THAT(labels(power.ticks), ElementsAre("0", "2,000", "4,000", "6,000"));
  const auto voltage = value_axis(100.6, 116, false);
  EXPECT_EQ(voltage.low, 100);
  EXPECT_EQ(voltage.high, 120);
}

TEST(Axis, constant_value_lies_inside) {
  const auto axis = value_axis(50, 50, false);
  EXPECT_LT(axis.low, 50);
  EXPECT_GT(axis.high, 50);
}

Series ramp(int points) {
  Series series{"home.load_w", "", "W", {}};
  for (int i = 0; i < points; ++i) series.points.emplace_back(i, i);
  return series;
}

TEST(Curves, thinning_keeps_a_single_spike) {
  Series series = ramp(2000);
  series.points[777].second = 1e6;
  const Series thin = thinned(series, 2000, 100);
  EXPECT_LE(thin.points.size(), 400u);
  EXPECT_TRUE(std::any_of(thin.points.begin(), thin.points.end(), [](const auto& p) { return p.second == 1e6; }));
}

TEST(Curves, gap_breaks_the_line) {
  Series series = ramp(10);
  series.points[5].second.reset();
  const auto plots = make_plots({series}, 9);
  ASSERT_EQ(plots.size(), 1u);
  EXPECT_EQ(plots[0].curves[0].polylines.size(), 2u);
}

TEST(Curves, units_get_plots_of_their_own_and_equal_roles_differ_in_dash) {
  Series voltage = ramp(3);
  voltage.path = "home.grid.voltage_u";
  voltage.unit = "V";
  const auto plots = make_plots({ramp(3), voltage, ramp(3)}, 2);
  ASSERT_EQ(plots.size(), 2u);
  ASSERT_EQ(plots[0].curves.size(), 2u);
  EXPECT_EQ(plots[0].curves[0].role, "use");
  EXPECT_NE(plots[0].curves[0].dash, plots[0].curves[1].dash);
  EXPECT_EQ(plots[1].curves[0].role, "buy");
}

}  // namespace
}  // namespace v2x::reports
