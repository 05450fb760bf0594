// Takes in a group of frames: registry first, then telemetry, then the answers (wire contract: LAW-4).
#pragma once

#include <google/protobuf/arena.h>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "backend/ingest/batch_plan.hpp"
#include "backend/ingest/commands.hpp"
#include "backend/ingest/counters.hpp"
#include "backend/ingest/presence.hpp"
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
  PresenceSettings presence{};
};

/// Belongs to the ingest's thread. A crash at any point is repaired by resending, because each store drops what it has
/// by its own mark. What is remembered here (keys, marks) only spares questions: a mark may lag behind the store's when
/// another process has taken in more, and is asked for again before anybody hears of a gap.
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

  /// Tells the registry who was heard, when it is time.
  void tell_presence();

 private:
  struct Arrival;
  struct Group;
  struct KnownMark {
    std::string stream_id;
    std::uint64_t mark = 0;
  };

  // Without the registry's write lock.
  Group plan(service::Transaction& transaction, const std::vector<PeerFrame>& frames);
  Arrival decode(const PeerFrame& frame);
  bool is_admitted(service::Transaction& transaction, const Arrival& arrival);
  void plan_one(Group& group, Arrival& arrival);
  void plan_batch_of(Group& group, Arrival& arrival);
  std::uint64_t mark_of(const service::StreamKey& key, const std::string& stream_id);

  // In the registry's transaction, when there is something for it.
  void apply(service::Transaction& transaction, Group& group);
  void apply_one(service::Transaction& transaction, Arrival& arrival);
  void apply_hello(service::Transaction& transaction, Arrival& arrival);
  void apply_events(service::Transaction& transaction, const std::string& gateway_id, const BatchPlan& plan,
                    std::uint64_t registry_mark);
  void tell(service::Transaction& transaction, const std::string& gateway_id, Time heard);
  void told(Time now);

  bool commit(const Group& group);
  void remember_marks(const Group& group);
  std::uint64_t answer(const Group& group);
  std::uint64_t answer_batches(const Group& group);
  std::uint64_t welcome(const Group& group, const Arrival& arrival);
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
  const std::unique_ptr<char[]> first_block_;  ///< of the arena
  google::protobuf::Arena arena_;              ///< of the messages of one group
  std::map<std::string, std::string> routes_;  ///< by gateway: the connection with the newest Hello
  Presence presence_;
  std::int64_t revoked_keys_ = 0;                      ///< when keys_ was filled
  std::unordered_map<std::string, std::string> keys_;  ///< gateways by accepted keys
  std::unordered_map<std::string, KnownMark> marks_;   ///< by gateway, of its latest stream
};

/// Where in the report period this gateway sends: spread by its id, the same at every start.
Duration send_offset(const std::string& gateway_id, Duration period);

}  // namespace v2x::ingest
