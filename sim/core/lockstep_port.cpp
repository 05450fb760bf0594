#include "sim/core/lockstep_port.hpp"

#include <fcntl.h>
#include <sys/socket.h>

#include <array>

namespace v2x::core {

void LockstepPort::connect() {
  std::array<int, 2> ends{-1, -1};
  static_cast<void>(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()));  // a failure leaves -1
  slave_ = Socket(ends[1]);
  master_ = checked_socket(ends[0], "Modbus socket pair");
  ::fcntl(slave_.fd(), F_SETFL, O_NONBLOCK);  // a master that never reads must not stop the kernel
  peer_ = line_.connect(slave_.fd());
  peer_->on_reply = [this] {
    if (handler_) handler_();
  };
  peer_->on_close = [this](bool) {
    master_.close();
    slave_.close();
  };
}

int LockstepPort::fd() {
  if (!master_.is_open() && !line_.refuses_connections()) connect();
  return master_.fd();
}

void LockstepPort::request_sent() {
  std::array<std::uint8_t, kLongestAdu> bytes;
  const auto peer = peer_;  // a reply may close the connection
  while (slave_.is_open()) {
    const auto received = ::recv(slave_.fd(), bytes.data(), bytes.size(), 0);
    if (received <= 0) break;
    line_.receive(peer, std::span(bytes).first(static_cast<size_t>(received)));
    if (static_cast<size_t>(received) < bytes.size()) break;
  }
  if (line_.options().framing == Framing::rtu) line_.silence(peer);  // a master writes whole frames
}

bool LockstepPort::send(std::span<const std::uint8_t> request) {
  if (fd() < 0) return false;
  const auto peer = peer_;  // a reply may close the connection
  line_.receive(peer, request);
  if (line_.options().framing == Framing::rtu) line_.silence(peer);
  return true;
}

}  // namespace v2x::core
