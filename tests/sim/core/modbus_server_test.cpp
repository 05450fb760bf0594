// Modbus on the wall clock: real masters on TCP and on a pseudo-terminal against the server.
#include "sim/core/modbus_server.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <modbus/modbus.h>
#include <netinet/in.h>
#include <unistd.h>

#include "common/bad_input.hpp"
#include "sim/core/published_unit.hpp"
#include "tests/sim/core/bus_fixture.hpp"

namespace v2x::core {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

const Bytes kReadPower = request(1, {3, 0x9C, 0x94, 0, 1});
const Bytes kPower777{3, 2, 0x03, 0x09};

class TcpServer : public testing::Test {
 protected:
  TcpServer() {
    device.set("ac.power", 777);
    unit.publish(image.snapshot());
  }

  /// Without turn-around: nobody waits for a wall clock here.
  static BusOptions at_once(Framing framing = Framing::tcp) {
    BusOptions bus;
    bus.framing = framing;
    bus.turnaround_least = bus.turnaround_most = Duration(0);
    bus.charge_wire = false;
    return bus;
  }
  /// The port.
  std::uint16_t serve(const TcpEndpoint::Options& options = {}, const BusOptions& bus = at_once()) {
    const std::uint16_t port = server.add_tcp(options, bus, {{1, &unit, &conduct}});
    server.start();
    return port;
  }
  void inject(const char* json) {
    const auto fault = contracts::BusFault::parse(nlohmann::json::parse(json));
    ASSERT_TRUE(fault) << fault.error().message;
    ASSERT_TRUE(conduct.inject(*fault, {}, image.snapshot()));
  }

