// Real frames: a libmodbus master, or bare bytes, against the responder on a lockstep port and on the TCP server.
#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <modbus/modbus.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <map>
#include <set>

#include "common/bad_input.hpp"
#include "sim/core/lockstep_port.hpp"
#include "sim/core/modbus_tcp_server.hpp"
#include "sim/core/published_unit.hpp"
#include "sim/core/register_image.hpp"
#include "tests/sim/core/fake_device.hpp"

namespace v2x::core {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using Bytes = std::vector<std::uint8_t>;

constexpr int kDeadlineMs = 5000;  // only a broken build waits that long

/// Virtual time for one test: runs acts in the order of their instants.
class TestScheduler final : public Scheduler {
 public:
  Time now() const override { return now_; }
  void at(Time t, std::function<void()> act) override { acts_.emplace(std::max(t, now_), std::move(act)); }
  void run() {
    while (!acts_.empty()) {
      auto next = acts_.extract(acts_.begin());
      now_ = next.key();
      next.mapped()();
    }
  }

 private:
  Time now_{};
  std::multimap<Time, std::function<void()>> acts_;
};

Bytes request(std::uint8_t unit, Bytes pdu) {
  Bytes adu{0x12, 0x34, 0, 0, 0, static_cast<std::uint8_t>(pdu.size() + 1), unit};
  adu.insert(adu.end(), pdu.begin(), pdu.end());
  return adu;
}

/// The next reply on `fd` without its MBAP header; empty when the peer closed.
Bytes receive_pdu(int fd) {
  pollfd wait{fd, POLLIN, 0};
  if (::poll(&wait, 1, kDeadlineMs) != 1) return {0xEE};
  Bytes adu(kLongestAdu);
  const auto size = ::recv(fd, adu.data(), adu.size(), 0);
  if (size <= static_cast<ssize_t>(kMbapSize)) return {};
  adu.resize(static_cast<size_t>(size));
  return {adu.begin() + kMbapSize, adu.end()};
}

class Lockstep : public testing::Test {
 protected:
  Lockstep() {
    responder.add(1, image);
    port.on_reply_pending([this] { reply_times.push_back(scheduler.now()); });
  }

  /// Sends, lets virtual time run, and gives the reply's PDU; empty when there is none.
  Bytes exchange(const Bytes& adu) {
    EXPECT_EQ(::send(port.fd(), adu.data(), adu.size(), 0), static_cast<ssize_t>(adu.size()));
    const size_t before = reply_times.size();
    port.request_sent();
    scheduler.run();
    return reply_times.size() == before ? Bytes{} : receive_pdu(port.fd());
  }

  FakeDevice device{"pv_pcs"};
  RegisterImage image{shipped_map("sunspec-pv"), device};
  TestScheduler scheduler;
  ModbusResponder responder;
  LockstepPort port{scheduler, responder, Turnaround(1, "home.gateway")};
  std::vector<Time> reply_times;
};

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
  EXPECT_EQ(port.fd(), -1);
}

TEST_F(Lockstep, APortThatIsGoneLeavesNothingToRun) {
  auto second = std::make_unique<LockstepPort>(scheduler, responder, Turnaround(1, "other"));
  const Bytes adu = request(1, {6, 0x9D, 0x29, 0, 40});
  ASSERT_GT(::send(second->fd(), adu.data(), adu.size(), 0), 0);
  second->request_sent();
  second.reset();
  scheduler.run();
  EXPECT_TRUE(device.written.empty());
}

