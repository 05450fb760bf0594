// Modbus RTU in virtual time: frames, addresses and the time that a serial line takes.
#include <gtest/gtest.h>

#include "tests/sim/core/bus_fixture.hpp"

namespace v2x::core {
namespace {

using namespace std::chrono_literals;

BusOptions rtu() {
  BusOptions bus;
  bus.framing = Framing::rtu;
  bus.turnaround_least = bus.turnaround_most = 50ms;
  return bus;
}

class Rtu : public BusFixture {
 protected:
  Rtu() : BusFixture(rtu()) {}

  static const Bytes kReadHead;
};
const Bytes Rtu::kReadHead = rtu_request(1, {3, 0x9C, 0x40, 0, 2});

TEST(Crc16, IsThatOfTheStandardsExample) {
  const Bytes frame{0x02, 0x07};  // Modbus over Serial Line V1.02 §6.2.2: CRC 0x1241
  EXPECT_EQ(crc16(frame), 0x1241);
}

TEST_F(Rtu, AReplyHasAddressPduAndCrc) {
  Bytes expected{1, 3, 4, 0x53, 0x75, 0x6E, 0x53, 0, 0};
  renew_crc(expected);
  EXPECT_EQ(exchange_adu(kReadHead), expected);
}

TEST_F(Rtu, DEV_23_a_125_register_read_at_9600_8N1_takes_274_ms_and_turn_around_and_two_gaps) {
  const Time sent = scheduler.now();
  EXPECT_EQ(exchange_adu(rtu_request(1, {3, 0x9C, 0x40, 0, 125})).size(), 255u);
  constexpr Duration kGap = 3645us;  // 3.5 characters of 10 bits
  const Duration took = reply_times.at(0) - sent;
  EXPECT_NEAR(static_cast<double>(took.count()), static_cast<double>((273958us + 50ms + 2 * kGap).count()), 5.0);
}

TEST_F(Rtu, ElevenBitCharactersTakeLonger) {
  SerialFormat format;
  format.parity = 'E';
  EXPECT_EQ(format.bits_per_character(), 11);
  EXPECT_EQ(format.wire_time(96), 110ms);
  format.baud = 38400;
  EXPECT_EQ(format.frame_gap(), 1750us);
}

TEST_F(Rtu, ABadCrcAndAForeignAddressStaySilent) {
  Bytes bad = kReadHead;
  bad.back() = static_cast<std::uint8_t>(bad.back() ^ 1);
  EXPECT_EQ(exchange_adu(bad), Bytes{});
  EXPECT_EQ(exchange_adu(rtu_request(2, {3, 0x9C, 0x40, 0, 2})), Bytes{});
  EXPECT_EQ(exchange_adu(kReadHead).size(), 9u);
}

TEST_F(Rtu, HalfAFrameIsForgottenInTheSilenceBehindIt) {
  EXPECT_EQ(exchange_adu(Bytes(kReadHead.begin(), kReadHead.begin() + 5)), Bytes{});
  EXPECT_EQ(exchange_adu(kReadHead).size(), 9u);
}

TEST_F(Rtu, AnUnknownFunctionIsRefused) {
  EXPECT_EQ(exchange_adu(rtu_request(1, {43, 14, 1, 0}))[1], 43 | 0x80);
  EXPECT_EQ(exchange_adu(rtu_request(1, {1, 0x9C, 0x40, 0, 1}))[2], 1);
}

TEST_F(Rtu, ABroadcastIsExecutedAndNotAnswered) {
  EXPECT_EQ(exchange_adu(rtu_request(0, {6, 0x9D, 0x29, 0, 40})), Bytes{});
  EXPECT_EQ(device.written, (std::vector<std::string>{"cmd.power_limit"}));
  EXPECT_EQ(exchange_adu(rtu_request(0, {6, 0x9C, 0x94, 0, 1})), Bytes{}) << "nor is its refusal";
  EXPECT_EQ(exchange_adu(kReadHead).size(), 9u) << "and nothing of it is left on the line";
}

TEST_F(Rtu, ALateReplyThatWouldCollideIsDropped) {
  const auto fault = contracts::BusFault::parse({{"kind", "late"}, {"ms", 3}, {"count", 1}});
  ASSERT_TRUE(conduct.inject(*fault, {}, {}));
  send(kReadHead);
  scheduler.run_to(scheduler.now() + 2s);
  EXPECT_TRUE(reply_times.empty());
  send(kReadHead);
  scheduler.run();
  EXPECT_EQ(reply_times.size(), 1u);
}

TEST_F(Rtu, ALineThatLosesBytesAnswersLess) {
  const auto fault = contracts::BusFault::parse({{"kind", "drop_bytes"}, {"rate", 0.05}});
  ASSERT_TRUE(conduct.inject(*fault, {}, {}));
  int whole = 0;
  for (int i = 0; i < 100; ++i) whole += exchange_adu(kReadHead).size() == 9 ? 1 : 0;
  EXPECT_GT(whole, 20);
  EXPECT_LT(whole, 70) << "0.95 to the power of 17 is 0.42";
}

}  // namespace
}  // namespace v2x::core
