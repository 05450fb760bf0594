// Physical values become registers and come back: rounding, saturation, sentinels, wrap, word order.
#include "sim/core/register_codec.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace v2x::core {
namespace {

using testing::ElementsAre;
using Registers = std::vector<std::uint16_t>;

Point make_point(PointType type, int scale = 0) {
  Point point;
  point.type = type;
  point.size = facts(type).registers;
  point.scale = scale;
  point.absent_raw = facts(type).absent;
  return point;
}

Registers encoded(const Point& point, const PointValue& value) {
  Registers registers(point.size);
  RegisterMap::encode(point, value, registers);
  return registers;
}

double through_registers(const Point& point, double value) {
  return std::get<double>(RegisterMap::decode(point, encoded(point, value)));
}

TEST(RegisterCodec, EveryTypeGivesBackWhatItTook) {
  const std::vector<std::pair<PointType, std::vector<double>>> values{
      {PointType::u16, {0, 1, 65534}},
      {PointType::s16, {-32767, -1, 0, 32767}},
      {PointType::u32, {0, 65536, 4294967294}},
      {PointType::s32, {-2147483647, -1, 2147483647}},
      {PointType::u64, {0, 9007199254740992}},
      {PointType::s64, {-9007199254740992, 9007199254740992}},
      {PointType::f32, {-1.5, 0, 101.25}},
      {PointType::acc32, {0, 4294967295}},
      {PointType::acc64, {0, 9007199254740992}},
      {PointType::enum16, {0, 8}},
      {PointType::bits16, {0, 0x8001}},
      {PointType::bits32, {0, 0x80010000}},
      {PointType::sf, {-10, 10}}};
  for (const auto& [type, list] : values)
    for (const double value : list) EXPECT_EQ(through_registers(make_point(type), value), value) << facts(type).name;
}

TEST(RegisterCodec, AbsentIsTheSentinelOfTheType) {
  EXPECT_THAT(encoded(make_point(PointType::u16), {}), ElementsAre(0xFFFF));
  EXPECT_THAT(encoded(make_point(PointType::s16), {}), ElementsAre(0x8000));
  EXPECT_THAT(encoded(make_point(PointType::u32), {}), ElementsAre(0xFFFF, 0xFFFF));
  EXPECT_THAT(encoded(make_point(PointType::s32), {}), ElementsAre(0x8000, 0));
  EXPECT_THAT(encoded(make_point(PointType::u64), {}), ElementsAre(0xFFFF, 0xFFFF, 0xFFFF, 0xFFFF));
  EXPECT_THAT(encoded(make_point(PointType::s64), {}), ElementsAre(0x8000, 0, 0, 0));
  EXPECT_THAT(encoded(make_point(PointType::f32), {}), ElementsAre(0x7FC0, 0));
  EXPECT_THAT(encoded(make_point(PointType::acc32), {}), ElementsAre(0, 0));
  EXPECT_THAT(encoded(make_point(PointType::enum16), {}), ElementsAre(0xFFFF));
  EXPECT_THAT(encoded(make_point(PointType::bits32), {}), ElementsAre(0xFFFF, 0xFFFF));
  EXPECT_THAT(encoded(make_point(PointType::sf), {}), ElementsAre(0x8000));
}

TEST(RegisterCodec, SentinelsDecodeAsAbsentButACountersZeroIsZero) {
  for (const auto type : {PointType::u16, PointType::s16, PointType::u32, PointType::s32, PointType::u64,
                          PointType::s64, PointType::f32, PointType::enum16, PointType::bits16, PointType::bits32}) {
    const Point point = make_point(type);
    EXPECT_TRUE(std::holds_alternative<std::monostate>(RegisterMap::decode(point, encoded(point, {}))))
        << facts(type).name;
  }
  EXPECT_EQ(through_registers(make_point(PointType::acc32), 0), 0.0);
}

TEST(RegisterCodec, RoundsHalfAwayFromZeroAndCountersDown) {
  EXPECT_EQ(through_registers(make_point(PointType::s16), 2.5), 3.0);
  EXPECT_EQ(through_registers(make_point(PointType::s16), -2.5), -3.0);
  EXPECT_EQ(through_registers(make_point(PointType::u16, -1), 101.25), 101.3);
  EXPECT_EQ(through_registers(make_point(PointType::u16, 1), 39004), 39000.0);
  EXPECT_EQ(through_registers(make_point(PointType::acc32), 99.999), 99.0);
  Point counter = make_point(PointType::u64);
  counter.round_down = true;
  EXPECT_EQ(through_registers(counter, 99.999), 99.0);
}

TEST(RegisterCodec, SaturatesShortOfTheSentinel) {
  constexpr double kHuge = 1e30;
  EXPECT_THAT(encoded(make_point(PointType::u16), kHuge), ElementsAre(0xFFFE));
  EXPECT_THAT(encoded(make_point(PointType::u16), -1.0), ElementsAre(0));
  EXPECT_THAT(encoded(make_point(PointType::s16), kHuge), ElementsAre(0x7FFF));
  EXPECT_THAT(encoded(make_point(PointType::s16), -kHuge), ElementsAre(0x8001));
  EXPECT_THAT(encoded(make_point(PointType::s16), -32768.0), ElementsAre(0x8001));
  EXPECT_THAT(encoded(make_point(PointType::u32), kHuge), ElementsAre(0xFFFF, 0xFFFE));
  EXPECT_THAT(encoded(make_point(PointType::s64), -kHuge), ElementsAre(0x8000, 0, 0, 1));
  EXPECT_THAT(encoded(make_point(PointType::u64), kHuge), ElementsAre(0xFFFF, 0xFFFF, 0xFFFF, 0xFFFE));
  EXPECT_THAT(encoded(make_point(PointType::u16), std::numeric_limits<double>::quiet_NaN()), ElementsAre(0xFFFF));
}

TEST(RegisterCodec, NeverGivesASentinelOfTheMapsOwn) {
  Point point = make_point(PointType::u16);
  point.absent_raw = 0;
  EXPECT_THAT(encoded(point, 0.0), ElementsAre(1));
  EXPECT_THAT(encoded(point, {}), ElementsAre(0));
}

TEST(RegisterCodec, Acc32WrapsToZero) {
  const Point point = make_point(PointType::acc32);
  EXPECT_THAT(encoded(point, 4294967295.0), ElementsAre(0xFFFF, 0xFFFF));
  EXPECT_THAT(encoded(point, 4294967296.0), ElementsAre(0, 0));
  EXPECT_THAT(encoded(point, 4294967297.5), ElementsAre(0, 1));
}

TEST(RegisterCodec, WordOrderTurnsWordsNotBytes) {
  Point point = make_point(PointType::u32);
  EXPECT_THAT(encoded(point, double{0x12345678}), ElementsAre(0x1234, 0x5678));
  point.little_words = true;
  EXPECT_THAT(encoded(point, double{0x12345678}), ElementsAre(0x5678, 0x1234));
  EXPECT_EQ(through_registers(point, 0x12345678), 0x12345678);
}

TEST(RegisterCodec, TextsAreTwoCharactersARegisterAndNulPadded) {
  Point point = make_point(PointType::string);
  point.size = 3;
  EXPECT_THAT(encoded(point, "E1-1"), ElementsAre(0x4531, 0x2D31, 0));
  EXPECT_EQ(std::get<std::string>(RegisterMap::decode(point, encoded(point, "E1-1"))), "E1-1");
  EXPECT_EQ(std::get<std::string>(RegisterMap::decode(point, encoded(point, "too long"))), "too lo");
  EXPECT_THAT(encoded(point, "abcde漢"), ElementsAre(0x6162, 0x6364, 0x6500)) << "no half characters";
  EXPECT_TRUE(std::holds_alternative<std::monostate>(RegisterMap::decode(point, encoded(point, {}))));
}

}  // namespace
}  // namespace v2x::core
