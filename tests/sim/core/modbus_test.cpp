// Real frames: a libmodbus master, or bare bytes, against the responder on a bus in virtual time.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <modbus/modbus.h>

#include <set>

#include "tests/sim/core/bus_fixture.hpp"

namespace v2x::core {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
class Lockstep : public BusFixture {};

TEST_F(Lockstep, ALibmodbusMasterReadsAndWrites) {
  device.set("ac.power", 4321);
  modbus_t* const master = modbus_new_tcp("127.0.0.1", 0);
  modbus_set_slave(master, 1);
  modbus_set_socket(master, port.fd());
  const auto raw = [&](Bytes bytes) {
    ASSERT_GT(modbus_send_raw_request(master, bytes.data(), static_cast<int>(bytes.size())), 0);
    port.request_sent();
    scheduler.run();
  };
  std::uint8_t reply[MODBUS_TCP_MAX_ADU_LENGTH];
  raw({1, 3, 0x9C, 0x94, 0, 1});  // 101.W at 40084
  ASSERT_EQ(modbus_receive_confirmation(master, reply), 11);
  EXPECT_EQ(reply[9] << 8 | reply[10], 4321);
  raw({1, 6, 0x9D, 0x29, 0, 40});  // 123.WMaxLimPct at 40233
  ASSERT_EQ(modbus_receive_confirmation(master, reply), 12);
  EXPECT_THAT(device.written, ElementsAre("cmd.power_limit"));
  raw({1, 16, 0x9D, 0x29, 0, 2, 4, 0, 50, 0, 0});
  ASSERT_EQ(modbus_receive_confirmation(master, reply), 12);
  EXPECT_EQ(device.table.number(device.table.slot("cmd.power_limit")), 50);
  modbus_free(master);
}

TEST_F(Lockstep, RepliesCarryTheTransactionOfTheirRequest) {
  const Bytes adu = request(1, {3, 0x9C, 0x40, 0, 2});
  ASSERT_EQ(::send(port.fd(), adu.data(), adu.size(), 0), static_cast<ssize_t>(adu.size()));
  port.request_sent();
  scheduler.run();
  Bytes reply(kLongestAdu);
  reply.resize(static_cast<size_t>(::recv(port.fd(), reply.data(), reply.size(), MSG_DONTWAIT)));
  EXPECT_THAT(reply, ElementsAre(0x12, 0x34, 0, 0, 0, 7, 1, 3, 4, 0x53, 0x75, 0x6E, 0x53));
}

TEST_F(Lockstep, BothReadFunctionsAnswerAlike) {
  EXPECT_EQ(exchange(request(1, {3, 0x9C, 0x40, 0, 4}))[9], 66);
  const Bytes input = exchange(request(1, {4, 0x9C, 0x40, 0, 4}));
  EXPECT_EQ(input[0], 4);
  EXPECT_EQ(input[9], 66);
}

TEST_F(Lockstep, RepliesTake5To30MillisecondsOfVirtualTimeAndTheSameAgainWithTheSameSeed) {
  std::vector<Duration> turnarounds;
  for (int i = 0; i < 50; ++i) {
    const Time sent = scheduler.now();
    exchange(request(1, {3, 0x9C, 0x40, 0, 2}));
    turnarounds.push_back(reply_times.back() - sent);
    EXPECT_GE(turnarounds.back(), 5ms);
    EXPECT_LE(turnarounds.back(), 30ms);
  }
  const std::set<Duration> different(turnarounds.begin(), turnarounds.end());
  EXPECT_GT(different.size(), 40u);
  EXPECT_LT(*different.begin(), 10ms);
  EXPECT_GT(*different.rbegin(), 25ms);
  Turnaround same(1, "home.gateway"), other(2, "home.gateway");
  EXPECT_EQ(same.next(1), turnarounds[0]);
  EXPECT_EQ(same.next(1), turnarounds[1]);
  EXPECT_NE(other.next(1), turnarounds[0]);
}

TEST(Turnaround, OfAUnitDoesNotDependOnTheOtherUnits) {
  Turnaround alone(7, "home.gateway"), busy(7, "home.gateway");
  for (int i = 0; i < 3; ++i) busy.next(2);
  EXPECT_EQ(busy.next(1), alone.next(1));
}

TEST_F(Lockstep, MemoryIsReadWhenTheReplyStarts) {
  device.set("ac.power", 1);
  const Bytes adu = request(1, {3, 0x9C, 0x94, 0, 1});
  ASSERT_GT(::send(port.fd(), adu.data(), adu.size(), 0), 0);
  port.request_sent();
  device.set("ac.power", 2);
  scheduler.run();
  EXPECT_THAT(receive_pdu(port.fd()), ElementsAre(3, 2, 0, 2));
}

TEST_F(Lockstep, HalfARequestWaitsForItsOtherHalf) {
  const Bytes adu = request(1, {3, 0x9C, 0x40, 0, 2});
  ASSERT_EQ(::send(port.fd(), adu.data(), 5, 0), 5);
  port.request_sent();
  scheduler.run();
  EXPECT_TRUE(reply_times.empty());
  EXPECT_EQ(exchange(Bytes(adu.begin() + 5, adu.end())), (Bytes{3, 4, 0x53, 0x75, 0x6E, 0x53}));
}

TEST_F(Lockstep, UnknownAndSilentUnitsDoNotReply) {
  EXPECT_EQ(exchange(request(9, {3, 0x9C, 0x40, 0, 2})), Bytes{});
  device.set("bus.silent", 1);
  EXPECT_EQ(exchange(request(1, {3, 0x9C, 0x40, 0, 2})), Bytes{});
  device.set("bus.silent", 0);
  EXPECT_EQ(exchange(request(1, {3, 0x9C, 0x40, 0, 2})).size(), 6u);
}

TEST_F(Lockstep, ABrokenFrameClosesTheConnection) {
  Bytes adu = request(1, {3, 0x9C, 0x40, 0, 2});
  adu[3] = 1;  // protocol
  EXPECT_EQ(exchange(adu), Bytes{});
  EXPECT_EQ(exchange(request(1, {3, 0x9C, 0x40, 0, 2})).size(), 6u) << "a new connection is another start";
}

TEST_F(Lockstep, APortThatIsGoneLeavesNothingToRun) {
  auto second = std::make_unique<LockstepPort>(line);
  const Bytes adu = request(1, {6, 0x9D, 0x29, 0, 40});
  ASSERT_GT(::send(second->fd(), adu.data(), adu.size(), 0), 0);
  second->request_sent();
  second.reset();
  scheduler.run();
  EXPECT_TRUE(device.written.empty());
}

/// With an otherwise right frame around each.
TEST_F(Lockstep, DEV_25_refused_requests_name_their_reason_and_change_nothing) {
  struct Refusal {
    const char* why;
    Bytes pdu;
    int exception;
  };
  const std::vector<Refusal> refusals{{"function 1", {1, 0x9C, 0x40, 0, 1}, 1},
                                      {"function 43", {43, 14, 1, 0}, 1},
                                      {"126 registers", {3, 0x9C, 0x40, 0, 126}, 3},
                                      {"no registers", {3, 0x9C, 0x40, 0, 0}, 3},
                                      {"count before range", {3, 0, 0, 0, 126}, 3},
                                      {"past the end", {3, 0x9E, 0x95, 0, 2}, 2},
                                      {"before the chain", {4, 0x9C, 0x3F, 0, 1}, 2},
                                      {"a read with bytes behind it", {3, 0x9C, 0x40, 0, 1, 0}, 3},
                                      {"a write without its value", {6, 0x9D, 0x29}, 3},
                                      {"half of ControllerHb", {6, 0x9E, 0x6C, 0, 1}, 3},
                                      {"a measured value written", {6, 0x9C, 0x94, 0, 1}, 2},
                                      {"WMaxLimPct 101", {6, 0x9D, 0x29, 0, 101}, 3},
                                      {"byte count that does not match", {16, 0x9D, 0x29, 0, 1, 4, 0, 50, 0, 0}, 3},
                                      {"byte count beyond the frame", {16, 0x9D, 0x29, 0, 1, 2, 0}, 3},
                                      {"124 registers written", {16, 0x9D, 0x29, 0, 124, 248, 0, 0}, 3},
                                      {"a group with one bad value", {16, 0x9D, 0x29, 0, 2, 4, 0, 50, 0xFF, 0xFF}, 3}};
  for (const Refusal& refusal : refusals)
    EXPECT_EQ(exchange(request(1, refusal.pdu)),
              (Bytes{static_cast<std::uint8_t>(refusal.pdu[0] | 0x80), static_cast<std::uint8_t>(refusal.exception)}))
        << refusal.why;
  EXPECT_TRUE(device.written.empty());
  device.verdict = ModbusException::device_failure;  // local
  EXPECT_EQ(exchange(request(1, {6, 0x9D, 0x29, 0, 50})), (Bytes{0x86, 4}));
}

TEST_F(Lockstep, TheLargestReadAndTheLargestWriteFit) {
  const Bytes reply = exchange(request(1, {3, 0x9C, 0x40, 0, 125}));
  EXPECT_EQ(reply.size(), 2u + 250u);
  Bytes write{16, 0x9C, 0x86, 0, 123, 246};
  write.resize(6 + 246);
  EXPECT_EQ(exchange(request(1, write)), (Bytes{0x90, 2})) << "whole, and refused for its read-only points";
}

}  // namespace
}  // namespace v2x::core
