#include "sim/gateway/energy_manager.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "sim/gateway/ev_registers.hpp"
#include "tests/sim/gateway/bench.hpp"

namespace v2x::gateway {
namespace {

/// 12:00, a Leaf at 60 %, the house takes 500 W.
EnergyInputs noon_inputs() {
  EnergyInputs inputs;
  inputs.now = inputs.clock = kNoon;
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
using M = OperatingMode;
constexpr Duration kTwelveHours = 12h;

/// Chosen an hour ago, in economy mode.
std::function<void(I&, S&)> mode(M chosen) {
  return [chosen](I& i, S& s) { s.mode = chosen, s.mode_before = M::economy, s.mode_since = i.now - 1h; };
}

// DEV-22: every row of the two tables is a case named after it.
INSTANTIATE_TEST_SUITE_P(
    Modes, Decision,
    ::testing::Values(
        Row{"MODE_STANDBY_always", mode(M::standby), "standby", C::none, D::none},
        Row{"MODE_GREEN_in_window_below_night_ceiling",
            [](I& i, S& s) { i.clock += kTwelveHours, i.soc_pct = 39, s.night_ceiling_pct = 40; }, "green.night",
            C::fixed, D::none},
        Row{"MODE_GREEN_in_window_at_night_ceiling",
            [](I& i, S& s) { i.clock += kTwelveHours, i.soc_pct = 40, s.night_ceiling_pct = 40; }, "green.window",
            C::surplus, D::none},
        Row{"MODE_GREEN_in_window", [](I& i, S&) { i.clock += kTwelveHours; }, "green.window", C::surplus, D::none},
        Row{"MODE_GREEN_at_ceiling", [](I& i, S&) { i.soc_pct = 100; }, "green.full", C::none, D::load},
        Row{"MODE_GREEN_at_lower_ceiling", [](I& i, S& s) { s.ceiling_pct = 80, i.soc_pct = 80; }, "green.full",
            C::none, D::load},
        Row{"MODE_GREEN_at_economy_floor", [](I& i, S&) { i.soc_pct = 30; }, "green.floor", C::surplus, D::none},
        Row{"MODE_GREEN_else", [](I&, S&) {}, "green", C::surplus, D::load},
        Row{"MODE_ECONOMY_in_window_below_ceiling", [](I& i, S& s) { s.mode = M::economy, i.clock += kTwelveHours; },
            "economy.night", C::fixed, D::none},
        Row{"MODE_ECONOMY_in_window_at_ceiling",
            [](I& i, S& s) { s.mode = M::economy, i.clock += kTwelveHours, i.soc_pct = 100; }, "economy.window",
            C::none, D::none},
        Row{"MODE_ECONOMY_in_discharge_window_above_floor", mode(M::economy), "economy.discharge", C::none, D::load},
        Row{"MODE_ECONOMY_in_discharge_window_at_floor", [](I& i, S& s) { s.mode = M::economy, i.soc_pct = 30; },
            "economy", C::none, D::none},
        Row{"MODE_ECONOMY_on_a_disabled_weekday", [](I&, S& s) { s.mode = M::economy, s.discharge_days[3] = false; },
            "economy", C::none, D::none},
        Row{"MODE_ECONOMY_else",
            [](I&, S& s) {
              s.mode = M::economy, s.discharge_window = {13h, 23h};
            },
            "economy", C::none, D::none},
        Row{"MODE_SAFETY_below_floor", [](I& i, S& s) { s.mode = M::safety, i.soc_pct = 49; }, "safety.low", C::fixed,
            D::none},
        Row{"MODE_SAFETY_below_floor_plus_3", [](I& i, S& s) { s.mode = M::safety, i.soc_pct = 52; }, "safety.floor",
            C::surplus, D::none},
        Row{"MODE_SAFETY_at_ceiling", [](I& i, S& s) { s.mode = M::safety, i.soc_pct = 100; }, "safety.full", C::none,
            D::load},
        Row{"MODE_SAFETY_else", [](I& i, S& s) { s.mode = M::safety, i.soc_pct = 53; }, "safety", C::surplus, D::load},
        Row{"MODE_CHARGE_below_ceiling", mode(M::charge), "charge", C::fixed, D::none},
        Row{"MODE_CHARGE_at_ceiling", [](I& i, S& s) { mode(M::charge)(i, s), i.soc_pct = 100; }, "charge.hold",
            C::none, D::none},
        Row{"MODE_CHARGE_older_than_24_h", [](I& i, S& s) { mode(M::charge)(i, s), s.mode_since = i.now - 24h; },
            "economy.discharge", C::none, D::load},
        Row{"MODE_CHARGE_younger_than_24_h", [](I& i, S& s) { mode(M::charge)(i, s), s.mode_since = i.now - 24h + 1s; },
            "charge", C::fixed, D::none},
        Row{"MODE_DISCHARGE_above_floor", mode(M::discharge), "discharge", C::none, D::fixed},
        Row{"MODE_DISCHARGE_at_floor", [](I& i, S& s) { mode(M::discharge)(i, s), i.soc_pct = 30; }, "economy", C::none,
            D::none},
        Row{"MODE_DISCHARGE_older_than_24_h", [](I& i, S& s) { mode(M::discharge)(i, s), s.mode_since = i.now - 24h; },
            "economy.discharge", C::none, D::load},
        // A warning is written by the service as MODE-CHARGE and taken back by it.
        Row{"MODE_AI_warning_below_ceiling", [](I& i, S& s) { mode(M::charge)(i, s), i.soc_pct = 95; }, "charge",
            C::fixed, D::none},
        Row{"MODE_AI_warning_at_ceiling", [](I& i, S& s) { mode(M::charge)(i, s), i.soc_pct = 100; }, "charge.hold",
            C::none, D::none}),
    [](const auto& row) { return std::string(row.param.name); });

INSTANTIATE_TEST_SUITE_P(
    Guards, Decision,
    ::testing::Values(
        Row{"G2_not_plugged", [](I& i, S&) { i.plugged = false; }, "no_vehicle", C::none, D::none},
        Row{"G2_fault", [](I& i, S&) { i.fault = true; }, "fault", C::none, D::none},
        Row{"G2_before_G3_and_G4", [](I& i, S&) { i.plugged = false, i.grid_lost = true, i.soc_pct = 1; }, "no_vehicle",
            C::none, D::none},
        Row{"G3_grid_lost", [](I& i, S&) { i.grid_lost = true; }, "grid_lost", C::none, D::none},
        Row{"G3_before_G4", [](I& i, S&) { i.grid_lost = true, i.soc_pct = 1; }, "grid_lost", C::none, D::none},
        Row{"G4_far_below_the_minimum", [](I& i, S&) { i.soc_pct = 4.9; }, "protect", C::fixed, D::none},
        Row{"G4_in_standby_too", [](I& i, S& s) { i.soc_pct = 4.9, s.mode = M::standby; }, "protect", C::fixed,
            D::none},
        Row{"G4_not_just_below_the_minimum", [](I& i, S&) { i.soc_pct = 5; }, "green.floor", C::surplus, D::none},
        Row{"G5_fixed_charge_off",
            [](I& i, S& s) { i.clock += kTwelveHours, i.soc_pct = 20, s.night_ceiling_pct = 40, i.meter_age = 16s; },
            "meter_unknown", C::none, D::none},
        Row{"G5_not_yet",
            [](I& i, S& s) { i.clock += kTwelveHours, i.soc_pct = 20, s.night_ceiling_pct = 40, i.meter_age = 15s; },
            "green.night", C::fixed, D::none},
        Row{"G5_local_methods_stay", [](I& i, S&) { i.meter_age.reset(); }, "green", C::surplus, D::load}),
    [](const auto& row) { return std::string(row.param.name); });

INSTANTIATE_TEST_SUITE_P(
    Contact, Decision,
    ::testing::Values(Row{"CONTACT_below_its_soc", [](I& i, S& s) { i.contact_closed = true, s.contact_soc_pct = 80; },
                          "contact.charge", C::fixed, D::none},
                      Row{"CONTACT_at_its_soc",
                          [](I& i, S& s) { i.contact_closed = true, s.contact_soc_pct = 80, i.soc_pct = 80; },
                          "contact.hold", C::none, D::none},
                      Row{"CONTACT_before_every_mode",
                          [](I& i, S& s) { mode(M::discharge)(i, s), i.contact_closed = true, s.contact_soc_pct = 50; },
                          "contact.hold", C::none, D::none},
                      Row{"CONTACT_after_the_guards", [](I& i, S&) { i.contact_closed = true, i.grid_lost = true; },
                          "grid_lost", C::none, D::none}),
    [](const auto& row) { return std::string(row.param.name); });

TEST(EnergyManager, TheContactsSocIsTheCeilingThatTheUnitKeeps) {
  EnergyMemory memory;
  EnergyInputs inputs = noon_inputs();
  EnergySettings settings;
  settings.ceiling_pct = 70;
  settings.contact_soc_pct = 90;
  EXPECT_EQ(decide(inputs, settings, memory)->soc_ceiling_pct, 70);
  inputs.contact_closed = true;
  EXPECT_EQ(decide(inputs, settings, memory)->soc_ceiling_pct, 90);
}

TEST(EnergyManager, ChargingIsBoundAsSetInAnOutageOnly) {
  EnergySettings settings;
  EXPECT_EQ(charge_bound_w(settings, true), kRatedCharge_w) << "65535: no limit";
  settings.outage_charge_w = 1'500;
  EXPECT_EQ(charge_bound_w(settings, true), 1'500);
  EXPECT_EQ(charge_bound_w(settings, false), kRatedCharge_w);
}

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

TEST(EnergyManager, ThenTheLimitIsThatOfTheModeWhileTheContractAllowsIt) {
  EnergyMemory memory;
  EnergyInputs inputs = noon_inputs();
  EnergySettings settings;
  mode(M::charge)(inputs, settings);
  settings.charge_w = 2'500;
  EXPECT_EQ(decide(inputs, settings, memory)->charge_limit_w, 2'500);
  settings.contract_a = 30;  // 2850 W, of which the house takes 500 W
  EXPECT_EQ(decide(inputs, settings, memory)->charge_limit_w, 2'300);
}

TEST(EnergyManager, G4TooIsBoundByTheContract) {
  EnergyMemory memory;
  EnergyInputs inputs = noon_inputs();
  inputs.soc_pct = 1;
  inputs.grid_w = 5'400;
  EXPECT_EQ(decide(inputs, {}, memory)->charge_limit_w, 300);
}

TEST(EnergyManager, ATemporaryModeEndsWhenTheCarIsUnplugged) {
  for (const M chosen : {M::charge, M::discharge}) {
    EnergyInputs inputs = noon_inputs();
    EnergySettings settings;
    mode(chosen)(inputs, settings);
    EXPECT_FALSE(mode_is_over(inputs, settings));
    inputs.plugged = false;
    EXPECT_TRUE(mode_is_over(inputs, settings));
    inputs.ev_age = 30s;  // what was known of the car is too old
    EXPECT_FALSE(mode_is_over(inputs, settings));
  }
}

TEST(EnergyManager, TheNightCeilingHasAHysteresisToo) {
  EnergyMemory memory;
  EnergyInputs inputs = noon_inputs();
  inputs.clock += kTwelveHours;
  EnergySettings settings;
  settings.night_ceiling_pct = 40;
  for (const auto& [soc, charge] :
       {std::pair{39.0, C::fixed}, {40.0, C::surplus}, {37.1, C::surplus}, {37.0, C::fixed}}) {
    inputs.soc_pct = soc;
    EXPECT_EQ(decide(inputs, settings, memory)->charge, charge) << soc;
  }
}

TEST(EnergyManager, AWindowBelongsToTheDayItStartsOn) {
  EnergySettings settings;
  settings.mode = M::economy;
  settings.charge_window = {10h, 11h};
  settings.discharge_window = {22h, 6h};
  settings.discharge_days = {false, false, false, true, false, false, false};  // Wednesday
  EnergyInputs inputs = noon_inputs();                                         // a Wednesday
  for (const auto& [hours, discharge] : {std::pair{10h, D::load}, {17h, D::load}, {18h, D::none}, {34h, D::none}}) {
    EnergyMemory memory;
    inputs.clock = kNoon + hours;
    EXPECT_EQ(decide(inputs, settings, memory)->discharge, discharge) << hours.count();
  }
}

TEST(EnergyManager, TheSafetyFloorIsWhatTheUnitKeepsInSafetyMode) {
  EnergyMemory memory;
  EnergySettings settings;
  settings.mode = M::safety;
  EXPECT_EQ(decide(noon_inputs(), settings, memory)->soc_floor_pct, 50);
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

EvCommand fixed_power(const EnergyInputs& inputs, C charge, D discharge) {
  EvCommand command;
  command.charge = charge;
  command.discharge = discharge;
  command.charge_limit_w = 3'000;
  command.discharge_limit_w = 2'000;
  return as_fixed_power(command, inputs);
}

TEST(FixedPower, FollowsTheMeterForAUnitThatCannot) {
  EnergyInputs inputs = noon_inputs();
  inputs.grid_w = -1'950;  // sold beside what the car takes
  inputs.ev_w = 400;
  EvCommand command = fixed_power(inputs, C::surplus, D::load);
  EXPECT_EQ(command.charge, C::fixed);
  EXPECT_EQ(command.charge_limit_w, 2'300);
  EXPECT_EQ(command.discharge, D::none);
  inputs.grid_w = 900;
  inputs.ev_w = -600;  // the house lacks 1500 W
  command = fixed_power(inputs, C::surplus, D::load);
  EXPECT_EQ(command.charge, C::none);
  EXPECT_EQ(command.discharge, D::fixed);
  EXPECT_EQ(command.discharge_limit_w, 1'400);
  command = fixed_power(inputs, C::fixed, D::none);
  EXPECT_EQ(command.charge_limit_w, 3'000);
  inputs.meter_age.reset();
  command = fixed_power(inputs, C::surplus, D::load);
  EXPECT_EQ(command.charge, C::none);
  EXPECT_EQ(command.discharge, D::none);
}

TEST(CommandRegisters, AMapWithTheStorageModelOnlyGetsItsShares) {
  const ScratchDirectory scratch;
  std::ofstream(scratch.path() / "storage.yaml") << R"(
map: storage-only
title: Storage control without methods
device: ev_pcs
blocks:
  - at: 100
    length: 10
    points:
      - {at: 0, name: WChaMax, type: u16, unit: W, quantity: cmd.storage_charge_max, access: rw}
      - {at: 1, name: StorCtl, type: bits16, quantity: cmd.storage_control, bits: {0: charge, 1: discharge}, access: rw}
      - {at: 2, name: OutWRte, type: s16, scale: -2, unit: "%", quantity: cmd.storage_discharge_rate, access: rw}
      - {at: 3, name: InWRte, type: s16, scale: -2, unit: "%", quantity: cmd.storage_charge_rate, access: rw}
      - {at: 4, name: Rvrt, type: u16, unit: s, quantity: cmd.storage_revert, access: rw}
)";
  const auto map = core::RegisterMap::load(scratch.path() / "storage.yaml", quantities());
  EXPECT_FALSE(has_methods(map));
  EvCommand command;
  command.charge = C::fixed;
  command.charge_limit_w = 1'500;
  const auto writes = encode_command(map, command);
  ASSERT_EQ(writes.size(), 3u);
  EXPECT_EQ(writes[0].values, (std::vector<std::uint16_t>{6'000}));
  EXPECT_EQ(writes[1].values, (std::vector<std::uint16_t>{0, 2'500, 60}));
  EXPECT_EQ(writes[2].address, 101);
  EXPECT_EQ(writes[2].values, (std::vector<std::uint16_t>{1}));
}

TEST(CommandRegisters, AMapWithoutThemGetsNoWrite) {
  EXPECT_TRUE(encode_command(map_of(UnitKind::pv_pcs), EvCommand{}).empty());
}

}  // namespace
}  // namespace v2x::gateway
