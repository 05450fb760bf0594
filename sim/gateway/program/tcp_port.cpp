#include "sim/gateway/program/tcp_port.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>

namespace v2x::gateway::program {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kConnectTimeout{3000};  // default: a device in the house answers in milliseconds
constexpr milliseconds kFirstPause{1000};      // default: before a connection is tried again; doubles
constexpr milliseconds kLongestPause{30'000};  // default
constexpr milliseconds kRest{5};               // default: between looks at a frame that comes in pieces
constexpr int kDeadConnection = 5;             // default: requests in a row without answer until a new connection

int pending_bytes(int fd) {
  int count = 0;
  return ::ioctl(fd, FIONREAD, &count) == 0 ? count : 0;
}

}  // namespace

Result<TcpAddress> parse_tcp_address(const std::string& text) {
  const auto wrong = [&] {
    return v2x::fail("bad_address", fmt::format("'{}' is no address, expected like 192.168.1.20:502", text));
  };
  const size_t colon = text.rfind(':');
  if (colon == std::string::npos) return wrong();
  std::uint16_t port = 0;
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data() + colon + 1, end, port);
  if (error != std::errc() || rest != end || port == 0) return wrong();
  const std::string host = text.substr(0, colon);
  TcpAddress address;
  auto* v4 = reinterpret_cast<sockaddr_in*>(&address.socket);
  if (::inet_pton(AF_INET, host.c_str(), &v4->sin_addr) == 1) {
    v4->sin_family = AF_INET;
    v4->sin_port = htons(port);
    address.size = sizeof *v4;
    return address;
  }
  auto* v6 = reinterpret_cast<sockaddr_in6*>(&address.socket);
  if (host.size() < 2 || host.front() != '[' || host.back() != ']' ||
      ::inet_pton(AF_INET6, host.substr(1, host.size() - 2).c_str(), &v6->sin6_addr) != 1)
    return wrong();
  v6->sin6_family = AF_INET6;
  v6->sin6_port = htons(port);
  address.size = sizeof *v6;
  return address;
}

void TcpPort::request_sent() {
  watch_.asked(steady_now());
}

void TcpPort::connect(SteadyTime now) {
  socket_ = core::Socket(::socket(address_.socket.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket_.is_open()) return fail(now, std::strerror(errno));
  if (socket_.fd() >= core::kMostDescriptors) return fail(now, "too many descriptors are open");
  const int on = 1;
  ::setsockopt(socket_.fd(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  give_up_ = now + kConnectTimeout;
  const auto* to = reinterpret_cast<const sockaddr*>(&address_.socket);
  if (::connect(socket_.fd(), to, address_.size) == 0) return finish_connecting(now);
  if (errno != EINPROGRESS) fail(now, std::strerror(errno));
}

void TcpPort::finish_connecting(SteadyTime now) {
  int error = 0;
  socklen_t size = sizeof error;
  ::getsockopt(socket_.fd(), SOL_SOCKET, SO_ERROR, &error, &size);
  if (error != 0) return fail(now, std::strerror(error));
  give_up_.reset();
  connected_ = true;
}

void TcpPort::fail(SteadyTime now, const std::string& reason) {
  socket_.close();
  connected_ = false;
  give_up_.reset();
  rest_.reset();
  watch_.disconnected();
  retry_ = now + pause_;
  const bool at_once = pause_.count() == 0;  // after an answer: a device may close what is idle
  pause_ = std::clamp(pause_ * 2, kFirstPause, kLongestPause);
  if (!at_once) watch_.unreachable(now, reason);
}

void TcpPort::add_waits(std::vector<pollfd>& waits) {
  const short events = connected_ ? POLLIN : POLLOUT;
  waits.push_back({rest_ ? -1 : socket_.fd(), events, 0});
}

void TcpPort::serve(std::span<const pollfd> ready, SteadyTime now) {
  if (!socket_.is_open()) {
    if (now >= retry_) connect(now);
    return;
  }
  const bool has_rested = rest_ && now >= *rest_;
  if (has_rested) rest_.reset();
  const bool is_ready = has_rested || (ready[0].fd >= 0 && ready[0].revents != 0);
  if (!connected_) {
    if (is_ready) return finish_connecting(now);
    if (now >= *give_up_) fail(now, "no connection within 3 s");
    return;
  }
  if (is_ready) read(now);
  if (connected_ && watch_.unanswered() >= kDeadConnection) fail(now, "the connection is dead");
}

void TcpPort::read(SteadyTime now) {
  const int before = pending_bytes(socket_.fd());
  if (before == 0) return fail(now, "the unit closed the connection");
  watch_.answered();
  pause_ = milliseconds(0);
  if (handler_) handler_();
  if (connected_ && pending_bytes(socket_.fd()) == before) rest_ = now + kRest;
}

std::optional<SteadyTime> TcpPort::next_deadline() const {
  if (!socket_.is_open()) return retry_;
  return rest_ ? rest_ : give_up_;
}

}  // namespace v2x::gateway::program