  static Socket connect_to(std::uint16_t port) {
    Socket client(::socket(AF_INET, SOCK_STREAM, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::connect(client.fd(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    return client;
  }

  static Bytes exchange(const Socket& client, const Bytes& adu) {
    EXPECT_EQ(::send(client.fd(), adu.data(), adu.size(), MSG_NOSIGNAL), static_cast<ssize_t>(adu.size()));
    return receive_pdu(client.fd());
  }

  FakeDevice device{"pv_pcs"};
  RegisterImage image{shipped_map("sunspec-pv"), device};
  PublishedUnit unit{shipped_map("sunspec-pv"), [this](std::uint16_t first, std::span<const std::uint16_t> values) {
                       return image.write(first, values);
                     }};
  UnitConduct conduct{shipped_map("sunspec-pv"), {{}, 1, "home.pcs1", [] { return Time(); }}};
  ModbusServer server;
};

/// devices.md §6.2: ID and length of each model of a PV unit, and the end.
using Chain = std::vector<std::pair<int, int>>;
const Chain kPvChain{{1, 66},   {101, 50},  {120, 26}, {121, 30}, {122, 44},   {123, 24},
                     {160, 88}, {701, 153}, {702, 50}, {715, 7},  {64900, 34}, {0xFFFF, 0}};

Chain walk(modbus_t* master) {
  Chain chain;
  for (int address = 40002; chain.size() < 2 * kPvChain.size(); address += 2 + chain.back().second) {
    std::uint16_t head[2] = {};
    if (modbus_read_registers(master, address, 2, head) != 2) break;
    chain.emplace_back(head[0], head[1]);
    if (head[0] == 0xFFFF) break;
  }
  return chain;
}

TEST_F(TcpServer, DEV_23_a_libmodbus_master_walks_the_chain_and_writes) {
  const std::uint16_t port = serve();
  modbus_t* const master = modbus_new_tcp("127.0.0.1", port);
  modbus_set_slave(master, 1);
  ASSERT_EQ(modbus_connect(master), 0) << modbus_strerror(errno);
  EXPECT_EQ(walk(master), kPvChain);
  EXPECT_EQ(modbus_write_register(master, 40233, 30), 1);
  EXPECT_THAT(device.written, ElementsAre("cmd.power_limit"));
  EXPECT_EQ(modbus_write_register(master, 40233, 101), -1);
  EXPECT_EQ(errno, EMBXILVAL);
  modbus_close(master);
  modbus_free(master);
}

TEST_F(TcpServer, AnswersFromTheLastSnapshot) {
  const std::uint16_t port = serve();
  const Socket client = connect_to(port);
  EXPECT_EQ(exchange(client, kReadPower), kPower777);
  device.set("ac.power", 5);
  EXPECT_EQ(exchange(client, kReadPower), kPower777) << "not published yet";
  unit.publish(image.snapshot());
  EXPECT_EQ(exchange(client, kReadPower), (Bytes{3, 2, 0, 5}));
}

TEST_F(TcpServer, RequestsMayComeInPiecesOrTogether) {
  const std::uint16_t port = serve();
  const Socket client = connect_to(port);
  Bytes two = request(9, {3, 0x9C, 0x94, 0, 1});  // of an unknown unit: swallowed
  two.insert(two.end(), kReadPower.begin(), kReadPower.end());
  for (const std::uint8_t byte : two) ASSERT_EQ(::send(client.fd(), &byte, 1, MSG_NOSIGNAL), 1);
  EXPECT_EQ(receive_pdu(client.fd()), kPower777);
}

TEST_F(TcpServer, ASilentUnitIsDeafAndComesBack) {
  const std::uint16_t port = serve();
  const Socket client = connect_to(port);
  unit.publish({});
  ASSERT_GT(::send(client.fd(), kReadPower.data(), kReadPower.size(), MSG_NOSIGNAL), 0);
  const Socket witness = connect_to(port);
  ASSERT_EQ(exchange(witness, Bytes{0, 0, 0, 9, 0, 2, 1, 3}), Bytes{})
      << "closed, so the first request was handled, too";
  unit.publish(image.snapshot());
  EXPECT_EQ(exchange(client, kReadPower), kPower777);
}

TEST_F(TcpServer, OneConnectionMoreIsAcceptedAndClosed) {
  const std::uint16_t port = serve({.port = 0, .max_connections = 1});
  const Socket first = connect_to(port);
  EXPECT_EQ(exchange(first, kReadPower), kPower777);
  const Socket second = connect_to(port);
  EXPECT_EQ(receive_pdu(second.fd()), Bytes{});
  EXPECT_EQ(exchange(first, kReadPower), kPower777);
}

TEST_F(TcpServer, BytesThatAreNoFrameCloseTheConnection) {
  const std::uint16_t port = serve();
  const Socket client = connect_to(port);
  EXPECT_EQ(exchange(client, {0, 1, 0, 0, 1, 0, 1, 3}), Bytes{}) << "length 256";
}

TEST_F(TcpServer, AnIdleConnectionIsClosed) {
  const std::uint16_t port = serve({.port = 0, .max_connections = 4, .idle = 1ms});
  const Socket client = connect_to(port);
  EXPECT_EQ(receive_pdu(client.fd()), Bytes{});
}

TEST_F(TcpServer, ATakenPortIsABadStart) {
  const std::uint16_t port = serve();
  ModbusServer second;
  EXPECT_THROW(second.add_tcp({.port = port}, at_once(), {}), BadInput);
}

TEST_F(TcpServer, RequestsDuringASlowStartAreSwallowed) {
  BusOptions bus = at_once();
  bus.silent_after_connect = 1h;
  const std::uint16_t port = serve({}, bus);
  const Socket client = connect_to(port);
  ASSERT_GT(::send(client.fd(), kReadPower.data(), kReadPower.size(), MSG_NOSIGNAL), 0);
  const Bytes broken{0, 0, 0, 9, 0, 2, 1, 3};
  EXPECT_EQ(exchange(client, broken), Bytes{}) << "closed as broken, and no reply before";
}

TEST_F(TcpServer, ARefusingUnitClosesConnectionsAtOnce) {
  const std::uint16_t port = serve();
  inject(R"({"kind": "refuse"})");
  EXPECT_EQ(receive_bytes(connect_to(port).fd()), Bytes{});
  conduct.end_all();
  EXPECT_EQ(exchange(connect_to(port), kReadPower), kPower777);
}

TEST_F(TcpServer, AResetComesAsRstAfterTheRequestsThatAreLeft) {
  const std::uint16_t port = serve();
  inject(R"({"kind": "reset", "after": 1})");
  const Socket client = connect_to(port);
  EXPECT_EQ(exchange(client, kReadPower), kPower777);
  ASSERT_GT(::send(client.fd(), kReadPower.data(), kReadPower.size(), MSG_NOSIGNAL), 0);
  pollfd wait{client.fd(), POLLIN, 0};
  ASSERT_EQ(::poll(&wait, 1, kDeadlineMs), 1);
  char byte = 0;
  EXPECT_EQ(::recv(client.fd(), &byte, 1, 0), -1);
  EXPECT_EQ(errno, ECONNRESET);
}

TEST_F(TcpServer, AHalfOpenConnectionStaysDeadAndANewOneLives) {
  const std::uint16_t port = serve();
  inject(R"({"kind": "half_open", "count": 1})");
  const Socket dead = connect_to(port);
  ASSERT_GT(::send(dead.fd(), kReadPower.data(), kReadPower.size(), MSG_NOSIGNAL), 0);
  const Socket alive = connect_to(port);
  EXPECT_EQ(exchange(alive, kReadPower), kPower777);
  ASSERT_GT(::send(dead.fd(), kReadPower.data(), kReadPower.size(), MSG_NOSIGNAL), 0);
  EXPECT_EQ(exchange(alive, kReadPower), kPower777);
  pollfd wait{dead.fd(), POLLIN, 0};
  EXPECT_EQ(::poll(&wait, 1, 0), 0) << "neither a reply nor an end, although the fault is over";
}

TEST_F(TcpServer, AFragmentedReplyIsWholeInTheEnd) {
  const std::uint16_t port = serve();
  inject(R"({"kind": "fragment", "bytes": 3})");
  const Socket client = connect_to(port);
  ASSERT_GT(::send(client.fd(), kReadPower.data(), kReadPower.size(), MSG_NOSIGNAL), 0);
  Bytes all;
  while (all.size() < kMbapSize + kPower777.size()) {
    const Bytes piece = receive_bytes(client.fd());
    ASSERT_NE(piece, (Bytes{0xEE}));
    all.insert(all.end(), piece.begin(), piece.end());
  }
  EXPECT_EQ(Bytes(all.begin() + kMbapSize, all.end()), kPower777);
}

TEST_F(TcpServer, CoalescedRepliesLeaveTogether) {
  const std::uint16_t port = serve();
  inject(R"({"kind": "coalesce", "ms": 0.05})");
  const Socket client = connect_to(port);
  Bytes two = kReadPower;
  two.insert(two.end(), kReadPower.begin(), kReadPower.end());
  ASSERT_GT(::send(client.fd(), two.data(), two.size(), MSG_NOSIGNAL), 0);
  EXPECT_EQ(receive_bytes(client.fd()).size(), 2 * (kMbapSize + kPower777.size()));
}

class PtyServer : public TcpServer {
 protected:
  /// What a master opens.
  std::string open_line() {
    const std::string path = server.add_serial("", at_once(Framing::rtu), {{1, &unit, &conduct}});
    server.start();
    return path;
  }
};

TEST_F(PtyServer, DEV_23_a_libmodbus_master_walks_the_chain_and_writes_over_the_pseudo_terminal) {
  const std::string path = open_line();
  modbus_t* const master = modbus_new_rtu(path.c_str(), 9600, 'N', 8, 1);
  modbus_set_slave(master, 1);
  modbus_set_response_timeout(master, 5, 0);
  ASSERT_EQ(modbus_connect(master), 0) << modbus_strerror(errno);
  std::uint16_t registers[125] = {};
  ASSERT_EQ(modbus_read_registers(master, 40000, 125, registers), 125) << modbus_strerror(errno);
  EXPECT_EQ(registers[0], 0x5375);
  EXPECT_EQ(registers[84], 777);
  EXPECT_EQ(walk(master), kPvChain);
  EXPECT_EQ(modbus_write_register(master, 40233, 30), 1);
  EXPECT_EQ(modbus_write_register(master, 40233, 101), -1);
  EXPECT_EQ(errno, EMBXILVAL);
  modbus_close(master);
  ASSERT_EQ(modbus_connect(master), 0) << "a master may come back";
  EXPECT_EQ(modbus_read_registers(master, 40000, 2, registers), 2) << modbus_strerror(errno);
  modbus_close(master);
  modbus_free(master);
  EXPECT_THAT(device.written, ElementsAre("cmd.power_limit"));
}

TEST_F(PtyServer, NoiseIsForgottenInTheNextSilence) {
  const Socket master(::open(open_line().c_str(), O_RDWR | O_NOCTTY));
  const Bytes noise{1, 3, 0x9C, 0x40, 0, 2, 0xDE, 0xAD, 0xBE};
  ASSERT_EQ(::write(master.fd(), noise.data(), noise.size()), static_cast<ssize_t>(noise.size()));
  const Bytes question = rtu_request(1, {3, 0x9C, 0x40, 0, 2});
  Bytes reply{0xEE};
  for (int attempt = 0; attempt < 20 && reply == Bytes{0xEE}; ++attempt) {  // as a master does after its time-out
    ASSERT_EQ(::write(master.fd(), question.data(), question.size()), static_cast<ssize_t>(question.size()));
    reply = receive_bytes(master.fd(), 200);
  }
  EXPECT_EQ(reply.size(), 9u);
}

TEST_F(PtyServer, ADeviceThatIsNoneIsABadStart) {
  EXPECT_THROW(server.add_serial("/dev/does-not-exist", at_once(Framing::rtu), {}), BadInput);
  EXPECT_THROW(server.add_serial("/dev/null", at_once(Framing::rtu), {}), BadInput);
}

}  // namespace
}  // namespace v2x::core
