// String limits and operating points.
#include "sim/pcs/mppt.hpp"

#include <gtest/gtest.h>

namespace v2x::pcs {
namespace {

constexpr power::DcSource kString{1350, 183, 226};

TEST(Mppt, takes_the_maximum_power_point_when_no_limit_binds) {
  EXPECT_EQ(trackable_w(kString, 12), 1350);
}

TEST(Mppt, four_strings_have_10_A_each_fewer_have_12) {
  EXPECT_EQ(string_current_limit_a(4), 10);
  EXPECT_EQ(string_current_limit_a(3), 12);
}

TEST(Mppt, the_current_limit_is_met_exactly) {
  const power::DcSource strong{2400, 183, 226};
  for (const double limit_a : {10.0, 12.0}) {
    const double watt = trackable_w(strong, limit_a);
    EXPECT_LT(watt, strong.mpp_w);
    EXPECT_NEAR(operating_point(strong, watt).current_a(), limit_a, 1e-9);
  }
}

TEST(Mppt, gives_nothing_outside_the_working_voltage) {
  EXPECT_EQ(trackable_w({100, 49, 60}, 12), 0);
  EXPECT_EQ(trackable_w({100, 451, 500}, 12), 0);
  EXPECT_EQ(trackable_w({}, 12), 0);
}

TEST(Mppt, less_power_stands_nearer_to_open_circuit) {
  EXPECT_NEAR(operating_point(kString, 1350).voltage_v, 183, 1e-9);
  EXPECT_NEAR(operating_point(kString, 675).voltage_v, 204.5, 1e-9);
  EXPECT_NEAR(operating_point(kString, 0).voltage_v, 226, 1e-9);
}

}  // namespace
}  // namespace v2x::pcs
