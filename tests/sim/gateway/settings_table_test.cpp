#include "sim/gateway/settings_table.hpp"

#include <gtest/gtest.h>

#include "tests/sim/gateway/bench.hpp"

namespace v2x::gateway {
namespace {

struct Accepted {
  const char* name;
  const char* value;
};
class AcceptedSetting : public ::testing::TestWithParam<Accepted> {};

TEST_P(AcceptedSetting, IsShownAsItWasWrittenAndKept) {
  const auto& [name, value] = GetParam();
  const auto changed = with_settings({}, {{name, value}}, kNoon);
  ASSERT_TRUE(changed) << changed.error().message;
  const auto list = list_settings(*changed);
  EXPECT_NE(std::find(list.begin(), list.end(), NamedSetting{name, value}), list.end());
  EnergySettings restored;
  restore_settings(settings_text(*changed), restored);
  EXPECT_EQ(restored, *changed);
}

INSTANTIATE_TEST_SUITE_P(Settings, AcceptedSetting,
                         ::testing::Values(Accepted{"operatingMode", "standby"}, Accepted{"operatingMode", "green"},
                                           Accepted{"operatingMode", "economy"}, Accepted{"operatingMode", "charge"},
                                           Accepted{"operatingMode", "safety"}, Accepted{"operatingMode", "discharge"},
                                           Accepted{"socSafetyMode", "90"}, Accepted{"socEconomyMode", "10"},
                                           Accepted{"socChargeMode", "50"}, Accepted{"night_ceiling", "50"},
                                           Accepted{"socContactInput", "10"}, Accepted{"chargeStartTimeM", "50"},
                                           Accepted{"chargeEndTimeH", "6"}, Accepted{"dischargeStartTimeH", "8"},
                                           Accepted{"dischargeEndTimeH", "22"}, Accepted{"dischargeDaySun", "0"},
                                           Accepted{"dischargeDaySat", "0"}, Accepted{"onPowerOutageMode", "standby"},
                                           Accepted{"onPowerOutageChargePowerW", "0"},
                                           Accepted{"onPowerOutageChargePowerW", "65535"},
                                           Accepted{"agreementAmpere", "75"}, Accepted{"outageFloor", "50"},
                                           Accepted{"chargePowerW", "1000"}, Accepted{"dischargePowerW", "6000"}),
                         [](const auto& row) { return std::string(row.param.name) + "_" + row.param.value; });

struct Refused {
  const char* title;
  std::vector<NamedSetting> values;
  const char* message;
};
class RefusedSetting : public ::testing::TestWithParam<Refused> {};

TEST_P(RefusedSetting, IsNamedWithWhatWasExpected) {
  const auto changed = with_settings({}, GetParam().values, kNoon);
  ASSERT_FALSE(changed);
  EXPECT_EQ(changed.error().message, GetParam().message);
}

INSTANTIATE_TEST_SUITE_P(
    Settings, RefusedSetting,
    ::testing::Values(
        Refused{"unknown", {{"operatingMod", "green"}}, "'operatingMod' is no setting, nearest: 'operatingMode'"},
        Refused{"word",
                {{"operatingMode", "turbo"}},
                "operatingMode: 'turbo', expected standby, green, economy, charge, safety, discharge"},
        Refused{"step", {{"socChargeMode", "85"}}, "socChargeMode: '85', expected 50 to 100 by 10"},
        Refused{"below", {{"chargePowerW", "900"}}, "chargePowerW: '900', expected 1000 to 6000 by 100"},
        Refused{"above", {{"outageFloor", "60"}}, "outageFloor: '60', expected 10 to 50 by 10"},
        Refused{"no_number", {{"dischargeDayMon", "yes"}}, "dischargeDayMon: 'yes', expected 0 to 1"},
        Refused{"trailing", {{"dischargeDayMon", "1 "}}, "dischargeDayMon: '1 ', expected 0 to 1"},
        Refused{"empty", {{"socEconomyMode", ""}}, "socEconomyMode: '', expected 10 to 90 by 10"},
        Refused{"contract", {{"agreementAmpere", "45"}}, "agreementAmpere: '45', expected 30, 40, 50, 60, 75, 100"},
        Refused{"no_limit",
                {{"onPowerOutageChargePowerW", "6100"}},
                "onPowerOutageChargePowerW: '6100', expected 0 to 6000 by 100 or 65535"},
        Refused{"empty_window", {{"chargeEndTimeH", "23"}}, "chargeEndTime: equals chargeStartTime"},
        Refused{"overlap", {{"dischargeStartTimeH", "6"}}, "dischargeStartTime: the window overlaps that of charging"},
        Refused{"one_of_many",
                {{"operatingMode", "economy"}, {"socSafetyMode", "95"}},
                "socSafetyMode: '95', expected 10 to 90 by 10"}),
    [](const auto& row) { return std::string(row.param.title); });

TEST(Settings, ATemporaryModeRemembersWhereItCameFrom) {
  auto settings = *with_settings({}, {{"operatingMode", "economy"}}, kNoon);
  settings = *with_settings(settings, {{"operatingMode", "charge"}}, kNoon + 1h);
  EXPECT_EQ(settings.mode_before, OperatingMode::economy);
  EXPECT_EQ(settings.mode_since, kNoon + 1h);
  settings = *with_settings(settings, {{"operatingMode", "charge"}, {"chargePowerW", "2000"}}, kNoon + 2h);
  EXPECT_EQ(settings.mode_since, kNoon + 1h);
  settings = *with_settings(settings, {{"operatingMode", "discharge"}}, kNoon + 3h);
  EXPECT_EQ(settings.mode_before, OperatingMode::economy);
  EXPECT_EQ(settings.mode_since, kNoon + 3h);
}

TEST(Settings, WhatTheSpoolHoldsWronglyKeepsItsDefault) {
  EnergySettings settings;
  restore_settings("operatingMode economy\nsocSafetyMode 95\nsome_thing 3\nchargePowerW 2000\n", settings);
  EXPECT_EQ(settings.mode, OperatingMode::economy);
  EXPECT_EQ(settings.safety_floor_pct, 50);
  EXPECT_EQ(settings.charge_w, 2'000);
}

TEST(Settings, ChangesAreListedWithTheNewValue) {
  const auto changed = *with_settings({}, {{"operatingMode", "standby"}, {"socChargeMode", "90"}}, kNoon);
  EXPECT_EQ(changed_settings({}, changed),
            (std::vector<NamedSetting>{{"operatingMode", "standby"}, {"socChargeMode", "90"}}));
  EXPECT_TRUE(changed_settings(changed, changed).empty());
}

std::string candidates_of(const SocRange& car) {
  std::string text;
  for (const auto& [name, value] : list_candidates(car)) text += name + " " + value + "\n";
  return text;
}

TEST(SettingsTable, ACarBoundsWhatMayBeChosenOnTheGridOfTheForm) {
  EXPECT_EQ(
      candidates_of({30, 80}),
      "socSafetyMode.candidates 30..80/10\nsocEconomyMode.candidates 30..80/10\nsocChargeMode.candidates 50..80/10\n"
      "outageFloor.candidates 30..50/10\n");
  EXPECT_EQ(
      candidates_of({22, 99}),
      "socSafetyMode.candidates 30..90/10\nsocEconomyMode.candidates 30..90/10\nsocChargeMode.candidates 50..90/10\n"
      "outageFloor.candidates 30..50/10\n");
  EXPECT_EQ(
      candidates_of({10, 100}),
      "socSafetyMode.candidates 10..90/10\nsocEconomyMode.candidates 10..90/10\nsocChargeMode.candidates 50..100/10\n"
      "outageFloor.candidates 10..50/10\n");
}

TEST(SettingsTable, NothingIsOfferedThatTheCarExcludesNorLimitedThatItDoesNotSay) {
  EXPECT_EQ(
      candidates_of({60, {}}),
      "socSafetyMode.candidates 60..90/10\nsocEconomyMode.candidates 60..90/10\nsocChargeMode.candidates 60..100/10\n");
  EXPECT_EQ(candidates_of({}), "");
}

}  // namespace
}  // namespace v2x::gateway