/// DEV-25: the exception of each refused request, with an otherwise right frame around it.
TEST_F(Lockstep, RefusedRequestsNameTheirReason) {
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

// ---- on the wall clock --------------------------------------------------------------------------------------

class TcpServer : public testing::Test {
 protected:
  TcpServer() {
    device.set("ac.power", 777);
    unit.publish(image.snapshot());
  }

  std::unique_ptr<ModbusTcpServer> serve(ModbusTcpServer::Options options = {}) {
    return std::make_unique<ModbusTcpServer>(options, std::vector<ModbusTcpServer::Unit>{{1, &unit}});
  }

  static Socket connect_to(const ModbusTcpServer& server) {
    Socket client(::socket(AF_INET, SOCK_STREAM, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(server.port());
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::connect(client.fd(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    return client;
  }

  static Bytes exchange(const Socket& client, const Bytes& adu) {
    EXPECT_EQ(::send(client.fd(), adu.data(), adu.size(), MSG_NOSIGNAL), static_cast<ssize_t>(adu.size()));
    return receive_pdu(client.fd());
  }

  const Bytes read_power = request(1, {3, 0x9C, 0x94, 0, 1});
  const Bytes power_777{3, 2, 0x03, 0x09};

  FakeDevice device{"pv_pcs"};
  RegisterImage image{shipped_map("sunspec-pv"), device};
  PublishedUnit unit{shipped_map("sunspec-pv"), [this](std::uint16_t first, std::span<const std::uint16_t> values) {
                       return image.write(first, values);
                     }};
};

TEST_F(TcpServer, ALibmodbusMasterWalksTheChain) {
  const auto server = serve();
  modbus_t* const master = modbus_new_tcp("127.0.0.1", server->port());
  modbus_set_slave(master, 1);
  ASSERT_EQ(modbus_connect(master), 0) << modbus_strerror(errno);
  std::vector<int> models;
  std::uint16_t head[2] = {};
  for (int address = 40002; head[0] != 0xFFFF && models.size() < 20; address += 2 + head[1]) {
    ASSERT_EQ(modbus_read_registers(master, address, 2, head), 2) << modbus_strerror(errno);
    models.push_back(head[0]);
  }
  EXPECT_THAT(models, ElementsAre(1, 101, 120, 121, 122, 123, 160, 701, 702, 715, 64900, 0xFFFF));
  EXPECT_EQ(modbus_write_register(master, 40233, 30), 1);
  EXPECT_THAT(device.written, ElementsAre("cmd.power_limit"));
  EXPECT_EQ(modbus_write_register(master, 40233, 101), -1);
  EXPECT_EQ(errno, EMBXILVAL);
  modbus_close(master);
  modbus_free(master);
}

TEST_F(TcpServer, AnswersFromTheLastSnapshot) {
  const auto server = serve();
  const Socket client = connect_to(*server);
  EXPECT_EQ(exchange(client, read_power), power_777);
  device.set("ac.power", 5);
  EXPECT_EQ(exchange(client, read_power), power_777) << "not published yet";
  unit.publish(image.snapshot());
  EXPECT_EQ(exchange(client, read_power), (Bytes{3, 2, 0, 5}));
}

TEST_F(TcpServer, RequestsMayComeInPiecesOrTogether) {
  const auto server = serve();
  const Socket client = connect_to(*server);
  Bytes two = request(9, {3, 0x9C, 0x94, 0, 1});  // of an unknown unit: swallowed
  two.insert(two.end(), read_power.begin(), read_power.end());
  for (const std::uint8_t byte : two) ASSERT_EQ(::send(client.fd(), &byte, 1, MSG_NOSIGNAL), 1);
  EXPECT_EQ(receive_pdu(client.fd()), power_777);
}

TEST_F(TcpServer, ASilentUnitIsDeafAndComesBack) {
  const auto server = serve();
  const Socket client = connect_to(*server);
  unit.publish({});
  ASSERT_GT(::send(client.fd(), read_power.data(), read_power.size(), MSG_NOSIGNAL), 0);
  const Socket witness = connect_to(*server);
  ASSERT_EQ(exchange(witness, Bytes{0, 0, 0, 9, 0, 2, 1, 3}), Bytes{})
      << "closed, so the first request was handled, too";
  unit.publish(image.snapshot());
  EXPECT_EQ(exchange(client, read_power), power_777);
}

TEST_F(TcpServer, OneConnectionMoreIsAcceptedAndClosed) {
  const auto server = serve({.port = 0, .max_connections = 1});
  const Socket first = connect_to(*server);
  EXPECT_EQ(exchange(first, read_power), power_777);
  const Socket second = connect_to(*server);
  EXPECT_EQ(receive_pdu(second.fd()), Bytes{});
  EXPECT_EQ(exchange(first, read_power), power_777);
}

TEST_F(TcpServer, BytesThatAreNoFrameCloseTheConnection) {
  const auto server = serve();
  const Socket client = connect_to(*server);
  EXPECT_EQ(exchange(client, {0, 1, 0, 0, 1, 0, 1, 3}), Bytes{}) << "length 256";
}

TEST_F(TcpServer, AnIdleConnectionIsClosed) {
  const auto server = serve({.port = 0, .max_connections = 4, .idle = 1ms});
  const Socket client = connect_to(*server);
  EXPECT_EQ(receive_pdu(client.fd()), Bytes{});
}

TEST_F(TcpServer, ATakenPortIsABadStart) {
  const auto server = serve();
  EXPECT_THROW(serve({.port = server->port()}), BadInput);
}

}  // namespace
}  // namespace v2x::core
