// Pinned: the registers and counters of each world after a week without a gateway. Whoever changes physics or maps
// changes these, on purpose, and says so in the changelog.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <map>

#include "common/yaml.hpp"
#include "sim/core/register_image.hpp"
#include "tests/paths.hpp"
#include "tests/sim/house/test_house.hpp"

namespace v2x::house {
namespace {

using namespace std::chrono_literals;

struct Digest {
  std::string registers;
  std::string counters;
  bool operator==(const Digest&) const = default;
};

void PrintTo(const Digest& digest, std::ostream* out) {
  *out << fmt::format(R"({{"{}", "{}"}})", digest.registers, digest.counters);
}

/// FNV-1a over registers, in the order of the units.
std::uint64_t register_hash(TestHouse& house) {
  std::uint64_t hash = 0xCBF29CE484222325ULL;
  for (const UnitConfig& unit : house->units()) {
    const auto map = core::RegisterMap::load_named(unit.map, quantities());
    const core::RegisterImage image(map, house->unit(unit.name));
    for (const std::uint16_t value : image.snapshot()) hash = (hash ^ value) * 0x100000001B3ULL;
  }
  return hash;
}

Digest after_a_week(const std::string& world, const std::string& site) {
  TestHouse house("2026-04-01T00:00:00", site_of(world, site));
  house.run_for(7 * 24h + 12h);  // noon: all units at work
  return {fmt::format("{:016x}", register_hash(house)), fmt::format("{:016x}", house.counter_hash())};
}

TEST(WeekDigest, of_each_world_is_pinned) {
  const std::map<std::string, Digest> pinned{
      {"clipping.home", {"d11dcebdfff6c610", "21e7b5ed3d9fd6d0"}},
      {"commuter.home", {"45ef3f30d990f1f4", "ff2a4348a4b45df9"}},
      {"curtailed.home", {"17e3f3ed138b1abd", "c66f3e40d522b09c"}},
      {"curtailed.shop", {"5812d3da85317688", "be2c229caffe8909"}},
      {"firmware_desk.desk", {"3123be4664e6cff2", "a62766966ded4703"}},
      {"home.home", {"12d124dbbc566392", "5b7fbaa742a27c1c"}},
      {"home_plain_map.home", {"639eab5fcd9a99e4", "c66f3e40d522b09c"}},
      {"old_leaf.home", {"4db069644ff24164", "30ff56a0d82259dc"}},
      {"two_houses.shed", {"9bd0b85ea3fedfea", "7dd907d8bff973eb"}},
  };
  for (const auto& entry : std::filesystem::directory_iterator(in_sources("scenarios/worlds"))) {
    const std::string world = entry.path().stem().string();
    const yaml::Node file = yaml::load_file(entry.path());
    if (!file.has("sites")) continue;  // it has another world's houses
    for (const auto& [site, node] : file.at("sites").entries()) {
      const std::string name = world + "." + site;
      const Digest digest = after_a_week(world, site);
      EXPECT_TRUE(pinned.contains(name)) << "pin " << name << ": " << testing::PrintToString(digest);
      if (pinned.contains(name)) {
        EXPECT_EQ(digest, pinned.at(name)) << name;
      }
    }
  }
}

}  // namespace
}  // namespace v2x::house
