// The telemetry endpoint: admits imported gateways by their keys and feeds what they send to the delivery.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <string>

#include "backend/ingest/delivery.hpp"
#include "common/messaging.hpp"

namespace v2x::ingest {

struct ServerOptions {
  std::string endpoint = "tcp://*:5570";
  CurveKeyPair keys;
  size_t group_frames = 256;                          ///< committed together at most
  size_t queue_frames = 4096;                         ///< waiting in front of the stores; what comes beyond gets Busy
  std::chrono::milliseconds gather{3};                ///< steady time in which a group may grow
  std::chrono::milliseconds frames_patience{20'000};  ///< stepped: how long announced frames may take
};

/// Of its members only stop(), wake() and counters() may be called by another thread than the one that serves.
class Server {
 public:
  Server(const MessagingContext& context, const ServerOptions& options, service::Registry& registry,
         service::TelemetryStore& store, const service::AlarmService& alarms, Commands& commands);

  std::string endpoint() const { return router_.endpoint(); }
  const Counters& counters() const { return counters_; }

  /// Wall clock: serves until stop().
  void run();
  void stop();
  /// Wall clock: there may be commands to send.
  void wake() { router_.wake(); }

  /// Stepped: receives exactly `count` frames, commits and answers them. Gives the number of messages sent down;
  /// "frames_missing" when they don't all come.
  Result<std::uint64_t> take_exactly(std::uint64_t count);
  /// Stepped: sends the commands that wait, and gives their number.
  std::uint64_t send_commands() { return delivery_.send_commands(); }
  /// Stepped: forgets what a simulator that is gone has left behind.
  void drop_waiting();

 private:
  void send_commands_or_log();
  void fill_queue(std::chrono::milliseconds timeout);
  std::vector<PeerFrame> next_group();

  const ServerOptions options_;
  Counters counters_;
  Commands& commands_;
  CurveRouter router_;
  Delivery delivery_;
  std::deque<PeerFrame> queue_;
  std::atomic<bool> stopping_{false};
};

}  // namespace v2x::ingest
