// A CURVE DEALER for a program that wants to know what becomes of its connection, and that waits for files, too.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "common/messaging.hpp"

struct pollfd;

namespace v2x {

/// Belongs to one thread.
class WatchedDealer {
 public:
  /// What became of the connection. After `key_refused` ZeroMQ tries no more: a new dealer may.
  enum class Event { up, down, key_refused, handshake_failed };

  WatchedDealer(const MessagingContext& context, const CurveDealer::Options& options);
  ~WatchedDealer();

  /// False when the connection's queue is full (nothing was taken).
  bool send(std::string_view data);
  /// The next frame that is there; never waits.
  std::optional<std::string> take_frame();
  /// The next event; never waits.
  std::optional<Event> take_event();

  /// Waits for a frame or an event of `dealer` (may be null), or for one of `others`, whose `revents` it fills in.
  static void wait(WatchedDealer* dealer, std::span<pollfd> others, std::chrono::milliseconds timeout);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace v2x
