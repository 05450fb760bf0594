// Takes in a group of frames: registry first, then telemetry, then the answers (wire contract: LAW-4).
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "backend/ingest/batch_plan.hpp"
#include "backend/ingest/commands.hpp"
#include "backend/ingest/counters.hpp"
#include "backend/service/alarm_service.hpp"
#include "backend/service/registry.hpp"
#include "backend/service/telemetry.hpp"
#include "common/messaging.hpp"

namespace v2x::ingest {

/// User-Id of a connection: gateway and key, so that a revoked key can be told from the gateway's other one.
std::string user_id_of(const std::string& gateway_id, const std::string& public_key);

struct DeliverySettings {
  Duration report_period = std::chrono::seconds(60);  // Welcome
  Duration busy_retry = std::chrono::seconds(1);      // Busy, when a store failed
};

/// Belongs to the ingest's thread. A crash at any point is repaired by resending, because each store drops what it has
/// by its own mark.
class Delivery {
 public:
  /// False when the peer is gone. The second argument is a Down message.
  using Send = std::function<bool(const std::string& routing_id, const std::string& data)>;

  Delivery(service::Registry& registry, service::TelemetryStore& store, const service::AlarmService& alarms,
           Commands& commands, Counters& counters, Send send, DeliverySettings settings = {});

  /// Commits and answers every frame; the stores fail or succeed for all of them together. Returns how many messages
  /// went down.
  std::uint64_t take(const std::vector<PeerFrame>& frames);
  /// Sends the commands that wait for gateways that are connected. Returns how many messages went down.
  std::uint64_t send_commands();
  /// Answers without taking in: the queue is full.
  std::uint64_t refuse_busy(const PeerFrame& frame);

 private:
  struct Arrival;
  struct Group;

  Arrival decode(const PeerFrame& frame) const;
  Group plan(service::Transaction& transaction, std::vector<Arrival> arrivals);
  void plan_one(service::Transaction& transaction, Group& group, Arrival& arrival);
  void apply_hello(service::Transaction& transaction, Arrival& arrival);
  void apply_events(service::Transaction& transaction, const std::string& gateway_id, const BatchPlan& plan,
                    std::uint64_t registry_mark);
  void heard(service::Transaction& transaction, const std::string& gateway_id);
  bool commit(const Group& group);
  std::uint64_t answer(const Group& group);
  std::uint64_t answer_batches(const Group& group);
  std::uint64_t busy(const std::vector<PeerFrame>& frames);
  bool send(const std::string& gateway_id, const std::string& routing_id, const telemetry::Down& down);
  void count(const Group& group);

  service::Registry& registry_;
  service::TelemetryStore& store_;
  const service::AlarmService& alarms_;
  Commands& commands_;
  Counters& counters_;
  Send send_;
  DeliverySettings settings_;
  std::map<std::string, std::string> routes_;  ///< by gateway: the connection with the newest Hello
};

/// Where in the report period this gateway sends: spread by its id, the same at every start.
Duration send_offset(const std::string& gateway_id, Duration period);

}  // namespace v2x::ingest
