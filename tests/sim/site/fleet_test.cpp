#include "sim/site/fleet.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "common/jst.hpp"
#include "common/scratch_directory.hpp"
#include "tests/paths.hpp"

namespace v2x::site {
namespace {

SiteConfig pattern() {
  static const auto quantities = contracts::QuantityCatalogue::load();
  static RegisterMaps maps;
  return read_sites(in_sources("scenarios/worlds/home.yaml"), quantities, maps).front();
}

TEST(Fleet, houses_differ_and_depend_on_the_seed_alone) {
  const SiteConfig one = vary(pattern(), 1, 7), two = vary(pattern(), 2, 7);
  EXPECT_NE(one.name, two.name);
  EXPECT_EQ(one.gateway.id.size(), 12u);
  EXPECT_NE(one.house.units[1].strings[0].peak_w, two.house.units[1].strings[0].peak_w);
  EXPECT_EQ(one.house.units[1].strings[0].peak_w, vary(pattern(), 1, 7).house.units[1].strings[0].peak_w);
  EXPECT_NE(one.house.units[1].strings[0].peak_w, vary(pattern(), 1, 8).house.units[1].strings[0].peak_w);
}

/// A reader of its own, from the text of contracts/fleet.md.
std::uint64_t varint(std::istream& in) {
  std::uint64_t value = 0;
  for (int shift = 0, byte = 0x80; byte & 0x80; shift += 7) {
    byte = in.get();
    value |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
  }
  return value;
}

TEST(Fleet, a_file_holds_every_minute_of_the_day_in_order) {
  FleetOptions options;
  options.world = in_sources("scenarios/worlds/home.yaml");
  const ScratchDirectory scratch;
  options.out = scratch.path() / "fleet";
  options.houses = 1;
  options.start = *parse_time("2026-06-01T00:00:00");
  write_fleet(options);
  std::ifstream in(options.out, std::ios::binary);
  std::string line, header;
  std::getline(in, line);
  std::getline(in, header);
  EXPECT_EQ(line, "v2x-fleet 1");
  EXPECT_NE(header.find("\"houses\":1"), std::string::npos);
  ASSERT_EQ(varint(in), 1440u);
  std::uint64_t generated_wh = 0;
  for (std::uint64_t n = 0; n < 1440; ++n) {
    std::string bytes(varint(in), '\0');
    ASSERT_TRUE(in.read(bytes.data(), static_cast<std::streamsize>(bytes.size())));
    telemetry::Record record;
    ASSERT_TRUE(record.ParseFromString(bytes));
    EXPECT_EQ(record.seq(), n + 1);
    ASSERT_TRUE(record.has_sample());
    const auto start = options.start + std::chrono::minutes(n);
    EXPECT_EQ(record.sample().start_ms(), start.time_since_epoch() / std::chrono::milliseconds(1));
    EXPECT_EQ(record.sample().length_ms(), 60'000u);
    EXPECT_EQ(record.sample().units_size(), 4);
    EXPECT_GE(record.sample().pv_wh(), generated_wh);
    generated_wh = record.sample().pv_wh();
  }
  EXPECT_GT(generated_wh, 1000u);
  EXPECT_EQ(in.get(), EOF);
}

}  // namespace
}  // namespace v2x::site
