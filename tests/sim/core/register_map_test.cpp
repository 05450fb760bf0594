// The shipped maps stand where SunSpec clients and gateways look for them; bad maps are refused at their place.
#include "sim/core/register_map.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

#include "common/bad_input.hpp"
#include "tests/sim/core/fake_device.hpp"

namespace v2x::core {
namespace {

using testing::HasSubstr;

struct ExpectedBlock {
  int model;
  int address;
  int length;
};

void expect_chain(const std::string& map, const std::vector<ExpectedBlock>& models, int end) {
  const auto& blocks = shipped_map(map).blocks();
  ASSERT_EQ(blocks.size(), models.size() + 2) << map;
  EXPECT_EQ(blocks.front().address, 40000);
  for (size_t i = 0; i < models.size(); ++i) {
    EXPECT_EQ(blocks[i + 1].model, models[i].model);
    EXPECT_EQ(blocks[i + 1].address, models[i].address) << models[i].model;
    EXPECT_EQ(blocks[i + 1].length, models[i].length + 2) << models[i].model;
  }
  EXPECT_EQ(blocks.back().model, 0xFFFF);
  EXPECT_EQ(blocks.back().address, end);
}

TEST(ShippedMaps, PvChainStandsAtItsAddresses) {
  expect_chain("sunspec-pv",
               {{1, 40002, 66},
                {101, 40070, 50},
                {120, 40122, 26},
                {121, 40150, 30},
                {122, 40182, 44},
                {123, 40228, 24},
                {160, 40254, 88},
                {701, 40344, 153},
                {702, 40499, 50},
                {715, 40551, 7},
                {64900, 40560, 34}},
               40596);
}

TEST(ShippedMaps, EvChainStandsAtItsAddresses) {
  expect_chain("sunspec-ev",
               {{1, 40002, 66},
                {102, 40070, 50},
                {120, 40122, 26},
                {121, 40150, 30},
                {122, 40182, 44},
                {123, 40228, 24},
                {124, 40254, 24},
                {701, 40280, 153},
                {702, 40435, 50},
                {713, 40487, 7},
                {714, 40496, 43},
                {715, 40541, 7},
                {64900, 40550, 34},
                {64901, 40586, 45}},
               40633);
}

TEST(ShippedMaps, MeterChainStandsAtItsAddresses) {
  expect_chain("sunspec-meter", {{1, 40002, 66}, {202, 40070, 105}}, 40177);
}

TEST(ShippedMaps, EveryRegisterOfAModelIsListed) {
  for (const char* name : {"sunspec-pv", "sunspec-ev", "sunspec-meter"}) {
    const RegisterMap& map = shipped_map(name);
    for (std::uint32_t at = map.first_address(); at < map.end_address(); ++at)
      EXPECT_NE(map.at(at), nullptr) << name << " " << at;
  }
}

struct ExpectedPoint {
  const char* map;
  const char* name;
  int address;
  int size;
  PointAccess access;
};

constexpr auto R = PointAccess::r;
constexpr auto W = PointAccess::rw;
constexpr const char* kPv = "sunspec-pv";
constexpr const char* kEv = "sunspec-ev";
constexpr const char* kMeter = "sunspec-meter";

TEST(ShippedMaps, PointsStandAtTheirAddresses) {
  const std::vector<ExpectedPoint> points{
      {kPv, "1.Mn", 40004, 16, R},
      {kPv, "1.SN", 40052, 16, R},
      {kPv, "101.W", 40084, 1, R},
      {kPv, "101.St", 40108, 1, R},
      {kPv, "101.Evt1", 40110, 2, R},
      {kPv, "101.EvtVnd4", 40120, 2, R},
      {kPv, "121.WMax", 40152, 1, W},
      {kEv, "121.WMax", 40152, 1, W},
      {kPv, "123.Conn_WinTms", 40230, 1, W},
      {kPv, "123.Conn_RvrtTms", 40231, 1, W},
      {kPv, "123.Conn", 40232, 1, W},
      {kPv, "123.WMaxLimPct", 40233, 1, W},
      {kPv, "123.WMaxLimPct_RvrtTms", 40235, 1, W},
      {kPv, "123.WMaxLimPct_RmpTms", 40236, 1, W},
      {kPv, "123.WMaxLim_Ena", 40237, 1, W},
      {kEv, "123.WMaxLim_Ena", 40237, 1, W},
      {kPv, "123.OutPFSet", 40238, 1, W},
      {kPv, "123.OutPFSet_Ena", 40242, 1, W},
      {kPv, "123.VArWMaxPct", 40243, 1, W},
      {kPv, "123.VArPct_Mod", 40249, 1, W},
      {kPv, "123.VArPct_Ena", 40250, 1, W},
      {kPv, "160.N", 40262, 1, R},
      {kPv, "160.module[1].DCA", 40273, 1, R},
      {kPv, "160.module[4].DCEvt", 40342, 2, R},
      {kPv, "701.W", 40354, 1, R},
      {kPv, "701.TotWhInj", 40363, 4, R},
      {kPv, "701.MnAlrmInfo", 40467, 32, R},
      {kPv, "715.ControllerHb", 40556, 2, W},
      {kPv, "715.AlarmReset", 40558, 1, W},
      {kPv, "715.OpCtl", 40559, 1, W},
      {kPv, "64900.ECode", 40566, 4, R},
      {kPv, "64900.SwIsl", 40572, 1, W},
      {kPv, "64900.RecW", 40573, 1, W},
      {kPv, "64900.OvrV", 40574, 1, W},
      {kPv, "64900.HbTmo", 40586, 1, W},
      {kPv, "64900.Hours", 40589, 2, R},
      {kEv, "124.WChaMax", 40256, 1, W},
      {kEv, "124.WDisChaGra", 40258, 1, W},
      {kEv, "124.StorCtl_Mod", 40259, 1, W},
      {kEv, "124.MinRsvPct", 40261, 1, W},
      {kEv, "124.OutWRte", 40266, 1, W},
      {kEv, "124.InOutWRte_RmpTms", 40270, 1, W},
      {kEv, "124.ChaGriSet", 40271, 1, W},
      {kEv, "713.SoC", 40491, 1, R},
      {kEv, "714.Prt[1].PrtTyp", 40516, 1, R},
      {kEv, "714.Prt[1].DCAlrm", 40539, 2, R},
      {kEv, "715.ControllerHb", 40546, 2, W},
      {kEv, "715.AlarmReset", 40548, 1, W},
      {kEv, "715.OpCtl", 40549, 1, W},
      {kEv, "64901.Plug", 40589, 1, R},
      {kEv, "64901.ChaMth", 40592, 1, W},
      {kEv, "64901.Cmd", 40601, 1, W},
      {kEv, "64901.VehId", 40616, 8, R},
      {kEv, "64901.Retry", 40630, 1, R},
      {kMeter, "202.A", 40072, 1, R},
      {kMeter, "202.W", 40088, 1, R},
      {kMeter, "202.TotWhExp", 40108, 2, R},
      {kMeter, "202.TotWhImp", 40116, 2, R},
      {kMeter, "202.Evt", 40175, 2, R},
  };
  for (const ExpectedPoint& expected : points) {
    const Point* point = shipped_map(expected.map).find(expected.name);
    ASSERT_NE(point, nullptr) << expected.map << " " << expected.name;
    EXPECT_EQ(point->address, expected.address) << expected.map << " " << expected.name;
    EXPECT_EQ(point->size, expected.size) << expected.map << " " << expected.name;
    EXPECT_EQ(point->access, expected.access) << expected.map << " " << expected.name;
  }
}

TEST(ShippedMaps, OnlyListedPointsMayBeWritten) {
  const std::vector<std::pair<std::string, size_t>> writable{{kPv, 38}, {kEv, 59}, {kMeter, 0}};
  for (const auto& [name, count] : writable) {
    size_t found = 0;
    for (const Point& point : shipped_map(name).points()) found += point.access != PointAccess::r;
    EXPECT_EQ(found, count) << name;
  }
}

TEST(ShippedMaps, ScaleFactorsAreResolvedIntoThePointsOfTheirOwnModel) {
  EXPECT_EQ(shipped_map(kPv).find("101.Hz")->scale, -2);
  EXPECT_EQ(shipped_map(kPv).find("701.Hz")->scale, -3);
  EXPECT_EQ(shipped_map(kPv).find("101.PF")->scale, -4) << "percent in the register, -1 to 1 in the quantity";
  EXPECT_EQ(shipped_map(kEv).find("713.WHRtg")->scale, 1);
}

TEST(ShippedMaps, AQuantityLeadsToTheFirstPointThatItFeeds) {
  EXPECT_EQ(shipped_map(kPv).find_quantity("ac.power")->address, 40084);
  EXPECT_EQ(shipped_map(kPv).find_quantity("dc[3].voltage")->name, "module[3].DCV");
  EXPECT_EQ(shipped_map(kPv).find_quantity("storage.soc"), nullptr);
}

// ---- maps that a user brings --------------------------------------------------------------------------------

RegisterMap load(const std::string& yaml) {
  const auto file = std::filesystem::path(testing::TempDir()) / fmt::format("map_under_test_{}.yaml", ::getpid());
  std::ofstream(file) << yaml;
  return RegisterMap::load(file, catalogue());
}

std::string refusal_of(const std::string& yaml) {
  try {
    load(yaml);
  } catch (const BadInput& error) {
    return error.what();
  }
  return "accepted";
}

const std::string kHead = "map: test\ndevice: pv_pcs\n";  // two lines

TEST(RegisterMap, BlocksWithoutAChainStandWhereTheySay) {
  const RegisterMap map =
      load(kHead +
           "word_order: little\ngaps: zero\nfunctions: [3]\nblocks:\n"
           "  - {at: 100, length: 4, points: [{at: 1, name: E, type: u32, quantity: ac.energy_injected}]}\n"
           "  - {at: 200, length: 1, points: [{at: 0, name: S, type: u16, scale: -1, quantity: ac.voltage}]}\n");
  EXPECT_EQ(map.find("E")->address, 101);
  EXPECT_TRUE(map.find("E")->little_words);
  EXPECT_EQ(map.find("S")->address, 200);
  EXPECT_TRUE(map.readable(100, 101));
  EXPECT_FALSE(map.readable(99, 2));
  EXPECT_FALSE(map.readable(200, 2));
  EXPECT_TRUE(map.allows(3));
  EXPECT_FALSE(map.allows(6));
}

TEST(RegisterMap, GapsBetweenBlocksAreNotReadableByDefault) {
  const std::string block = ", length: 10, points: []}\n";
  const RegisterMap map =
      load(kHead + "blocks:\n  - {at: 100" + block + "  - {at: 110" + block + "  - {at: 130" + block);
  EXPECT_TRUE(map.readable(100, 20));
  EXPECT_FALSE(map.readable(119, 2));
  EXPECT_FALSE(map.readable(120, 1));
  EXPECT_TRUE(map.readable(130, 10));
}

TEST(RegisterMap, RepeatedPointsGetTheirIndex) {
  const RegisterMap map = load(kHead +
                               "sunspec: {base: 0}\nblocks:\n"
                               "  - {model: 160, length: 6, points: [{at: 2, name: SF, type: sf, value: -2}],\n"
                               "     repeat: {count: 2, stride: 2, at: 3, points: [\n"
                               "       {at: 0, name: DCA, type: u16, sf: SF, quantity: 'dc[{n}].current'},\n"
                               "       {at: 1, name: 'S{n}', type: u16, value: '{n}'}]}}\n");
  EXPECT_EQ(map.find("DCA[2]")->quantity, "dc[2].current");
  EXPECT_EQ(map.find("DCA[2]")->address, 7);
  EXPECT_EQ(map.find("DCA[2]")->scale, -2);
  EXPECT_EQ(std::get<double>(*map.find("S2")->constant), 2.0);
}

TEST(RegisterMap, IsRefusedAtThePlaceOfTheMistake) {
  const auto with_points = [](const std::string& points) {
    return kHead + "blocks:\n  - at: 0\n    length: 4\n    points:\n" + points;  // points begin in line 7
  };
  const std::vector<std::pair<std::string, std::string>> refusals{
      {"map: x\ndevice: pv_pc\nblocks: []\n", "yaml:2:9: 'pv_pc' is no device, nearest: 'pv_pcs'"},
      {kHead + "blocs: []\n", "yaml:3:1: 'blocs' is no key here, nearest: 'blocks'"},
      {kHead + "blocks: []\n", "yaml:3:9: found no block"},
      {kHead + "functions: [3, 5]\nblocks: []\n", "yaml:3:16: found 5, expected one of 3, 4, 6, 16"},
      {kHead + "blocks:\n  - {at: 9, length: 0, points: []}\n", "yaml:4:21: found 0, expected a whole number from 1"},
      {kHead + "blocks:\n  - {at: 9, length: 2, points: []}\n  - {at: 10, length: 2, points: []}\n",
       "yaml:5:10: found 10, expected 11 or more"},
      {with_points("      - {at: 0, name: A, type: u17}\n"), "yaml:7:32: 'u17' is no point type, nearest: 'u16'"},
      {with_points("      - {at: 0, name: A, type: u16, skale: 1}\n"),
       "yaml:7:37: 'skale' is no key here, nearest: 'scale'"},
      {with_points("      - {at: 0, name: A, type: u16, quantity: ac.powr}\n"),
       "yaml:7:47: 'ac.powr' is no quantity of pv_pcs, nearest: 'ac.power'"},
      {with_points("      - {at: 3, name: A, type: u32}\n"),
       "yaml:7:14: 'A' ends 1 registers beyond its block's length"},
      {with_points("      - {at: 0, name: A, type: u32}\n      - {at: 1, name: B, type: u16}\n"),
       "yaml:8:14: 'B' overlaps 'A'"},
      {with_points("      - {at: 0, name: A, type: u16}\n      - {at: 1, name: A, type: u16}\n"),
       "yaml:8:23: 'A' is here twice"},
      {with_points("      - {at: 0, name: A, type: u16, sf: A_FS}\n      - {at: 1, name: A_SF, type: sf, value: 0}\n"),
       "yaml:7:41: 'A_FS' is no scale factor of this block, nearest: 'A_SF'"},
      {with_points("      - {at: 0, name: A, type: u16, sf: A_SF}\n      - {at: 1, name: A_SF, type: sf}\n"),
       "yaml:7:41: 'A_SF' has no value"},
      {with_points("      - {at: 1, name: A_SF, type: sf, value: 11}\n"),
       "yaml:7:46: found 11, expected a power of ten"},
      {with_points("      - {at: 0, name: A, type: string}\n"), "yaml:7:9: key 'size' is missing"},
      {with_points("      - {at: 0, name: A, type: u16, quantity: id.model}\n"),
       "yaml:7:32: id.model is a text, expected type string"},
      {with_points("      - {at: 0, name: A, type: u16, quantity: ac.power, access: rw}\n"),
       "yaml:7:65: nothing takes this write"},
      {with_points("      - {at: 0, name: A, type: u16, write: {min: 0}}\n"),
       "yaml:7:44: a point with access r has no write rule"},
      {with_points("      - {at: 0, name: A, type: enum16, quantity: suppression, enum: {1: nonne}}\n"),
       "yaml:7:73: 'nonne' is no word of suppression, nearest: 'none'"},
      {with_points("      - {at: 0, name: A, type: enum16, quantity: suppression, enum: {1: none, 2: other}}\n"),
       "yaml:7:69: 'output_control' of suppression has no raw value"},
      {with_points("      - {at: 0, name: A, type: u16, quantity: cmd.power_limit, access: rw, write: {revert: B}}\n"),
       "yaml:7:92: 'B' is no point of this block"},
  };
  for (const auto& [yaml, message] : refusals) EXPECT_THAT(refusal_of(yaml), HasSubstr(message)) << yaml;
}

}  // namespace
}  // namespace v2x::core
