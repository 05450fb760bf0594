// Losses of the bidirectional converter.
#include "sim/ev/conversion.hpp"

#include <gtest/gtest.h>

namespace v2x::ev {
namespace {

TEST(Conversion, has_its_efficiencies) {
  EXPECT_NEAR(ac_of_dc(600) / 600, 0.90, 0.003);
  EXPECT_NEAR(ac_of_dc(3000) / 3000, 0.954, 0.001);
  EXPECT_NEAR(ac_of_dc(6000) / 6000, 0.955, 0.001);
}

TEST(Conversion, leads_back_in_both_directions) {
  for (const double ac_w : {-6000.0, -3000.0, -300.0, 200.0, 3000.0, 6000.0})
    EXPECT_NEAR(ac_of_dc(dc_of_ac(ac_w)), ac_w, 1e-6);
}

TEST(Conversion, nothing_is_lost_while_nothing_is_converted) {
  EXPECT_EQ(conversion_loss_w(0), 0);
  EXPECT_EQ(dc_of_ac(0), 0);
}

TEST(Conversion, a_charge_below_the_fixed_loss_does_not_reach_the_car) {
  EXPECT_EQ(dc_of_ac(-40), 0);
}

}  // namespace
}  // namespace v2x::ev
