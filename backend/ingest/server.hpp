// The telemetry endpoint: admits imported gateways by their keys and feeds what they send to the delivery.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>

#include "backend/ingest/delivery.hpp"
#include "backend/ingest/pipeline.hpp"
#include "common/messaging.hpp"

namespace v2x::ingest {

struct ServerOptions {
  std::string endpoint = "tcp://*:5570";
  CurveKeyPair keys;
  size_t group_frames = 256;                          ///< committed together at most
  size_t group_bytes = 4 << 20;                       ///< likewise, but for one frame
  size_t queue_frames = 4096;                         ///< waiting in front of the stores; what comes beyond gets Busy
  size_t queue_bytes = 64 << 20;                      ///< likewise
  std::chrono::milliseconds gather{20};               ///< steady time from one group to the next, unless it is full
  std::chrono::milliseconds frames_patience{20'000};  ///< stepped: how long announced frames may take
  /// Wall clock: other processes may want commands to be sent, so the registry is asked that often.
  std::optional<std::chrono::milliseconds> look_for_commands{};
  DeliverySettings delivery{};
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
  void look_for_commands();
  void send_commands_or_log();
  void fill_queue(Pipeline& pipeline, std::chrono::milliseconds timeout);
  void queue(PeerFrame frame);
  std::vector<PeerFrame> next_group();

  const ServerOptions options_;
  Counters counters_;
  Commands& commands_;
  CurveRouter router_;
  Delivery delivery_;
  std::deque<PeerFrame> queue_;
  size_t queued_bytes_ = 0;
  SteadyTime closed_ = SteadyTime::min();  ///< the group before
  SteadyTime next_look_ = SteadyTime::min();
  std::atomic<bool> stopping_{false};
};

}  // namespace v2x::ingest
