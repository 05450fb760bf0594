// The source behind the line, and the line.
#include "sim/plant/grid.hpp"

#include <gtest/gtest.h>

#include "common/jst.hpp"

namespace v2x::plant {
namespace {

GridConfig config() {
  GridConfig grid;
  grid.site = "home";
  return grid;
}

TEST(GridSource, stays_near_its_voltage_and_is_higher_at_noon) {
  double noon = 0, midnight = 0;
  for (int day = 0; day < 30; ++day) {
    const Time start = jst_midnight(*parse_time("2026-04-01T00:00:00"), day);
    const GridSource at_noon = grid_source(config(), start + std::chrono::hours(12));
    EXPECT_NEAR(at_noon.u_v, 102, 1.3);
    EXPECT_NEAR(at_noon.frequency_hz, 60, 0.02);
    noon += at_noon.v_v / 30;
    midnight += grid_source(config(), start).v_v / 30;
  }
  EXPECT_NEAR(noon - midnight, 2, 0.3);
}

TEST(Line, drops_under_import_and_rises_under_export) {
  const GridSource source{101, 101, 60};
  const LineState import = solve_line(config(), source, {2000, 0}, {2000, 0});
  EXPECT_NEAR(import.u_v, 101 - 2000 / 99.4 * 0.08, 0.01);
  EXPECT_EQ(import.u_v, import.v_v);
  const LineState sell = solve_line(config(), source, {-2000, 0}, {-2000, 0});
  EXPECT_GT(sell.u_v, 102.5);
}

TEST(Line, an_uneven_load_lifts_the_other_leg) {
  const LineState line = solve_line(config(), {101, 101, 60}, {2000, 0}, {0, 0});
  EXPECT_LT(line.u_v, 98);
  EXPECT_GT(line.v_v, 102);
}

TEST(Line, absorbed_var_lowers_the_voltage) {
  const GridSource source{101, 101, 60};
  EXPECT_LT(solve_line(config(), source, {-2500, 800}, {-2500, 800}).u_v,
            solve_line(config(), source, {-2500, 0}, {-2500, 0}).u_v - 0.2);
}

TEST(Line, what_enters_leaves_as_power_and_loss) {
  const LineState line = solve_line(config(), {101, 101, 60}, {2000, 0}, {500, 0});
  const double from_source = 101 * (line.current_u_a + line.current_v_a);
  EXPECT_NEAR(from_source, 2500 + line.loss_w, 0.5);
}

TEST(Line, a_dead_source_gives_nothing) {
  const LineState line = solve_line(config(), {0, 0, 60}, {0, 0}, {0, 0});
  EXPECT_EQ(line.u_v, 0);
  EXPECT_EQ(line.loss_w, 0);
}

}  // namespace
}  // namespace v2x::plant
