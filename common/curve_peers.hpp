// Ten thousand CURVE clients on a few sockets: each has a connection and a key pair of its own.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "common/messaging.hpp"

namespace v2x {

/// What a load generator needs instead of ten thousand CurveDealers: to the server each peer is a client like any
/// other; here a few queues serve all, so that a wait costs the same for one as for all. (A ROUTER that connects, which
/// the protocol allows opposite a ROUTER.) Belongs to one thread. A lost connection is made anew by ZeroMQ, and what
/// waits in its queue is sent then.
class CurvePeers {
 public:
  struct Frame {
    std::uint32_t peer;  ///< index of connect()
    std::string_view data;
  };

  CurvePeers(const MessagingContext& context, std::string endpoint, std::string server_public_key);
  ~CurvePeers();

  /// The connection of peer 0, then 1, …
  void connect(const CurveKeyPair& keys);
  /// False when the peer's queue is full (nothing was taken).
  bool send(std::uint32_t peer, std::string_view data);
  /// The next frame that is there; never waits. Its data are valid until the next call.
  std::optional<Frame> take();
  /// Waits until a frame is there; false after `timeout`.
  bool wait(std::chrono::milliseconds timeout);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace v2x
