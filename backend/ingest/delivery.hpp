// Takes in a group of frames: registry first, then telemetry, then the answers (wire contract: LAW-4).
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "backend/ingest/commands.hpp"
#include "backend/ingest/counters.hpp"
#include "backend/ingest/group.hpp"
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

/// Belongs to the ingest's thread, but for commit(). A crash at any point is repaired by resending, because each store
/// drops what it has by its own mark. What is remembered here (keys, marks) only spares questions: a mark may lag
/// behind the store's when another process has taken in more, and is asked for again before anybody hears of a gap.
class Delivery {
 public:
  /// False when the peer is gone. The second argument is a Down message.
  using Send = std::function<bool(const std::string& routing_id, const std::string& data)>;

  Delivery(service::Registry& registry, service::TelemetryStore& store, const service::AlarmService& alarms,
           Commands& commands, Counters& counters, Send send, DeliverySettings settings = {});

  /// Commits and answers every frame; the stores fail or succeed for all of them together. Returns how many messages
  /// went down.
  std::uint64_t take(std::vector<PeerFrame> frames);

  // The same in pieces, for a Pipeline. Groups are planned as if those begun before were stored, so they are committed
  // and finished in their order, and one that follows a failure is given up.

  /// Plans and tells the registry. Null when that failed; the frames are answered then.
  std::unique_ptr<Group> begin(std::vector<PeerFrame> frames);
  /// In any thread, beside the begin() of the next.
  Status commit(const Group& group);
  /// Answers what commit() has brought about.
  void finish(std::unique_ptr<Group> group, const Status& stored);
  /// Answers Busy.
  void give_up(std::unique_ptr<Group> group);

  /// Sends the commands that wait for gateways that are connected. Returns how many messages went down.
  std::uint64_t send_commands();
  /// Answers without taking in: the queue is full.
  void refuse_busy(const PeerFrame& frame);

  /// Tells the registry who was heard, when it is time.
  void tell_presence();

 private:
  struct KnownMark {
    std::string stream_id;
    std::uint64_t mark = 0;
  };

  std::unique_ptr<Group> take_spare();

  // Without the registry's write lock.
  void plan(service::Transaction& transaction, Group& group);
  Arrival decode(Group& group, const PeerFrame& frame);
  bool is_admitted(service::Transaction& transaction, const Arrival& arrival);
  void plan_one(Group& group, Arrival& arrival);
  void plan_batch_of(Group& group, Arrival& arrival);
  std::uint64_t mark_of(const service::StreamKey& key, const std::string& stream_id);

  void tell_registry(Group& group);
  // In the registry's transaction, when there is something for it.
  void apply(service::Transaction& transaction, Group& group, const Presence::Heard& untold);
  void apply_one(service::Transaction& transaction, Arrival& arrival);
  void apply_hello(service::Transaction& transaction, Arrival& arrival);
  void apply_events(service::Transaction& transaction, const std::string& gateway_id, const BatchPlan& plan,
                    std::uint64_t registry_mark);
  void tell(service::Transaction& transaction, const Presence::Heard& heard);
  void end_silence(service::Transaction& transaction, const std::string& gateway_id);
  void told(const Presence::Heard& heard, Time now);

  void remember_marks(const Group& group);
  void answer(const Group& group);
  void answer_batches(const Group& group);
  void welcome(const Group& group, const Arrival& arrival);
  void send(const std::string& gateway_id, const std::string& routing_id, const telemetry::Down& down);
  void count(const Group& group);

  service::Registry& registry_;
  service::TelemetryStore& store_;
  const service::AlarmService& alarms_;
  Commands& commands_;
  Counters& counters_;
  Send send_;
  DeliverySettings settings_;
  std::vector<std::unique_ptr<Group>> spare_;  ///< their memory is used again
  std::map<std::string, std::string> routes_;  ///< by gateway: the connection with the newest Hello
  Presence presence_;
  std::int64_t revoked_keys_ = 0;                      ///< when keys_ was filled
  std::unordered_map<std::string, std::string> keys_;  ///< gateways by accepted keys
  std::unordered_map<std::string, KnownMark> marks_;   ///< by gateway, of its latest stream, as of the last begin()
  std::uint64_t sent_ = 0;                             ///< messages that went down
};

/// Where in the report period this gateway sends: spread by its id, the same at every start.
Duration send_offset(const std::string& gateway_id, Duration period);

}  // namespace v2x::ingest
