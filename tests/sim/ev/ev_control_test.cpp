// The control target, row by row.
#include "sim/ev/ev_control.hpp"

#include <gtest/gtest.h>

namespace v2x::ev {
namespace {

using C = ChargeMethod;
using D = DischargeMethod;

TEST(EvControl, decides_row_by_row) {
  const struct {
    const char* law;
    EvRequest request;
    EvSituation situation;
    double ac_w;
  } rows[] = {
      {"no method, no power", {C::none, D::none, 6000, 6000}, {2000, 6000, 6000}, 0},
      {"fixed charge takes its limit", {C::fixed, D::none, 3000, 0}, {500, 6000, 6000}, -3000},
      {"fixed charge is bounded by the car", {C::fixed, D::none, 3000, 0}, {500, 1200, 6000}, -1200},
      {"surplus charges what is left", {C::surplus, D::none, 6000, 0}, {-2500, 6000, 6000}, -2500},
      {"surplus is bounded by its limit", {C::surplus, D::none, 1000, 0}, {-2500, 6000, 6000}, -1000},
      {"no surplus, no charge", {C::surplus, D::none, 6000, 0}, {2500, 6000, 6000}, 0},
      {"a surplus below 200 W is left", {C::surplus, D::none, 6000, 0}, {-199, 6000, 6000}, 0},
      {"a surplus of 200 W is taken", {C::surplus, D::none, 6000, 0}, {-200, 6000, 6000}, -200},
      {"load leaves 30 W to the grid", {C::none, D::load, 0, 6000}, {2000, 6000, 6000}, 1970},
      {"load is bounded by its limit", {C::none, D::load, 0, 1500}, {2000, 6000, 6000}, 1500},
      {"load is bounded by the car", {C::none, D::load, 0, 6000}, {2000, 6000, 0}, 0},
      {"a load below 230 W is left", {C::none, D::load, 0, 6000}, {229, 6000, 6000}, 0},
      {"fixed discharge takes its limit", {C::none, D::fixed, 0, 1500}, {4000, 6000, 6000}, 1500},
      {"fixed discharge is never sold", {C::none, D::fixed, 0, 6000}, {1000, 6000, 6000}, 970},
      {"a small fixed discharge is kept", {C::none, D::fixed, 0, 100}, {1000, 6000, 6000}, 100},
      {"fixed charge wins over discharge", {C::fixed, D::load, 3000, 6000}, {2000, 6000, 6000}, -3000},
      {"a full car under fixed charge feeds the load", {C::fixed, D::load, 3000, 6000}, {2000, 0, 6000}, 1970},
      {"both follow: surplus", {C::surplus, D::load, 6000, 6000}, {-800, 6000, 6000}, -800},
      {"both follow: load", {C::surplus, D::load, 6000, 6000}, {800, 6000, 6000}, 770},
  };
  for (const auto& row : rows) EXPECT_EQ(decide_ac_w(row.request, row.situation), row.ac_w) << row.law;
}

}  // namespace
}  // namespace v2x::ev
