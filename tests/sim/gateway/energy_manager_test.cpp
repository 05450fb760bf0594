#include "sim/gateway/energy_manager.hpp"

#include <gtest/gtest.h>

#include "sim/gateway/ev_registers.hpp"
#include "tests/sim/gateway/bench.hpp"

namespace v2x::gateway {
namespace {

/// 12:00, a Leaf at 60 %, the house takes 500 W.
EnergyInputs noon_inputs() {
  EnergyInputs inputs;
  inputs.now = kNoon;
  inputs.ev_age = 0s;
  inputs.meter_age = 2s;
  inputs.plugged = true;
  inputs.soc_pct = 60;
  inputs.v2h_min_pct = 10;
  inputs.v2h_max_pct = 100;
  inputs.grid_w = 500;
  return inputs;
}

struct Row {
  const char* name;
  std::function<void(EnergyInputs&, EnergySettings&)> given;
  const char* reason;
  ChargeMethod charge;
  DischargeMethod discharge;
};

class Decision : public ::testing::TestWithParam<Row> {};

TEST_P(Decision, IsThatOfItsRow) {
  EnergyInputs inputs = noon_inputs();
  EnergySettings settings;
  EnergyMemory memory;
  GetParam().given(inputs, settings);
  const auto command = decide(inputs, settings, memory);
  ASSERT_TRUE(command.has_value());
  EXPECT_EQ(command->reason, GetParam().reason);
  EXPECT_EQ(command->charge, GetParam().charge);
  EXPECT_EQ(command->discharge, GetParam().discharge);
}

using C = ChargeMethod;
using D = DischargeMethod;
using I = EnergyInputs;
using S = EnergySettings;
constexpr Duration kTwelveHours = 12h;

INSTANTIATE_TEST_SUITE_P(
    Modes, Decision,
    ::testing::Values(Row{"standby", [](I&, S& s) { s.mode = OperatingMode::standby; }, "standby", C::none, D::none},
                      Row{"green", [](I&, S&) {}, "green", C::surplus, D::load},
                      Row{"green_full", [](I& i, S&) { i.soc_pct = 100; }, "green.full", C::none, D::load},
                      Row{"green_at_the_ceiling_setting", [](I& i, S& s) { s.ceiling_pct = 80, i.soc_pct = 80; },
                          "green.full", C::none, D::load},
                      Row{"green_at_the_floor", [](I& i, S&) { i.soc_pct = 30; }, "green.floor", C::surplus, D::none},
                      Row{"green_window", [](I& i, S&) { i.now += kTwelveHours; }, "green.window", C::surplus, D::none},
                      Row{"green_window_below_night_ceiling",
                          [](I& i, S& s) { i.now += kTwelveHours, i.soc_pct = 39, s.night_ceiling_pct = 40; },
                          "green.night", C::fixed, D::none},
                      Row{"green_window_at_night_ceiling",
                          [](I& i, S& s) { i.now += kTwelveHours, i.soc_pct = 40, s.night_ceiling_pct = 40; },
                          "green.window", C::surplus, D::none}),
    [](const auto& row) { return std::string(row.param.name); });

INSTANTIATE_TEST_SUITE_P(
    Guards, Decision,
    ::testing::Values(
        Row{"G2_not_plugged", [](I& i, S&) { i.plugged = false; }, "no_vehicle", C::none, D::none},
        Row{"G2_fault", [](I& i, S&) { i.fault = true; }, "fault", C::none, D::none},
        Row{"G3_grid_lost", [](I& i, S&) { i.grid_lost = true; }, "grid_lost", C::none, D::none},
        Row{"G4_far_below_the_minimum", [](I& i, S&) { i.soc_pct = 4.9; }, "protect", C::fixed, D::none},
        Row{"G4_in_standby_too", [](I& i, S& s) { i.soc_pct = 4.9, s.mode = OperatingMode::standby; }, "protect",
            C::fixed, D::none},
        Row{"G4_not_just_below_the_minimum", [](I& i, S&) { i.soc_pct = 5; }, "green.floor", C::surplus, D::none},
        Row{"G5_fixed_charge_off",
            [](I& i, S& s) { i.now += kTwelveHours, i.soc_pct = 20, s.night_ceiling_pct = 40, i.meter_age = 16s; },
            "meter_unknown", C::none, D::none},
        Row{"G5_local_methods_stay", [](I& i, S&) { i.meter_age.reset(); }, "green", C::surplus, D::load}),
    [](const auto& row) { return std::string(row.param.name); });

TEST(EnergyManager, G1WritesNothingWhenTheUnitIsSilent) {
  EnergyMemory memory;
  EnergyInputs inputs = noon_inputs();
  inputs.ev_age = 30s;
  EXPECT_FALSE(decide(inputs, {}, memory).has_value());
  inputs.ev_age.reset();
  EXPECT_FALSE(decide(inputs, {}, memory).has_value());
  inputs.ev_age = 29s;
  EXPECT_TRUE(decide(inputs, {}, memory).has_value());
}

TEST(EnergyManager, G4ChargesUpToTheMinimum) {
  EnergyMemory memory;
  EnergyInputs inputs = noon_inputs();
  for (const auto& [soc, charge] : {std::pair{4.0, C::fixed}, {9.9, C::fixed}, {10.0, C::surplus}, {9.0, C::surplus}}) {
    inputs.soc_pct = soc;
    EXPECT_EQ(decide(inputs, {}, memory)->charge, charge) << soc;
  }
}

TEST(EnergyManager, DischargeResumesThreePercentAboveTheFloor) {
  EnergyMemory memory;
  EnergyInputs inputs = noon_inputs();
  for (const auto& [soc, discharge] :
       {std::pair{30.5, D::load}, {30.0, D::none}, {32.9, D::none}, {33.0, D::load}, {31.0, D::load}}) {
    inputs.soc_pct = soc;
    EXPECT_EQ(decide(inputs, {}, memory)->discharge, discharge) << soc;
  }
}

TEST(EnergyManager, ChargeResumesThreePercentBelowTheCeiling) {
  EnergyMemory memory;
  EnergyInputs inputs = noon_inputs();
  for (const auto& [soc, charge] :
       {std::pair{99.0, C::surplus}, {100.0, C::none}, {97.1, C::none}, {97.0, C::surplus}}) {
    inputs.soc_pct = soc;
    EXPECT_EQ(decide(inputs, {}, memory)->charge, charge) << soc;
  }
}

TEST(EnergyManager, ChargingLeavesTheHouseItsShareOfTheContract) {
  EnergyMemory memory;
  EnergyInputs inputs = noon_inputs();
  inputs.grid_w = 4'150;
  inputs.ev_w = 1'000;                                           // so the rest of the house takes 3150 W
  EXPECT_EQ(decide(inputs, {}, memory)->charge_limit_w, 2'500);  // 5700 − 3150 in steps of 100
  inputs.grid_w = 9'000;
  EXPECT_EQ(decide(inputs, {}, memory)->charge_limit_w, 0);
}

TEST(EnergyManager, NoLimitIsBeyondTheRating) {
  EnergyMemory memory;
  EnergyInputs inputs = noon_inputs();
  inputs.grid_w = -5'000;
  inputs.rated_charge_w = 3'000;
  inputs.rated_discharge_w = 2'000;
  EXPECT_EQ(decide(inputs, {}, memory)->charge_limit_w, 3'000);
  EXPECT_EQ(decide(inputs, {}, memory)->discharge_limit_w, 2'000);
}

TEST(EnergyManager, FloorAndCeilingStayInTheVehiclesWindow) {
  EnergyMemory memory;
  EnergyInputs inputs = noon_inputs();
  inputs.v2h_min_pct = 42;
  inputs.v2h_max_pct = 95;
  const auto command = decide(inputs, {}, memory);
  EXPECT_EQ(command->soc_floor_pct, 42);
  EXPECT_EQ(command->soc_ceiling_pct, 95);
}

TEST(DayWindow, MayPassMidnightAndEndsBeforeItsEnd) {
  const DayWindow night{23h, 7h};
  EXPECT_TRUE(night.contains(23h));
  EXPECT_TRUE(night.contains(6h + 59min));
  EXPECT_FALSE(night.contains(7h));
  const DayWindow day{7h, 23h};
  EXPECT_TRUE(day.contains(7h));
  EXPECT_FALSE(day.contains(23h));
}

TEST(CommandSchedule, RepeatsAtHalfOfTheRevertTimeAndOnChange) {
  CommandSchedule schedule;
  EvCommand command;
  EXPECT_TRUE(schedule.due(kNoon, command));
  schedule.written(kNoon, command);
  EXPECT_FALSE(schedule.due(kNoon + 29s, command));
  EXPECT_TRUE(schedule.due(kNoon + 30s, command));
  command.charge = C::surplus;
  EXPECT_TRUE(schedule.due(kNoon + 5s, command));
  schedule.failed();
  EXPECT_TRUE(schedule.due(kNoon, EvCommand{}));
}

TEST(CommandRegisters, GoOutInOneWriteOfTheVendorModel) {
  EvCommand command;
  command.charge = C::surplus;
  command.discharge = D::load;
  command.charge_limit_w = 5'700;
  command.discharge_limit_w = 6'000;
  command.soc_floor_pct = 30;
  command.soc_ceiling_pct = 100;
  const auto writes = encode_command(map_of(UnitKind::ev_pcs), command);
  ASSERT_EQ(writes.size(), 1u);
  EXPECT_EQ(writes[0].address, 40586 + 6);  // model 64901, ChaMth
  EXPECT_EQ(writes[0].values, (std::vector<std::uint16_t>{1, 1, 5'700, 6'000, 300, 1'000, 60}));
}

TEST(CommandRegisters, AMapWithoutThemGetsNoWrite) {
  EXPECT_TRUE(encode_command(map_of(UnitKind::pv_pcs), EvCommand{}).empty());
}

}  // namespace
}  // namespace v2x::gateway
