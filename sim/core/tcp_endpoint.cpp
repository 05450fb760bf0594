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

TcpEndpoint::TcpEndpoint(const Options& options, Scheduler& scheduler, BusLine& line)
    : options_(options),
      scheduler_(scheduler),
      line_(line),
      listener_(listen_on(options.port)),
      port_(port_of(listener_)) {}

void TcpEndpoint::add_waits(std::vector<pollfd>& waits) {
  drop_idle();
  waits.push_back({listener_.fd(), POLLIN, 0});
  for (const auto& connection : connections_) waits.push_back({connection->socket.fd(), POLLIN, 0});
}

void TcpEndpoint::serve(std::span<const pollfd> ready) {
  for (size_t i = 1; i < ready.size(); ++i)
    if (ready[i].revents != 0) receive(*connections_[i - 1]);
  drop_idle();
  if (ready[0].revents != 0) accept_one();
}

Time TcpEndpoint::next_deadline() const {
  Time next = Time::max();
  for (const auto& connection : connections_) next = std::min(next, connection->last_heard + options_.idle);
  return next;
}

void TcpEndpoint::accept_one() {
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
  auto connection = std::make_unique<Connection>(Connection{std::move(socket), scheduler_.now(), line_.connect(fd)});
  connection->peer->on_close = [raw = connection.get()](bool with_rst) {
    constexpr linger kAtOnce{1, 0};
    if (with_rst) ::setsockopt(raw->socket.fd(), SOL_SOCKET, SO_LINGER, &kAtOnce, sizeof kAtOnce);
    raw->socket.close();
  };
  connections_.push_back(std::move(connection));
}

void TcpEndpoint::receive(Connection& connection) {
  if (!connection.socket.is_open()) return;  // closed by what came before in this round
  std::array<std::uint8_t, kLongestAdu> bytes;
  const auto received = ::recv(connection.socket.fd(), bytes.data(), bytes.size(), 0);
  if (received < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (received <= 0) return connection.socket.close();
  connection.last_heard = scheduler_.now();
  line_.receive(connection.peer, std::span(bytes).first(static_cast<size_t>(received)));
}

void TcpEndpoint::drop_idle() {
  const Time limit = scheduler_.now() - options_.idle;
  std::erase_if(connections_, [limit](const auto& c) { return !c->socket.is_open() || c->last_heard <= limit; });
}

}  // namespace v2x::core
