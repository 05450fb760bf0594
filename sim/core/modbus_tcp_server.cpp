#include "sim/core/modbus_tcp_server.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "common/bad_input.hpp"
#include "common/log.hpp"

namespace v2x::core {
namespace {

constexpr int kBacklog = 16;
constexpr size_t kConnectionsBegin = 2;  // in the poll list, behind the stop event and the listener

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

ModbusTcpServer::ModbusTcpServer(const Options& options, const std::vector<Unit>& units)
    : options_(options),
      listener_(listen_on(options.port)),
      stop_(checked_socket(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), "Modbus TCP stop event")),
      port_(port_of(listener_)) {
  for (const Unit& unit : units) responder_.add(unit.unit_id, *unit.unit);
  thread_ = std::thread([this] { run(); });
  pthread_setname_np(thread_.native_handle(), "modbus");
}

ModbusTcpServer::~ModbusTcpServer() {
  eventfd_write(stop_.fd(), 1);
  thread_.join();
}

void ModbusTcpServer::run() {
  for (;;) {
    std::vector<pollfd> waits{{stop_.fd(), POLLIN, 0}, {listener_.fd(), POLLIN, 0}};
    for (const Connection& connection : connections_) waits.push_back({connection.socket.fd(), POLLIN, 0});
    ::poll(waits.data(), waits.size(), next_timeout_ms());
    if (waits[0].revents != 0) return;
    for (size_t i = kConnectionsBegin; i < waits.size(); ++i)
      if (waits[i].revents != 0) serve(connections_[i - kConnectionsBegin]);
    drop_idle();
    if (waits[1].revents != 0) accept_one();
  }
}

int ModbusTcpServer::next_timeout_ms() const {
  if (connections_.empty()) return -1;
  const auto older = [](const Connection& a, const Connection& b) { return a.last_heard < b.last_heard; };
  const auto oldest = std::min_element(connections_.begin(), connections_.end(), older);
  const auto left = oldest->last_heard + options_.idle - steady_now();
  return static_cast<int>(std::max<std::int64_t>(0, std::chrono::ceil<std::chrono::milliseconds>(left).count()));
}

void ModbusTcpServer::accept_one() {
  Socket socket(::accept4(listener_.fd(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
  if (!socket.is_open()) return;
  if (socket.fd() >= kMostDescriptors) {
    log::warning("Modbus TCP port {}: refused a connection, this process has {} sockets open", port_, socket.fd());
    return;
  }
  if (connections_.size() >= options_.max_connections) return;
  const int on = 1;
  ::setsockopt(socket.fd(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  connections_.push_back({std::move(socket), {}, steady_now()});
}

void ModbusTcpServer::serve(Connection& connection) {
  std::array<std::uint8_t, kLongestAdu> bytes;
  const auto received = ::recv(connection.socket.fd(), bytes.data(), bytes.size(), 0);
  if (received < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (received <= 0) return connection.socket.close();
  connection.last_heard = steady_now();
  connection.framer.append(std::span(bytes).first(static_cast<size_t>(received)));
  while (const auto adu = connection.framer.next())
    if (responder_.answer(connection.socket.fd(), *adu) == ModbusResponder::Outcome::lost)
      return connection.socket.close();
  if (connection.framer.broken()) connection.socket.close();
}

void ModbusTcpServer::drop_idle() {
  const SteadyTime limit = steady_now() - options_.idle;
  std::erase_if(connections_, [&](const Connection& c) { return !c.socket.is_open() || c.last_heard <= limit; });
}

}  // namespace v2x::core
