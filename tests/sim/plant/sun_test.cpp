// Clear sky, the sun's place, and what falls on panels.
#include "sim/plant/sun.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "common/jst.hpp"
#include "sim/plant/pv_string.hpp"

namespace v2x::plant {
namespace {

constexpr Place kKyoto{35.03, 135.75};

double cosine(double zenith_deg) {
  return std::cos(zenith_deg * std::numbers::pi / 180);
}
Time at(const char* text) {
  return *parse_time(text);
}

TEST(ClearSky, gives_the_published_values_of_Haurwitz) {
  const struct { double zenith_deg, w_m2; } table[] = {{0, 1035}, {20, 969}, {40, 779}, {60, 488}, {75, 226}, {85, 49}};
  for (const auto& row : table) EXPECT_NEAR(clear_sky(cosine(row.zenith_deg)), row.w_m2, 0.5) << row.zenith_deg;
  EXPECT_EQ(clear_sky(0), 0);
  EXPECT_EQ(clear_sky(-0.5), 0);
}

TEST(Sun, stands_where_the_almanac_says_at_noon) {
  EXPECT_NEAR(sun_position(kKyoto, at("2026-06-21T12:00:00")).elevation_deg(), 90 - 35.03 + 23.45, 0.3);
  EXPECT_NEAR(sun_position(kKyoto, at("2026-12-21T12:00:00")).elevation_deg(), 90 - 35.03 - 23.45, 0.3);
  EXPECT_LT(sun_position(kKyoto, at("2026-06-21T00:00:00")).elevation_deg(), -25);
}

TEST(Sun, rises_and_sets_within_minutes_of_the_almanac) {
  EXPECT_LT(sun_position(kKyoto, at("2026-03-21T05:50:00")).cos_zenith, 0);  // sunrise 06:02 with refraction
  EXPECT_GT(sun_position(kKyoto, at("2026-03-21T06:15:00")).cos_zenith, 0);
  EXPECT_GT(sun_position(kKyoto, at("2026-03-21T18:00:00")).cos_zenith, 0);  // sunset 18:12 with refraction
  EXPECT_LT(sun_position(kKyoto, at("2026-03-21T18:25:00")).cos_zenith, 0);
}

TEST(Sun, remembers_nothing_of_the_day_before) {
  Sun sun(kKyoto);
  for (const char* time : {"2026-06-20T23:59:59", "2026-06-21T12:00:00", "2026-12-21T12:00:00", "2026-06-21T12:00:00"})
    EXPECT_EQ(sun.at(at(time)).cos_zenith, sun_position(kKyoto, at(time)).cos_zenith);
}

TEST(Irradiance, direct_and_diffuse_add_up_to_global) {
  for (const char* time : {"2026-04-01T07:00:00", "2026-04-01T12:00:00", "2026-12-21T15:00:00"}) {
    const SunPosition sun = sun_position(kKyoto, at(time));
    const Irradiance light = split(clear_sky(sun.cos_zenith), sun);
    EXPECT_NEAR(light.direct * sun.cos_zenith + light.diffuse, light.global, 1e-9);
    EXPECT_GT(light.diffuse, 0);
  }
}

TEST(Irradiance, an_overcast_sky_is_all_diffuse) {
  const SunPosition sun = sun_position(kKyoto, at("2026-04-01T12:00:00"));
  EXPECT_GT(split(100, sun).diffuse, 95);
}

TEST(TiltedPlane, flat_equals_global_and_south_beats_north) {
  const SunPosition sun = sun_position(kKyoto, at("2026-12-21T12:00:00"));
  const Irradiance light = split(clear_sky(sun.cos_zenith), sun);
  EXPECT_NEAR(TiltedPlane(kKyoto, 0, 0).irradiance(sun, light), light.global, 1e-9);
  const double south = TiltedPlane(kKyoto, 30, 0).irradiance(sun, light);
  EXPECT_GT(south, light.global);
  EXPECT_LT(TiltedPlane(kKyoto, 30, 180).irradiance(sun, light), light.global);
}

TEST(TiltedPlane, west_gets_its_light_in_the_afternoon) {
  const TiltedPlane west(kKyoto, 30, 90);
  const auto on_west = [&](const char* time) {
    const SunPosition sun = sun_position(kKyoto, at(time));
    return west.irradiance(sun, split(clear_sky(sun.cos_zenith), sun));
  };
  EXPECT_GT(on_west("2026-04-01T15:00:00"), 1.5 * on_west("2026-04-01T09:00:00"));
}

TEST(PvString, delivers_its_peak_under_standard_conditions_less_the_loss) {
  const PvStringConfig config;
  const double ambient_for_25_c_cells = 25 - 1000 * (config.noct_c - 20) / 800;
  const power::DcSource out = string_output(config, 1000, ambient_for_25_c_cells);
  EXPECT_NEAR(out.mpp_w, config.peak_w * 0.9, 1e-9);
  EXPECT_NEAR(out.mpp_v, config.mpp_v, 1e-9);
  EXPECT_NEAR(out.open_v, config.open_v, 1e-9);
  const power::DcSource hot = string_output(config, 1000, ambient_for_25_c_cells + 10);
  EXPECT_NEAR(hot.mpp_w / out.mpp_w, 1 - 0.035, 1e-9);
  EXPECT_LT(hot.mpp_v, out.mpp_v);
}

TEST(PvString, gives_nothing_in_the_dark) {
  const power::DcSource out = string_output({}, 0, 20);
  EXPECT_EQ(out.mpp_w, 0);
  EXPECT_EQ(out.open_v, 0);
}

}  // namespace
}  // namespace v2x::plant
