// ZeroMQ as this project uses it: a CURVE ROUTER, a CURVE DEALER and REQ/REP for control. The only home of zmq.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/result.hpp"

namespace v2x {

/// A CURVE key pair in Z85 text, 40 characters each.
struct CurveKeyPair {
  std::string public_key;
  std::string secret_key;
};
CurveKeyPair make_curve_key_pair();
/// The public key that belongs to a secret key; throws BadInput when `secret_key` is no Z85 key.
std::string curve_public_key(const std::string& secret_key);
bool is_curve_key(std::string_view text);

/// One ZeroMQ context per process; sockets keep it alive.
class MessagingContext {
 public:
  MessagingContext();
  ~MessagingContext();
  struct Impl;
  std::shared_ptr<Impl> impl() const { return impl_; }

 private:
  std::shared_ptr<Impl> impl_;
};

/// A frame that a peer sent, with what is known about the peer.
struct PeerFrame {
  std::string routing_id;  ///< chosen by the peer's connection: only good for answering on it
  std::string user_id;     ///< from ZAP: who the peer is
  std::string data;
};

/// The server's end: ROUTER with CURVE. All members belong to one thread, but for the ZAP callback.
class CurveRouter {
 public:
  /// Maps a client's public key (Z85) to its User-Id; nullopt refuses the handshake. Called from the context's ZAP
  /// thread, which this object owns and joins.
  using Authenticate = std::function<std::optional<std::string>(const std::string& public_key_z85)>;

  /// Binds to `endpoint` ("tcp://127.0.0.1:5570", port * = free). Throws BadInput when it is taken.
  CurveRouter(const MessagingContext& context, const std::string& endpoint, const CurveKeyPair& keys,
              Authenticate authenticate);
  ~CurveRouter();

  std::string endpoint() const;  ///< with the real port
  /// The next frame; nullopt after `timeout` (negative: wait for ever). Multi-part and over-long messages (over
  /// `kMaxFrame`) come with empty data and must be refused.
  std::optional<PeerFrame> receive(std::chrono::milliseconds timeout);
  /// False when the peer is gone or its queue is full.
  bool send(const std::string& routing_id, std::string_view data);
  /// Wakes a receive() that waits; the one member that any thread may call.
  void wake();

  static constexpr size_t kMaxFrame = 256 * 1024;  ///< wire contract, LAW-8

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// A client's end: DEALER with CURVE. Belongs to one thread.
class CurveDealer {
 public:
  struct Options {
    std::string endpoint;
    std::string server_public_key;
    CurveKeyPair keys;
  };
  CurveDealer(const MessagingContext& context, const Options& options);
  ~CurveDealer();

  /// False when the connection's queue is full (nothing was taken).
  bool send(std::string_view data);
  /// The next frame; nullopt after `timeout` (negative: wait for ever).
  std::optional<std::string> receive(std::chrono::milliseconds timeout);

  /// Waits until one of `dealers`, all of this thread, has a frame; false after `timeout`.
  static bool wait_any(const std::vector<CurveDealer*>& dealers, std::chrono::milliseconds timeout);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// REP socket: one request at a time. Belongs to one thread.
class ReplySocket {
 public:
  ReplySocket(const MessagingContext& context, const std::string& endpoint);
  ~ReplySocket();
  std::optional<std::string> receive(std::chrono::milliseconds timeout);
  void reply(std::string_view data);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// REQ socket that survives a lost peer (relaxed, correlated). Belongs to one thread.
class RequestSocket {
 public:
  RequestSocket(const MessagingContext& context, const std::string& endpoint);
  ~RequestSocket();
  /// The reply. Error "gone", once, when a connection ended since the last request or before the answer (a killed
  /// process, at once); "deadline" when nothing came within `timeout` or `give_up` said so (asked a few times a second).
  Result<std::string> request(std::string_view data, std::chrono::milliseconds timeout,
                              const std::function<bool()>& give_up = {});

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace v2x
