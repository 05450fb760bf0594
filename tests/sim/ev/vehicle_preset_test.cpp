// The cars of the catalogue.
#include "sim/ev/vehicle_preset.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "common/bad_input.hpp"

namespace v2x::ev {
namespace {

TEST(VehiclePreset, every_car_of_the_list_can_be_loaded) {
  const struct {
    const char* name;
    double usable_wh;
    int cells;
    double r0_ohm, v2h_min, v2h_max;
    int protocol;
  } list[] = {
      {"leaf_24", 22200, 96, 0.10, 30, 80, 2},
      {"leaf_30", 27500, 96, 0.09, 30, 80, 2},
      {"e_nv200_24", 22200, 96, 0.10, 30, 80, 2},
      {"e_nv200_40", 38000, 96, 0.07, 30, 80, 2},
      {"leaf_40", 39000, 96, 0.07, 10, 100, 2},
      {"leaf_60", 56000, 96, 0.05, 10, 100, 2},
      {"sakura_20", 18500, 96, 0.10, 10, 100, 2},
      {"ariya_66", 63000, 96, 0.05, 10, 100, 3},
      {"ariya_91", 87000, 96, 0.04, 10, 100, 3},
      {"outlander_12_2013", 9000, 80, 0.10, 42, 95, 2},
      {"outlander_12", 9000, 80, 0.10, 22, 95, 2},
      {"outlander_13_8", 10400, 80, 0.10, 22, 99, 2},
      {"eclipse_cross_13_8", 10400, 80, 0.10, 22, 99, 2},
      {"outlander_20", 16000, 96, 0.10, 20, 100, 3},
      {"imiev_16", 14500, 88, 0.15, 30, 95, 1},
      {"imiev_10_5", 9500, 72, 0.15, 30, 95, 1},
      {"clipper_20", 18500, 96, 0.10, 20, 95, 2},
  };
  for (const auto& row : list) {
    const VehiclePreset preset = VehiclePreset::load_named(row.name);
    EXPECT_EQ(preset.battery.usable_wh, row.usable_wh) << row.name;
    EXPECT_EQ(preset.battery.cells, row.cells) << row.name;
    EXPECT_EQ(preset.battery.r0_ohm, row.r0_ohm) << row.name;
    EXPECT_EQ(preset.v2h_min, row.v2h_min) << row.name;
    EXPECT_EQ(preset.v2h_max, row.v2h_max) << row.name;
    EXPECT_EQ(preset.protocol, row.protocol) << row.name;
    EXPECT_FALSE(preset.title.empty());
  }
}

TEST(VehiclePreset, an_unknown_key_is_refused_with_its_place) {
  const auto file = std::filesystem::path(testing::TempDir()) / "strange.yaml";
  std::ofstream(file) << "title: strange\nkhw: 40\n";
  try {
    (void)VehiclePreset::load(file);
    FAIL() << "accepted";
  } catch (const BadInput& error) {
    EXPECT_THAT(error.what(), testing::StartsWith("vehicles/strange.yaml:2:1: "));
    EXPECT_THAT(error.what(), testing::HasSubstr("'kwh'"));
  }
}

}  // namespace
}  // namespace v2x::ev
