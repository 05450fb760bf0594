// What the ZeroMQ wrappers of this folder share. Nobody else includes it: ZeroMQ's home is common.
#pragma once

#include <chrono>
#include <span>
#include <zmq.hpp>

#include "common/messaging.hpp"

namespace v2x {

struct MessagingContext::Impl {
  zmq::context_t context{1};
};

namespace sockets {

// Of a whole fleet all handshakes go on at once, and each is late when all are: who gave up after ZeroMQ's 30 s would
// begin again, behind the others, and a slow machine would never be done.
inline constexpr int kHandshakeMs = 90'000;  // default
inline constexpr int kQueueFrames = 10'000;  // bounded per peer: then the gateway's spool takes over

/// ZeroMQ's own PING.
void use_heartbeats(zmq::socket_t& socket);
/// How many threads carry the bytes of this context's connections; nothing once it has had its first socket.
void use_io_threads(zmq::context_t& context, int threads);
/// Everything of a CURVE DEALER but the connection.
void set_up_dealer(zmq::socket_t& socket, const CurveDealer::Options& options);
/// For gateways of the field: a service that comes back must not be run over by all of them at once.
void reconnect_as_one_of_many(zmq::socket_t& socket);
/// A socket that gets a message for each of these events of `watched`.
zmq::socket_t monitor(zmq::context_t& context, zmq::socket_t& watched, int events);

/// Waits until one of `items` is ready; a signal ends the wait like a time-out, so that a loop sees its stop flag.
bool wait_readable(std::span<zmq::pollitem_t> items, std::chrono::milliseconds timeout);
inline zmq::pollitem_t readable(zmq::socket_t& socket) {
  return {socket.handle(), 0, ZMQ_POLLIN, 0};
}

}  // namespace sockets
}  // namespace v2x
