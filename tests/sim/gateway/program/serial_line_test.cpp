// The RTU master of a line, against a unit on the other end of a pseudo-terminal that the test plays.
#include "sim/gateway/program/serial_line.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>

namespace v2x::gateway::program {
namespace {

using namespace std::chrono_literals;
using core::Adu;

class SerialLineTest : public testing::Test {
 protected:
  SerialLineTest() : other_(::posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK)) {
    EXPECT_EQ(::grantpt(other_.fd()), 0);
    EXPECT_EQ(::unlockpt(other_.fd()), 0);
    std::array<char, 64> name;
    EXPECT_EQ(::ptsname_r(other_.fd(), name.data(), name.size()), 0);
    line_ = std::make_unique<SerialLine>(name.data(), core::SerialFormat{}, 300ms);
    for (auto* port : {&first_, &second_}) {
      *port = &line_->add_unit(AnswerWatch("unit"));
      (*port)->on_reply_pending([this, port] { replies_.push_back(*port); });
    }
  }

  /// What the master sends: transaction 7, read 2 registers from 40000.
  static Adu request(std::uint8_t unit_id) { return {0, 7, 0, 0, 0, 6, unit_id, 3, 0x9C, 0x40, 0, 2}; }
  static void send(core::ModbusPort& port, const Adu& adu) {
    ASSERT_EQ(::send(port.fd(), adu.data(), adu.size(), 0), static_cast<ssize_t>(adu.size()));
    port.request_sent();
  }
  static Adu reply_at(core::ModbusPort& port) {
    Adu adu(300);
    const auto got = ::recv(port.fd(), adu.data(), adu.size(), MSG_DONTWAIT);
    adu.resize(got > 0 ? static_cast<size_t>(got) : 0);
    return adu;
  }
  /// What is on the wire, once there is something.
  Adu on_wire() {
    Adu adu(300);
    pollfd wait{other_.fd(), POLLIN, 0};
    ::poll(&wait, 1, 1000);
    const auto got = ::read(other_.fd(), adu.data(), adu.size());
    adu.resize(got > 0 ? static_cast<size_t>(got) : 0);
    return adu;
  }
  void answer(Adu rtu) {
    rtu.resize(rtu.size() + core::kCrcSize);
    core::renew_crc(rtu);
    answer_raw(rtu);
  }
  void answer_raw(const Adu& rtu) {
    ASSERT_EQ(::write(other_.fd(), rtu.data(), rtu.size()), static_cast<ssize_t>(rtu.size()));
  }
  /// Serves the line until there are `count` replies, at most for so long.
  void serve(size_t count, std::chrono::milliseconds longest = 2000ms) {
    const SteadyTime until = steady_now() + longest;
    while (replies_.size() < count && steady_now() < until) {
      std::vector<pollfd> waits;
      line_->add_waits(waits);
      ::poll(waits.data(), waits.size(), 5);
      line_->serve(waits, steady_now());
    }
  }

  core::Socket other_;
  std::unique_ptr<SerialLine> line_;
  core::ModbusPort* first_ = nullptr;
  core::ModbusPort* second_ = nullptr;
  std::vector<core::ModbusPort*> replies_;
};

TEST_F(SerialLineTest, FramesTheRequestAndGivesTheReplyBack) {
  send(*first_, request(1));
  const Adu rtu = on_wire();
  ASSERT_EQ(rtu.size(), 8u);
  EXPECT_EQ(Adu(rtu.begin(), rtu.begin() + 6), (Adu{1, 3, 0x9C, 0x40, 0, 2}));
  EXPECT_EQ(core::crc16(std::span(rtu).first(6)), rtu[6] | rtu[7] << 8);
  answer({1, 3, 4, 0x53, 0x75, 0x6E, 0x53});
  serve(1);
  EXPECT_EQ(reply_at(*first_), (Adu{0, 7, 0, 0, 0, 7, 1, 3, 4, 0x53, 0x75, 0x6E, 0x53}));
}

TEST_F(SerialLineTest, AReplyInPiecesIsOne) {
  send(*first_, request(1));
  on_wire();
  Adu rtu{1, 3, 4, 0, 1, 0, 2, 0, 0};
  core::renew_crc(rtu);
  answer_raw(Adu(rtu.begin(), rtu.begin() + 4));
  serve(1, 50ms);
  EXPECT_TRUE(replies_.empty());
  answer_raw(Adu(rtu.begin() + 4, rtu.end()));
  serve(1);
  EXPECT_EQ(reply_at(*first_).size(), 13u);
}

TEST_F(SerialLineTest, OneUnitsRequestWaitsForTheOthers) {
  send(*first_, request(1));
  send(*second_, request(2));
  EXPECT_EQ(on_wire()[0], 1);
  answer({1, 3, 4, 0, 1, 0, 2});
  serve(1);
  serve(2, 50ms);  // the pause between frames
  EXPECT_EQ(on_wire()[0], 2);
  answer({2, 3, 4, 0, 3, 0, 4});
  serve(2);
  EXPECT_EQ(replies_, (std::vector<core::ModbusPort*>{first_, second_}));
}

TEST_F(SerialLineTest, ASilentUnitIsAnsweredForWithException0B) {
  send(*first_, request(1));
  serve(1);
  EXPECT_EQ(reply_at(*first_), (Adu{0, 7, 0, 0, 0, 3, 1, 0x83, 0x0B}));
}

TEST_F(SerialLineTest, DamagedAndForeignRepliesAreSilence) {
  send(*first_, request(1));
  on_wire();
  answer_raw({1, 3, 4, 0, 1, 0, 2, 0xDE, 0xAD});
  serve(1);
  EXPECT_EQ(reply_at(*first_).back(), 0x0B);
  send(*first_, request(1));
  serve(2, 150ms);  // what came late goes by
  on_wire();
  answer({2, 3, 4, 0, 1, 0, 2});
  serve(2);
  EXPECT_EQ(reply_at(*first_).back(), 0x0B);
}

TEST_F(SerialLineTest, AnExceptionIsAReply) {
  send(*first_, request(1));
  on_wire();
  answer({1, 0x83, 2});
  serve(1);
  EXPECT_EQ(reply_at(*first_), (Adu{0, 7, 0, 0, 0, 3, 1, 0x83, 2}));
}

TEST_F(SerialLineTest, ADeviceThatGoesAwayTakesTheLineDown) {
  EXPECT_TRUE(line_->is_up());
  send(*first_, request(1));
  other_.close();
  serve(1, 200ms);
  EXPECT_FALSE(line_->is_up());
  EXPECT_EQ(first_->fd(), -1);
}

}  // namespace
}  // namespace v2x::gateway::program
