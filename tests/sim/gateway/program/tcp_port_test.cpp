// Modbus TCP to one unit, against a listener that the test plays.
#include "sim/gateway/program/tcp_port.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <fmt/format.h>

namespace v2x::gateway::program {
namespace {

using namespace std::chrono_literals;

class TcpPortTest : public testing::Test {
 protected:
  TcpPortTest() {
    listen();
    port_ = std::make_unique<TcpPort>(*parse_tcp_address(fmt::format("127.0.0.1:{}", number_)), AnswerWatch("unit"));
    port_->on_reply_pending([this] { ++replies_; });
  }

  void listen() {
    listener_ = core::Socket(::socket(AF_INET, SOCK_STREAM, 0));
    const int on = 1;
    ::setsockopt(listener_.fd(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(number_);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ASSERT_EQ(::bind(listener_.fd(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    ASSERT_EQ(::listen(listener_.fd(), 4), 0);
    socklen_t size = sizeof address;
    ::getsockname(listener_.fd(), reinterpret_cast<sockaddr*>(&address), &size);
    number_ = ntohs(address.sin_port);
  }
  void accept() { unit_ = core::Socket(::accept(listener_.fd(), nullptr, nullptr)); }

  template <class Condition>
  bool serve_until(const Condition& holds, std::chrono::milliseconds longest = 3000ms) {
    const SteadyTime until = steady_now() + longest;
    while (!holds() && steady_now() < until) {
      std::vector<pollfd> waits;
      port_->add_waits(waits);
      ::poll(waits.data(), waits.size(), 5);
      port_->serve(waits, steady_now());
    }
    return holds();
  }
  bool connects() {
    return serve_until([this] { return port_->is_up(); });
  }

  core::Socket listener_;
  core::Socket unit_;
  std::uint16_t number_ = 0;
  std::unique_ptr<TcpPort> port_;
  int replies_ = 0;
};

TEST_F(TcpPortTest, ConnectsByItself) {
  EXPECT_EQ(port_->fd(), -1);
  ASSERT_TRUE(connects());
  EXPECT_GE(port_->fd(), 0);
}

TEST_F(TcpPortTest, TellsThatBytesCame) {
  ASSERT_TRUE(connects());
  accept();
  ASSERT_EQ(::send(unit_.fd(), "x", 1, 0), 1);
  EXPECT_TRUE(serve_until([this] { return replies_ > 0; }));
}

TEST_F(TcpPortTest, HalfAFrameDoesNotKeepItBusy) {
  ASSERT_TRUE(connects());
  accept();
  ASSERT_EQ(::send(unit_.fd(), "x", 1, 0), 1);  // nobody takes it: it stays pending
  ASSERT_TRUE(serve_until([this] { return replies_ > 0; }));
  std::vector<pollfd> waits;
  port_->add_waits(waits);
  EXPECT_EQ(waits[0].fd, -1);
  ASSERT_TRUE(port_->next_deadline());
  EXPECT_GT(*port_->next_deadline(), steady_now() - 100ms);
}

TEST_F(TcpPortTest, ConnectsAgainAfterTheUnitClosed) {
  ASSERT_TRUE(connects());
  accept();
  unit_.close();
  ASSERT_TRUE(serve_until([this] { return !port_->is_up(); }));
  EXPECT_TRUE(connects());
}

TEST_F(TcpPortTest, TriesAgainWhereNobodyListens) {
  listener_.close();
  EXPECT_FALSE(serve_until([this] { return port_->is_up(); }, 300ms));
  listen();
  EXPECT_TRUE(connects());
}

TEST_F(TcpPortTest, GivesUpAConnectionOnWhichNobodyAnswers) {
  ASSERT_TRUE(connects());
  accept();
  for (int i = 0; i < 7; ++i) port_->request_sent();
  EXPECT_TRUE(serve_until([this] { return !port_->is_up(); }));
  EXPECT_TRUE(connects());
}

}  // namespace
}  // namespace v2x::gateway::program
