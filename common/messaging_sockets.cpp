#include "common/messaging_sockets.hpp"

#include <fmt/format.h>

#include <atomic>

namespace v2x::sockets {
namespace {

constexpr int kHeartbeatMs = 5000;          // default, configurable: ZeroMQ's own PING
constexpr int kHeartbeatTimeoutMs = 15000;  // default, configurable
// default: ZeroMQ adds a random share of the first to each wait, so that ten thousand who lost the service in the same
// instant come back spread over seconds.
constexpr int kFleetReconnectMs = 1000, kFleetReconnectMostMs = 8000;

}  // namespace

void use_heartbeats(zmq::socket_t& socket) {
  socket.set(zmq::sockopt::heartbeat_ivl, kHeartbeatMs);
  socket.set(zmq::sockopt::heartbeat_timeout, kHeartbeatTimeoutMs);
}

void use_io_threads(zmq::context_t& context, int threads) {
  context.set(zmq::ctxopt::io_threads, threads);
}

void set_up_dealer(zmq::socket_t& socket, const CurveDealer::Options& options) {
  use_heartbeats(socket);
  socket.set(zmq::sockopt::linger, 0);
  socket.set(zmq::sockopt::curve_serverkey, options.server_public_key);
  socket.set(zmq::sockopt::curve_publickey, options.keys.public_key);
  socket.set(zmq::sockopt::curve_secretkey, options.keys.secret_key);
  socket.set(zmq::sockopt::sndhwm, kQueueFrames);
  socket.set(zmq::sockopt::reconnect_ivl, 20);        // milliseconds; a restarted backend is found at once
  socket.set(zmq::sockopt::reconnect_ivl_max, 2000);  // milliseconds
}

void reconnect_as_one_of_many(zmq::socket_t& socket) {
  socket.set(zmq::sockopt::reconnect_ivl, kFleetReconnectMs);
  socket.set(zmq::sockopt::reconnect_ivl_max, kFleetReconnectMostMs);
  socket.set(zmq::sockopt::handshake_ivl, kHandshakeMs);
}

zmq::socket_t monitor(zmq::context_t& context, zmq::socket_t& watched, int events) {
  static std::atomic<int> made{0};  // a name of a socket that is closing is not free yet
  const std::string name = fmt::format("inproc://events-{}", ++made);
  if (zmq_socket_monitor(watched.handle(), name.c_str(), events) != 0) throw zmq::error_t();
  zmq::socket_t socket(context, ZMQ_PAIR);
  socket.set(zmq::sockopt::linger, 0);
  socket.connect(name);
  return socket;
}

bool wait_readable(std::span<zmq::pollitem_t> items, std::chrono::milliseconds timeout) {
  const int ready = zmq_poll(items.data(), static_cast<int>(items.size()), timeout.count());
  if (ready < 0 && zmq_errno() != EINTR) throw zmq::error_t();
  return ready > 0;
}

}  // namespace v2x::sockets
