#include "common/curve_peers.hpp"

#include <array>
#include <cstring>

#include "common/messaging_sockets.hpp"

namespace v2x {
namespace {

// What ZeroMQ does about a timer takes as long as its I/O thread has connections, and a gateway has but one. Thus many
// threads, and no timer for a PING's answer: the PINGs themselves are sent, for they are the service's load.
constexpr int kIoThreads = 8;

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
  zmq::socket_t socket;
  std::string endpoint;
  std::uint32_t peers = 0;
  zmq::message_t taken;

  Impl(const MessagingContext& owner, std::string server)
      : context(with_io_threads(owner)), socket(context->context, ZMQ_ROUTER), endpoint(std::move(server)) {}
  static std::shared_ptr<MessagingContext::Impl> with_io_threads(const MessagingContext& owner) {
    auto context = owner.impl();
    sockets::use_io_threads(context->context, kIoThreads);
    return context;
  }
};

CurvePeers::CurvePeers(const MessagingContext& context, std::string endpoint, std::string server_public_key)
    : impl_(std::make_unique<Impl>(context, std::move(endpoint))) {
  sockets::set_up_dealer(impl_->socket, {impl_->endpoint, std::move(server_public_key), make_curve_key_pair()});
  sockets::reconnect_as_one_of_many(impl_->socket);
  impl_->socket.set(zmq::sockopt::heartbeat_timeout, 0);
  impl_->socket.set(zmq::sockopt::router_mandatory, true);
}

CurvePeers::~CurvePeers() = default;

void CurvePeers::connect(const CurveKeyPair& keys) {
  // ZeroMQ copies a socket's options into each connection that it begins.
  zmq::socket_t& socket = impl_->socket;
  socket.set(zmq::sockopt::curve_publickey, keys.public_key);
  socket.set(zmq::sockopt::curve_secretkey, keys.secret_key);
  const auto name = name_of(impl_->peers++);
  socket.set(zmq::sockopt::connect_routing_id, zmq::buffer(name));
  socket.connect(impl_->endpoint);
}

bool CurvePeers::send(std::uint32_t peer, std::string_view data) {
  const auto name = name_of(peer);
  try {
    if (!impl_->socket.send(zmq::buffer(name), zmq::send_flags::sndmore | zmq::send_flags::dontwait)) return false;
    return impl_->socket.send(zmq::buffer(data), zmq::send_flags::dontwait).has_value();
  } catch (const zmq::error_t& error) {
    if (error.num() == EHOSTUNREACH) return false;
    throw;
  }
}

std::optional<CurvePeers::Frame> CurvePeers::take() {
  zmq::message_t name;
  if (!impl_->socket.recv(name, zmq::recv_flags::dontwait)) return std::nullopt;
  zmq::message_t& body = impl_->taken;
  if (!name.more() || !impl_->socket.recv(body, zmq::recv_flags::none)) return std::nullopt;
  zmq::message_t rest;
  for (bool more = body.more(); more; more = rest.more())
    if (!impl_->socket.recv(rest, zmq::recv_flags::none)) break;
  const auto peer = peer_of(name);
  if (!peer) return std::nullopt;
  return Frame{*peer, body.to_string_view()};
}

bool CurvePeers::wait(std::chrono::milliseconds timeout) {
  std::array item{sockets::readable(impl_->socket)};
  return sockets::wait_readable(item, timeout);
}

}  // namespace v2x
