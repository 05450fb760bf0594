// A fleet of gateways that loads a service: each with a connection, a key and a spool of its own, by the delivery law.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <queue>
#include <string>
#include <vector>

#include "common/curve_peers.hpp"
#include "contracts/telemetry.pb.h"
#include "harness/bench/fleet_file.hpp"
#include "harness/bench/frames.hpp"
#include "harness/bench/latency.hpp"
#include "harness/bench/load_plan.hpp"

namespace v2x::bench {

/// One gateway's identity.
struct FleetGateway {
  std::string id;
  CurveKeyPair keys;
};
/// `count` of them with new keys: FLEET0000001 …
std::vector<FleetGateway> make_fleet(std::uint32_t count);

/// Where a service listens.
struct TelemetryTarget {
  std::string endpoint;
  std::string server_public_key;
};

/// What happened since the load began.
struct LoadCounts {
  std::uint64_t offered = 0;       ///< records that fell due; when the plan saturates, those that were sent
  std::uint64_t sent = 0;          ///< records, again and again
  std::uint64_t acknowledged = 0;  ///< records
  std::uint64_t busy = 0, gaps = 0, refused = 0, timeouts = 0;
  std::uint64_t lost = 0;  ///< records that were acknowledged and that the service then asked for again
  LatencyHistogram ack;    ///< from due to acknowledged; when the plan saturates, from sent
  LatencyHistogram lag;    ///< from due to when this generator looked at it: its own fault
};

/// What a gateway was told; for the audit.
struct GatewayBook {
  std::string gateway_id;
  std::string stream;  ///< hexadecimal
  std::uint64_t acknowledged = 0;
};

/// A gateway has one batch on its way, as the real one has; what falls due meanwhile waits in its spool. Belongs to one
/// thread, to which its ZeroMQ socket belongs, too.
class Generator {
 public:
  /// `file` and `fleet` outlive it.
  Generator(const MessagingContext& context, TelemetryTarget target, LoadPlan plan, const FleetFile& file,
            const std::vector<FleetGateway>& fleet);

  /// Connects all gateways and says Hello; then, or after a lost connection, all anew.
  void connect();
  /// Until every gateway has its Welcome; false after `patience`.
  bool wait_for_welcomes(std::chrono::milliseconds patience);
  /// The load begins now; `service_time`: what the service's clock shows.
  void begin(Time service_time);
  /// Sends what is due and takes in what comes, until `end`.
  void run_until(SteadyTime end);
  /// Nothing more falls due; waits for the answers to what is on its way. False after `patience`.
  bool drain(std::chrono::milliseconds patience);

  const LoadCounts& counts() const { return counts_; }
  /// Latencies since the last call.
  LatencyHistogram take_interval();
  std::uint32_t welcomed() const { return welcomed_; }
  std::vector<GatewayBook> books() const;

 private:
  enum class State : std::uint8_t { greeting, idle, waiting, paused };
  struct Gateway {
    std::string stream_id;
    State state = State::greeting;
    std::uint64_t due = 0;   ///< records that exist
    std::uint64_t sent = 0;  ///< the newest on its way
    std::uint64_t acked = 0;
    std::uint64_t told = 0;  ///< the highest acknowledgement ever
    SteadyTime since{};      ///< of `state`
  };
  struct Pause {
    SteadyTime until;
    std::uint32_t gateway;
    bool operator>(const Pause& other) const { return until > other.until; }
  };

  void greet(std::uint32_t index, SteadyTime now);
  void take_frames(SteadyTime now);
  void on_frame(std::uint32_t index, std::string_view data, SteadyTime now);
  void on_mark(std::uint32_t index, std::uint64_t mark, SteadyTime now);
  void on_ack(std::uint32_t index, std::uint64_t seq, SteadyTime now);
  void settle(std::uint32_t index, std::uint64_t seq, SteadyTime now);
  void pause(std::uint32_t index, std::chrono::milliseconds length, SteadyTime now);
  void take_arrivals(SteadyTime now);
  void end_pauses(SteadyTime now);
  void look_for_silence(SteadyTime now);
  void send(std::uint32_t index, SteadyTime now);
  void step(SteadyTime end);
  SteadyTime next_due(SteadyTime end) const;
  bool loading() const { return began_.has_value() && !draining_; }

  const MessagingContext& context_;
  const TelemetryTarget target_;
  const LoadPlan plan_;
  const Arrivals arrivals_;
  const FleetFile& file_;
  const std::vector<FleetGateway>& fleet_;
  std::unique_ptr<CurvePeers> peers_;
  std::vector<Gateway> gateways_;
  std::priority_queue<Pause, std::vector<Pause>, std::greater<>> pauses_;
  BatchFrame frame_;
  telemetry::Down down_;
  LoadCounts counts_;
  LatencyHistogram interval_;
  std::uint32_t welcomed_ = 0;
  std::uint32_t waiting_ = 0;  ///< gateways with a batch on its way, or with a pause before it
  std::uint64_t next_arrival_ = 0;
  std::optional<SteadyTime> began_;
  Time began_service_{};
  bool draining_ = false;
  SteadyTime looked_for_silence_{};
};

}  // namespace v2x::bench
