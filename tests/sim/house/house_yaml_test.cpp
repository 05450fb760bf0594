// Reading a site of a world file.
#include "sim/house/house_yaml.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/sim/house/test_house.hpp"

namespace v2x::house {
namespace {

TEST(HouseYaml, reads_the_house_of_the_shipped_world) {
  const HouseConfig house = home();
  EXPECT_EQ(house.grid.frequency_hz, 60);
  EXPECT_EQ(house.persons, 4);
  ASSERT_EQ(house.units.size(), 4u);
  EXPECT_EQ(house.units[0].kind, UnitKind::meter);
  EXPECT_EQ(house.units[0].unit_no, 4);
  EXPECT_EQ(house.units[0].unit_id, 100);
  EXPECT_EQ(house.units[1].name, "pcs1");
  EXPECT_EQ(house.units[1].unit_no, 1);
  EXPECT_EQ(house.units[1].map, "sunspec-pv");
  EXPECT_EQ(house.units[1].strings.size(), 4u);
  EXPECT_EQ(house.units[2].strings[0].azimuth_deg, 90);
  EXPECT_EQ(house.units[2].strings[0].peak_w, 1200);
  EXPECT_EQ(house.units[3].unit_no, 3);
  ASSERT_TRUE(house.car);
  EXPECT_EQ(house.car->preset, "leaf_40");
  EXPECT_EQ(house.car->unit, "v2h");
  EXPECT_TRUE(house.car->plugged);
}

TEST(HouseYaml, weather_is_a_word_a_list_of_days_or_drawn) {
  const std::string head = "{prefecture: 26, latitude: 35 deg, longitude: 135 deg, units: {}, weather: ";
  const auto weather = [&head](const std::string& text) {
    return read_house("home", yaml::load_text(head + text + "}", "world.yaml")).weather;
  };
  using plant::Weather;
  EXPECT_EQ(weather("rain"), std::vector{Weather::rain});
  EXPECT_EQ(weather("[snow, partly]"), (std::vector{Weather::snow, Weather::partly}));
  EXPECT_EQ(weather("drawn"), std::vector<Weather>{});
}

TEST(HouseYaml, frequency_follows_the_prefecture_and_can_be_overridden) {
  EXPECT_EQ(nominal_frequency_hz(13), 50);  // 東京
  EXPECT_EQ(nominal_frequency_hz(22), 60);  // 静岡
  EXPECT_EQ(nominal_frequency_hz(20), 60);  // 長野
  EXPECT_EQ(nominal_frequency_hz(15), 50);  // 新潟
  EXPECT_EQ(nominal_frequency_hz(19), 50);  // 山梨
}

TEST(HouseYaml, refuses_with_the_place_of_the_mistake) {
  const std::string good = "{prefecture: 26, latitude: 35 deg, longitude: 135 deg, units: {";
  const struct {
    std::string text;
    const char* says;
  } cases[] = {
      {good + "p: {kind: pv, unit_id: 1, map: m, serial: s}}}", "nearest: 'pv_pcs'"},
      {good + "p: {kind: pv_pcs, unit_id: 0, map: m, serial: s}}}", "expected 1 to 247"},
      {good + "p: {kind: pv_pcs, unit_id: 1, map: m, serial: s, string: {}}}}", "'strings'"},
      {good + "p: {kind: pv_pcs, unit_id: 1, map: m, serial: s, strings: {count: 5}}}}", "expected 1 to 4"},
      {good + "p: {kind: pv_pcs, unit_id: 1, map: m, serial: s, strings: {tilt: 30}}}}", "with the unit deg"},
      {good + "p: {kind: meter, unit_id: 1, map: m, serial: s, strings: {}}}}", "only a pv_pcs"},
      {good + "p: {kind: pv_pcs, unit_id: 1, map: m, serial: s}, q: {kind: pv_pcs, unit_id: 1, map: m, serial: s}}}",
       "unit 1 is 'p' already"},
      {good + "p: {kind: ev_pcs, unit_id: 1, map: m, serial: s}, q: {kind: ev_pcs, unit_id: 2, map: m, serial: s}}}",
       "the site's ev_pcs already"},
      {good + "}, car: {preset: leaf_40, soc: 50 %}}", "a car needs a unit"},
      {good + "}, weather: foggy}", "weather"},
      {good + "}, weather: [clear, foggy]}", "weather"},
      {good + "}, weather: []}", "a day's weather at least"},
      {good + "}, irradiance: none.csv}", "no file none.csv"},
      {good + "}, plant_step: 7 s}", "divide a minute"},
      {good + "}, grid: {limiter: 5 A}}", "expected 10 to 100 A"},
      {"{prefecture: 48, latitude: 35 deg, longitude: 135 deg, units: {}}", "expected 1 to 47"},
      {"{latitude: 35 deg, longitude: 135 deg, units: {}}", "'prefecture' is missing"},
  };
  for (const auto& one : cases) {
    try {
      (void)read_house("home", yaml::load_text(one.text, "w.yaml"));
      ADD_FAILURE() << "accepted: " << one.text;
    } catch (const BadInput& error) {
      EXPECT_THAT(error.what(), testing::AllOf(testing::StartsWith("w.yaml:1:"), testing::HasSubstr(one.says)));
    }
  }
}

TEST(HouseYaml, an_unknown_car_is_refused_with_the_nearest) {
  HouseConfig config = home();
  config.car->preset = "leaf40";
  try {
    TestHouse house("2026-04-01T12:00:00", config);
    FAIL() << "accepted";
  } catch (const BadInput& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("leaf_40"));
  }
}

}  // namespace
}  // namespace v2x::house
