#include "sim/core/tcp_endpoint.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "common/bad_input.hpp"
#include "common/log.hpp"

namespace v2x::core {
namespace {

constexpr int kBacklog = 64;

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

Socket listen_on(std::uint16_t port) {
  Socket listener =
      checked_socket(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), "Modbus TCP listener");
  const int on = 1;
  ::setsockopt(listener.fd(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  const sockaddr_in address = loopback(port);
  if (::bind(listener.fd(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      ::listen(listener.fd(), kBacklog) != 0)
    throw BadInput(fmt::format("Modbus TCP on 127.0.0.1:{}: {}, expected a free port", port, std::strerror(errno)));
  return listener;
}

std::uint16_t port_of(const Socket& listener) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  ::getsockname(listener.fd(), reinterpret_cast<sockaddr*>(&address), &size);
  return ntohs(address.sin_port);
}

}  // namespace

TcpEndpoint::TcpEndpoint(const Options& options, Scheduler& scheduler, WaitSet& waits, BusLine& line)
    : options_(options),
      scheduler_(scheduler),
      waits_(waits),
      line_(line),
      listener_(listen_on(options.port)),
      port_(port_of(listener_)) {
  waits_.add(listener_.fd(), [this] { accept_one(); });
}

void TcpEndpoint::accept_one() {
  std::erase_if(connections_, [](const auto& connection) { return !connection->socket.is_open(); });
  Socket socket(::accept4(listener_.fd(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
  if (!socket.is_open()) return;
  if (socket.fd() >= kMostDescriptors) {
    log::warning("Modbus TCP port {}: refused a connection, this process has {} sockets open", port_, socket.fd());
    return;
  }
  if (connections_.size() >= options_.max_connections || line_.refuses_connections()) return;
  const int on = 1;
  ::setsockopt(socket.fd(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  const int fd = socket.fd();
  connections_.push_back(
      std::make_unique<Connection>(Connection{std::move(socket), scheduler_.now(), line_.connect(fd)}));
  Connection& connection = *connections_.back();
  connection.peer->on_close = [this, &connection](bool with_rst) {
    constexpr linger kAtOnce{1, 0};
    if (with_rst) ::setsockopt(connection.socket.fd(), SOL_SOCKET, SO_LINGER, &kAtOnce, sizeof kAtOnce);
    close(connection);
  };
  waits_.add(fd, [this, &connection] { receive(connection); });
  if (!watches_idle_) watch_idle();
}

void TcpEndpoint::receive(Connection& connection) {
  std::array<std::uint8_t, kLongestAdu> bytes;
  const auto received = ::recv(connection.socket.fd(), bytes.data(), bytes.size(), 0);
  if (received < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (received <= 0) return close(connection);
  connection.last_heard = scheduler_.now();
  line_.receive(connection.peer, std::span(bytes).first(static_cast<size_t>(received)));
}

/// What is still due to the peer has nowhere to go then.
void TcpEndpoint::close(Connection& connection) {
  waits_.remove(connection.socket.fd());
  connection.peer->fd = -1;
  connection.socket.close();
}

/// Looks again when the connection that has been quiet longest may have become idle.
void TcpEndpoint::watch_idle() {
  Time first = Time::max();
  for (const auto& connection : connections_)
    if (connection->socket.is_open()) first = std::min(first, connection->last_heard + options_.idle);
  watches_idle_ = first != Time::max();
  if (watches_idle_) scheduler_.at(first, [this] { close_idle(); });
}

void TcpEndpoint::close_idle() {
  const Time limit = scheduler_.now() - options_.idle;
  for (const auto& connection : connections_)
    if (connection->socket.is_open() && connection->last_heard <= limit) close(*connection);
  watch_idle();
}

}  // namespace v2x::core
