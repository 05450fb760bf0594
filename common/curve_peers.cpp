#include "common/curve_peers.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <vector>

#include "common/messaging_sockets.hpp"

namespace v2x {
namespace {

// What ZeroMQ does about a timer takes as long as its I/O thread has connections, and a gateway has but one. Thus many
// threads, and no timer for a PING's answer: the PINGs themselves are sent, for they are the service's load.
constexpr int kIoThreads = 8;
// The same for a socket that closes: for each connection it looks through all that it has.
constexpr std::size_t kSockets = 8;

/// Our name for a peer. ZeroMQ keeps names that begin with a zero byte for itself.
std::array<char, 5> name_of(std::uint32_t peer) {
  std::array<char, 5> name{'p'};
  std::memcpy(name.data() + 1, &peer, sizeof peer);
  return name;
}

std::optional<std::uint32_t> peer_of(const zmq::message_t& name) {
  std::uint32_t peer = 0;
  if (name.size() != sizeof peer + 1) return std::nullopt;
  std::memcpy(&peer, static_cast<const char*>(name.data()) + 1, sizeof peer);
  return peer;
}

}  // namespace

struct CurvePeers::Impl {
  std::shared_ptr<MessagingContext::Impl> context;
  std::vector<zmq::socket_t> sockets;  ///< peer n belongs to socket n % kSockets
  std::string endpoint;
  std::uint32_t peers = 0;
  std::size_t next = 0;  ///< socket that is asked next
  zmq::message_t taken;

  Impl(const MessagingContext& owner, std::string server) : context(owner.impl()), endpoint(std::move(server)) {
    sockets::use_io_threads(context->context, kIoThreads);
    for (std::size_t i = 0; i < kSockets; ++i) sockets.emplace_back(context->context, ZMQ_ROUTER);
  }
  zmq::socket_t& socket_of(std::uint32_t peer) { return sockets[peer % kSockets]; }
  std::optional<Frame> take_from(zmq::socket_t& socket);
};

CurvePeers::CurvePeers(const MessagingContext& context, std::string endpoint, std::string server_public_key)
    : impl_(std::make_unique<Impl>(context, std::move(endpoint))) {
  const CurveKeyPair nobodys = make_curve_key_pair();
  for (zmq::socket_t& socket : impl_->sockets) {
    sockets::set_up_dealer(socket, {impl_->endpoint, server_public_key, nobodys});
    sockets::reconnect_as_one_of_many(socket);
    socket.set(zmq::sockopt::heartbeat_timeout, 0);
    socket.set(zmq::sockopt::router_mandatory, true);
  }
}

CurvePeers::~CurvePeers() = default;

void CurvePeers::connect(const CurveKeyPair& keys) {
  // ZeroMQ copies a socket's options into each connection that it begins.
  const std::uint32_t peer = impl_->peers++;
  zmq::socket_t& socket = impl_->socket_of(peer);
  socket.set(zmq::sockopt::curve_publickey, keys.public_key);
  socket.set(zmq::sockopt::curve_secretkey, keys.secret_key);
  const auto name = name_of(peer);
  socket.set(zmq::sockopt::connect_routing_id, zmq::buffer(name));
  socket.connect(impl_->endpoint);
}

bool CurvePeers::send(std::uint32_t peer, std::string_view data) {
  const auto name = name_of(peer);
  zmq::socket_t& socket = impl_->socket_of(peer);
  try {
    if (!socket.send(zmq::buffer(name), zmq::send_flags::sndmore | zmq::send_flags::dontwait)) return false;
    return socket.send(zmq::buffer(data), zmq::send_flags::dontwait).has_value();
  } catch (const zmq::error_t& error) {
    if (error.num() == EHOSTUNREACH) return false;
    throw;
  }
}

std::optional<CurvePeers::Frame> CurvePeers::take() {
  for (std::size_t asked = 0; asked < kSockets; ++asked) {
    zmq::socket_t& socket = impl_->sockets[impl_->next];
    impl_->next = (impl_->next + 1) % kSockets;
    if (auto frame = impl_->take_from(socket)) return frame;
  }
  return std::nullopt;
}

std::optional<CurvePeers::Frame> CurvePeers::Impl::take_from(zmq::socket_t& socket) {
  zmq::message_t name;
  if (!socket.recv(name, zmq::recv_flags::dontwait)) return std::nullopt;
  if (!name.more() || !socket.recv(taken, zmq::recv_flags::none)) return std::nullopt;
  zmq::message_t rest;
  for (bool more = taken.more(); more; more = rest.more())
    if (!socket.recv(rest, zmq::recv_flags::none)) break;
  const auto peer = peer_of(name);
  if (!peer) return std::nullopt;
  return Frame{*peer, taken.to_string_view()};
}

bool CurvePeers::wait(std::chrono::milliseconds timeout) {
  std::array<zmq::pollitem_t, kSockets> items;
  std::transform(impl_->sockets.begin(), impl_->sockets.end(), items.begin(), sockets::readable);
  return sockets::wait_readable(items, timeout);
}

}  // namespace v2x
