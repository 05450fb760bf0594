#include "sim/gateway/poll_plan.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/sim/gateway/bench.hpp"

namespace v2x::gateway {
namespace {

core::Point point_at(std::uint16_t address, std::uint16_t size = 1) {
  core::Point point;
  point.address = address;
  point.size = size;
  return point;
}

class Plan : public ::testing::TestWithParam<UnitKind> {};
INSTANTIATE_TEST_SUITE_P(Shipped, Plan, ::testing::Values(UnitKind::pv_pcs, UnitKind::ev_pcs, UnitKind::meter));

TEST_P(Plan, NeverAsksForMoreThanOneRequestCanCarry) {
  const PollPlan plan(map_of(GetParam()), GetParam(), 125);
  for (const RegisterRead& read : plan.reads()) {
    EXPECT_GE(read.count, 1);
    EXPECT_LE(read.count, 125);
  }
  EXPECT_LE(plan.reads().size(), 4u) << "a poll is a handful of requests";
}

TEST_P(Plan, CoversEveryWantedPointWhole) {
  const PollPlan plan(map_of(GetParam()), GetParam(), 125);
  for (const auto& wanted : plan.points()) {
    const RegisterRead& read = plan.reads()[wanted.read];
    EXPECT_EQ(read.address + wanted.offset, wanted.point->address) << wanted.point->name;
    EXPECT_LE(wanted.offset + wanted.point->size, read.count) << wanted.point->name;
  }
}

TEST_P(Plan, ReadsTheIdOfEveryModelThatItReads) {
  const core::RegisterMap& map = map_of(GetParam());
  const PollPlan plan(map, GetParam(), 125);
  const auto is_read = [&](int address) {
    return std::any_of(plan.reads().begin(), plan.reads().end(), [&](const RegisterRead& read) {
      return address >= read.address && address < read.address + read.count;
    });
  };
  for (const auto& wanted : plan.points())
    for (const core::Block& block : map.blocks())
      if (wanted.point->address >= block.address && wanted.point->address < block.address + block.length) {
        EXPECT_TRUE(is_read(block.address)) << block.model;
      }
}

TEST(PollPlan, PrefersACounterThatNeverWraps) {
  const PollPlan plan(map_of(UnitKind::ev_pcs), UnitKind::ev_pcs, 125);
  EXPECT_EQ(plan.point(Reading::injected_wh)->size, 4);
  EXPECT_EQ(plan.point(Reading::absorbed_wh)->size, 4);
}

TEST(PollPlan, FindsWhatFaultsAndStatesNeed) {
  const PollPlan plan(map_of(UnitKind::pv_pcs), UnitKind::pv_pcs, 125);
  for (const Reading reading : {Reading::state, Reading::detail, Reading::vendor_1, Reading::vendor_4, Reading::ovr_v,
                                Reading::string_4_v, Reading::injected_wh, Reading::volts_u, Reading::suppression})
    EXPECT_NE(plan.point(reading), nullptr) << static_cast<int>(reading);
}

TEST(MergeReads, MergesUpTo125RegistersInAnyOrder) {
  const core::RegisterMap& map = map_of(UnitKind::pv_pcs);
  const auto a = point_at(40'072), b = point_at(40'196), c = point_at(40'197);
  EXPECT_EQ(merge_reads(map, {&c, &b, &a}, 125), (std::vector<RegisterRead>{{40'072, 125}, {40'197, 1}}));
}

TEST(MergeReads, DoesNotCrossAHoleOfTheMap) {
  const core::RegisterMap& map = map_of(UnitKind::meter);
  const auto before = point_at(39'990), inside = point_at(40'010);
  EXPECT_EQ(merge_reads(map, {&before, &inside}, 125).size(), 2u);
}

}  // namespace
}  // namespace v2x::gateway
