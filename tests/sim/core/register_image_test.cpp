// What a bus master reads of a device equals its quantities, and what it may not write it cannot.
#include "sim/core/register_image.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>

#include "sim/core/register_codec.hpp"
#include "tests/sim/core/fake_device.hpp"

namespace v2x::core {
namespace {

using testing::ElementsAre;
using Registers = std::vector<std::uint16_t>;

/// A PV PCS (or another kind) behind its shipped map.
struct Bench {
  explicit Bench(const std::string& kind = "pv_pcs", const std::string& map_name = "sunspec-pv")
      : map(shipped_map(map_name)), device(kind), image(map, device) {}

  PointValue value(const std::string& point_name) {
    const Point& point = *map.find(point_name);
    Registers registers(point.size);
    EXPECT_EQ(image.read(point.address, registers), ModbusException::none);
    return RegisterMap::decode(point, registers);
  }
  double number(const std::string& point_name) { return std::get<double>(value(point_name)); }
  bool absent(const std::string& point_name) { return std::holds_alternative<std::monostate>(value(point_name)); }
  ModbusException write(int address, const Registers& values) {
    return image.write(static_cast<std::uint16_t>(address), values);
  }

  const RegisterMap& map;
  FakeDevice device;
  RegisterImage image;
};

TEST(RegisterImage, ValuesOfOneReadFollowTheQuantities) {
  Bench bench;
  bench.device.set("ac.power", 5500.4);
  bench.device.set("ac.voltage", 202.04);
  bench.device.set("ac.power_factor", -0.95);
  bench.device.set("dc[3].voltage", 183.26);
  bench.device.table.set_word(bench.device.table.slot("state"), "throttled");
  bench.device.table.set_text(bench.device.table.slot("id.serial"), "00009005PV1");
  EXPECT_EQ(bench.number("101.W"), 5500);
  EXPECT_DOUBLE_EQ(bench.number("101.PPVphAB"), 202.0);
  EXPECT_DOUBLE_EQ(bench.number("101.PF"), -0.95);
  EXPECT_DOUBLE_EQ(bench.number("701.PF"), -0.95);
  EXPECT_DOUBLE_EQ(bench.number("160.module[3].DCV"), 183.3);
  EXPECT_EQ(bench.number("101.St"), 5);
  EXPECT_EQ(bench.number("701.InvSt"), 4) << "701 numbers the states differently";
  EXPECT_EQ(std::get<std::string>(bench.value("1.SN")), "00009005PV1");
}

TEST(RegisterImage, IslandReadsAsRunningWhereSunSpecHasNoIsland) {
  Bench bench;
  bench.device.table.set_word(bench.device.table.slot("state"), "island");
  EXPECT_EQ(bench.number("101.St"), 4);
  EXPECT_EQ(bench.number("701.InvSt"), 3);
  EXPECT_EQ(bench.number("701.St"), 1);
}

TEST(RegisterImage, ThrottleReasonsTakeTheBitsOfEachModel) {
  Bench bench;
  bench.device.set("throttle_reasons", 1 << 4 | 1 << 10 | 1 << 14);  // volt_var, volt_watt, derated
  EXPECT_EQ(bench.number("701.ThrotSrc"), 1 << 4 | 1 << 10 | 1 << 14);
  EXPECT_EQ(bench.number("122.StActCtl"), 1 << 3 | 1 << 10) << "122 has other numbers and no bit for derated";
}

TEST(RegisterImage, DEV_24_what_nothing_feeds_is_absent_and_never_zero) {
  Bench bench;
  for (const Point& point : bench.map.points()) {
    if (point.constant || facts(point.type).counter || point.type == PointType::pad) continue;
    Registers registers(point.size);
    ASSERT_EQ(bench.image.read(point.address, registers), ModbusException::none);
    EXPECT_TRUE(std::holds_alternative<std::monostate>(RegisterMap::decode(point, registers))) << point.name;
  }
}

/// Something in range that tells one quantity from the other.
double telling_value(const Point& point, const contracts::Quantity& quantity, size_t number) {
  if (!quantity.words.empty()) return static_cast<double>(number % quantity.words.size());
  if (!quantity.bits.empty()) return 1;
  return std::pow(10.0, point.scale) * (static_cast<double>(number) + 1.25);
}

void expect_shown(const Point& point, const contracts::Quantity& quantity, double value, double read) {
  if (!quantity.words.empty()) {
    const std::pair<std::int64_t, std::string> word{static_cast<std::int64_t>(read),
                                                    quantity.words[static_cast<size_t>(value)]};
    EXPECT_THAT(point.words, testing::Contains(word)) << point.name;
  } else if (!quantity.bits.empty()) {
    EXPECT_LE(read, 1) << point.name;
  } else if (point.round_down) {
    EXPECT_LE(read, value * (1 + 1e-12)) << point.name;
    EXPECT_GT(read, value - std::pow(10.0, point.scale)) << point.name;
  } else {
    EXPECT_LE(std::abs(read - value), std::pow(10.0, point.scale) * 0.5) << point.name;
  }
}

/// For all points of all maps.
TEST(RegisterImage, DEV_24_every_point_equals_its_quantity_within_half_a_unit) {
  for (const auto& [kind, map] : std::vector<std::pair<std::string, std::string>>{
           {"pv_pcs", "sunspec-pv"}, {"ev_pcs", "sunspec-ev"}, {"meter", "sunspec-meter"}}) {
    Bench bench(kind, map);
    size_t number = 0;
    for (const Point& point : bench.map.points()) {
      if (point.quantity.empty() || point.type == PointType::string) continue;
      const Slot slot = bench.device.table.slot(point.quantity);
      const auto& quantity = bench.device.table.quantity(slot);
      const double value = telling_value(point, quantity, ++number);
      bench.device.table.set(slot, value);
      Registers registers(point.size);
      ASSERT_EQ(bench.image.read(point.address, registers), ModbusException::none);
      expect_shown(point, quantity, value, std::get<double>(RegisterMap::decode(point, registers)));
    }
  }
}

TEST(RegisterImage, AReadMayBeginAndEndInsideOfAPoint) {
  Bench bench;
  bench.device.set("ac.energy_injected", 0x0001'0203'0405 + 0.9);
  const std::uint16_t inside = static_cast<std::uint16_t>(bench.map.find("701.TotWhInj")->address + 1);
  Registers middle(2);
  ASSERT_EQ(bench.image.read(inside, middle), ModbusException::none);
  EXPECT_THAT(middle, ElementsAre(0x0001, 0x0203));
}

TEST(RegisterImage, TheChainStartsWithSunSAndEndsWithItsMarker) {
  Bench bench;
  Registers head(4), tail(2);
  ASSERT_EQ(bench.image.read(40000, head), ModbusException::none);
  EXPECT_THAT(head, ElementsAre(0x5375, 0x6E53, 1, 66));
  ASSERT_EQ(bench.image.read(40596, tail), ModbusException::none);
  EXPECT_THAT(tail, ElementsAre(0xFFFF, 0));
}

TEST(RegisterImage, ReadsOutsideOfTheChainAreRefused) {
  Bench bench;
  Registers one(1), two(2);
  EXPECT_EQ(bench.image.read(39999, one), ModbusException::illegal_data_address);
  EXPECT_EQ(bench.image.read(40597, one), ModbusException::none);
  EXPECT_EQ(bench.image.read(40597, two), ModbusException::illegal_data_address);
  EXPECT_EQ(bench.image.read(0xFFFF, two), ModbusException::illegal_data_address);
}

TEST(RegisterImage, ASnapshotIsTheWholeChain) {
  Bench bench;
  bench.device.set("ac.power", 1234);
  const auto all = bench.image.snapshot();
  ASSERT_EQ(all.size(), 40598u - 40000u);
  EXPECT_EQ(all[84], 1234);
  bench.device.set("bus.silent", 1);
  EXPECT_TRUE(bench.image.snapshot().empty());
}

TEST(RegisterImage, AWriteReachesTheDeviceInPhysicalUnitsWithItsGroup) {
  Bench bench;
  EXPECT_EQ(bench.write(40574, {1155}), ModbusException::none);
  EXPECT_DOUBLE_EQ(bench.device.table.number(bench.device.table.slot("set.ovr_level")), 115.5);
  EXPECT_EQ(bench.write(40233, {40, 0, 60, 0, 1}), ModbusException::none);
  EXPECT_THAT(bench.device.written,
              ElementsAre("set.ovr_level", "cmd.power_limit", "cmd.power_limit_window", "cmd.power_limit_revert",
                          "cmd.power_limit_ramp", "cmd.power_limit_enabled"));
  EXPECT_THAT(bench.device.groups, ElementsAre("", "limit", "limit", "limit", "limit", "limit"));
  EXPECT_EQ(bench.number("123.WMaxLimPct"), 40);
}

TEST(RegisterImage, WordsAreWrittenAsTheDeviceNumbersThem) {
  Bench bench("ev_pcs", "sunspec-ev");
  EXPECT_EQ(bench.write(40592, {2}), ModbusException::none);  // 64901.ChaMth
  EXPECT_EQ(bench.device.table.text(bench.device.table.slot("cmd.charge_method")), "fixed");
  EXPECT_EQ(bench.write(40259, {3}), ModbusException::none);  // 124.StorCtl_Mod
  EXPECT_EQ(bench.device.table.number(bench.device.table.slot("cmd.storage_control")), 3);
}

TEST(RegisterImage, RefusedWritesChangeNothing) {
  struct Refusal {
    const char* why;
    int address;
    Registers values;
    ModbusException exception;
  };
  constexpr auto kAddress = ModbusException::illegal_data_address;
  constexpr auto kValue = ModbusException::illegal_data_value;
  const std::vector<Refusal> refusals{
      {"read-only point", 40084, {1}, kAddress},
      {"ID of a model", 40228, {123}, kAddress},
      {"past the end", 40598, {1}, kAddress},
      {"group that runs into a read-only point", 40250, {0, 0}, kAddress},
      {"first half of ControllerHb", 40556, {1}, kValue},
      {"second half of ControllerHb", 40557, {1}, kValue},
      {"WMaxLimPct above 100", 40233, {101}, kValue},
      {"WMaxLimPct sentinel", 40233, {0xFFFF}, kValue},
      {"ControllerHb sentinel, which no limit excludes", 40556, {0xFFFF, 0xFFFF}, kValue},
      {"unknown enable word", 40237, {2}, kValue},
      {"VArPct_Mod other than WMax", 40249, {2}, kValue},
      {"power factor between -0.80 and 0.80", 40238, {79}, kValue},
      {"power factor sentinel", 40238, {0x8000}, kValue},
      {"OVR level off its step", 40574, {1153}, kValue},
      {"OVR level below its range", 40574, {1095}, kValue},
      {"reconnect wait that is none of the five", 40573, {60}, kValue},
      {"group with one bad value", 40233, {40, 0, 60, 0, 7}, kValue}};
  Bench bench;
  for (const Refusal& refusal : refusals)
    EXPECT_EQ(bench.write(refusal.address, refusal.values), refusal.exception) << refusal.why;
  EXPECT_THAT(bench.device.written, ElementsAre());
}

TEST(RegisterImage, SocIsReadOnlyAndUnknownStorageBitsAreRefused) {
  Bench bench("ev_pcs", "sunspec-ev");
  EXPECT_EQ(bench.write(40491, {500}), ModbusException::illegal_data_address);
  EXPECT_EQ(bench.write(40259, {4}), ModbusException::illegal_data_value);
}

TEST(RegisterImage, NegativePowerFactorsAreWithinTheirRange) {
  Bench bench;
  EXPECT_EQ(bench.write(40238, {static_cast<std::uint16_t>(-90)}), ModbusException::none);
  EXPECT_DOUBLE_EQ(bench.device.table.number(bench.device.table.slot("cmd.power_factor")), -0.9);
}

TEST(RegisterImage, TheDeviceMayRefuseWhatTheMapAllows) {
  Bench bench;
  bench.device.verdict = ModbusException::device_failure;
  EXPECT_EQ(bench.write(40233, {50}), ModbusException::device_failure);
}

TEST(RegisterImage, RegistersWithoutAPointAndBetweenBlocksHaveTheirFillers) {
  const auto file = std::filesystem::path(testing::TempDir()) / "gaps_under_test.yaml";
  std::ofstream(file) << "map: gaps\ndevice: pv_pcs\ngaps: zero\nblocks:\n"
                         "  - {at: 10, length: 2, points: [{at: 0, name: W, type: s16, quantity: ac.power}]}\n"
                         "  - {at: 14, length: 1, points: [{at: 0, name: One, type: u16, value: 1}]}\n";
  const RegisterMap map = RegisterMap::load(file, catalogue());
  FakeDevice device("pv_pcs");
  device.set("ac.power", -2);
  RegisterImage image(map, device);
  Registers all(5);
  ASSERT_EQ(image.read(10, all), ModbusException::none);
  EXPECT_THAT(all, ElementsAre(0xFFFE, 0xFFFF, 0, 0, 1));
  EXPECT_EQ(image.write(11, Registers{0}), ModbusException::illegal_data_address);
  EXPECT_EQ(image.write(12, Registers{0}), ModbusException::illegal_data_address);
}

TEST(RegisterImageDeathTest, AMapOfAnotherKindOfDeviceIsAMistakeOfTheCode) {
  EXPECT_DEATH(Bench("meter", "sunspec-pv"), "map sunspec-pv is for a pv_pcs, but was given a meter");
}

}  // namespace
}  // namespace v2x::core
