// The inverter's efficiency.
#include "sim/pcs/pv_watts.hpp"

#include <gtest/gtest.h>

namespace v2x::pcs {
namespace {

TEST(PvWatts, is_96_percent_at_rating_and_nothing_below_its_own_need) {
  const PvWatts inverter(5500);
  EXPECT_NEAR(inverter.ac_w(5500 / 0.96), 5500, 1);
  EXPECT_EQ(inverter.ac_w(0), 0);
  EXPECT_EQ(inverter.ac_w(30), 0);
}

TEST(PvWatts, the_inverse_leads_back) {
  const PvWatts inverter(5500);
  for (const double dc_w : {50.0, 500.0, 2500.0, 5729.0, 8000.0})
    EXPECT_NEAR(inverter.dc_w(inverter.ac_w(dc_w)), dc_w, 1e-6);
}

TEST(PvWatts, never_gives_more_than_it_gets) {
  const PvWatts inverter(5500);
  for (double dc_w = 0; dc_w < 9000; dc_w += 10) EXPECT_LE(inverter.ac_w(dc_w), dc_w);
}

}  // namespace
}  // namespace v2x::pcs
