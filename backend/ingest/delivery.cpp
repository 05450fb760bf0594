#include "backend/ingest/delivery.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "backend/ingest/records.hpp"
#include "backend/service/ports/audit.hpp"
#include "backend/service/ports/inventory.hpp"
#include "backend/service/ports/marks.hpp"
#include "common/failpoint.hpp"
#include "common/log.hpp"
#include "common/planted.hpp"
#include "common/random.hpp"

namespace v2x::ingest {
namespace {

using service::StreamKey;
using service::Transaction;

constexpr std::uint32_t kProtocol = 1;  // telemetry.proto
constexpr char kUserIdSeparator = ' ';

const failpoint::Point kAfterRegistryCommit{"ingest.after_registry_commit"};
const failpoint::Point kAfterTelemetryCommit{"ingest.after_telemetry_commit"};
const failpoint::Point kBeforeAck{"ingest.before_ack"};

std::uint32_t ms_of_span(Duration span) {
  return static_cast<std::uint32_t>(std::chrono::duration_cast<std::chrono::milliseconds>(span).count());
}

telemetry::Down refused_frame(const std::string& stream_id, const std::string& reason) {
  telemetry::Down down;
  down.mutable_refused()->set_stream_id(stream_id);
  down.mutable_refused()->set_reason(reason);
  return down;
}

}  // namespace

std::string user_id_of(const std::string& gateway_id, const std::string& public_key) {
  return gateway_id + kUserIdSeparator + public_key;
}

Duration send_offset(const std::string& gateway_id, Duration period) {
  const RandomStream stream{.seed = 1, .owner = gateway_id, .purpose = "send_offset"};
  const double share = random_uniform(stream, 0);
  return std::chrono::milliseconds(static_cast<std::int64_t>(share * ms_of_span(period)));
}

/// A frame with what could be read of it.
struct Delivery::Arrival {
  const PeerFrame* frame = nullptr;
  std::string gateway_id;
  std::string public_key;
  telemetry::Up up;
  std::string error;  ///< why the frame is no message
  bool admitted = true;
  std::optional<StreamKey> key;  ///< of a batch
  BatchPlan plan;
  std::int64_t settings_revision = 0;  ///< of a hello

  std::uint64_t first_seq() const { return up.batch().first_seq(); }
};

struct Delivery::Group {
  Time time{};
  std::vector<Arrival> arrivals;             ///< by (gateway, seq)
  std::map<StreamKey, std::uint64_t> marks;  ///< of the telemetry store, as they will be
  std::map<StreamKey, service::TelemetryBatch> batches;
};

Delivery::Delivery(service::Registry& registry, service::TelemetryStore& store, const service::AlarmService& alarms,
                   Commands& commands, Counters& counters, Send send, DeliverySettings settings)
    : registry_(registry),
      store_(store),
      alarms_(alarms),
      commands_(commands),
      counters_(counters),
      send_(std::move(send)),
      settings_(settings) {}

std::uint64_t Delivery::take(const std::vector<PeerFrame>& frames) {
  counters_.frames += frames.size();
  std::vector<Arrival> arrivals;
  for (const auto& frame : frames) arrivals.push_back(decode(frame));
  for (const auto& arrival : arrivals)
    if (arrival.up.has_hello()) routes_[arrival.gateway_id] = arrival.frame->routing_id;
  std::stable_sort(arrivals.begin(), arrivals.end(), [](const Arrival& a, const Arrival& b) {
    return std::pair(a.gateway_id, a.first_seq()) < std::pair(b.gateway_id, b.first_seq());
  });
  try {
    const Group group =
        registry_.transact([&](Transaction& transaction) { return plan(transaction, std::move(arrivals)); });
    std::uint64_t sent_early = 0;
    if (planted("ack_before_commit")) sent_early = answer_batches(group);
    if (kAfterRegistryCommit.pass() || !commit(group) || kAfterTelemetryCommit.pass()) return busy(frames);
    count(group);
    if (kBeforeAck.pass()) return 0;
    return sent_early + answer(group);
  } catch (const service::StoreError& error) {
    log::error("ingest: {}", error.what());
    return busy(frames);
  }
}

Delivery::Arrival Delivery::decode(const PeerFrame& frame) const {
  Arrival arrival;
  arrival.frame = &frame;
  const auto separator = frame.user_id.find(kUserIdSeparator);
  arrival.gateway_id = frame.user_id.substr(0, separator);
  if (separator != std::string::npos) arrival.public_key = frame.user_id.substr(separator + 1);
  if (frame.data.empty())
    arrival.error = "empty, multi-part or over 256 KiB";
  else if (!arrival.up.ParseFromString(frame.data))
    arrival.error = "not protobuf";
  else if (arrival.up.body_case() == telemetry::Up::BODY_NOT_SET)
    arrival.error = "no known message";
  else if (arrival.up.has_hello() && arrival.up.hello().protocol() != kProtocol)
    arrival.error = fmt::format("protocol {}, expected {}", arrival.up.hello().protocol(), kProtocol);
  return arrival;
}

Delivery::Group Delivery::plan(Transaction& transaction, std::vector<Arrival> arrivals) {
  Group group;
  group.time = transaction.now();
  for (auto& arrival : arrivals) plan_one(transaction, group, arrival);
  group.arrivals = std::move(arrivals);
  return group;
}

void Delivery::plan_one(Transaction& transaction, Group& group, Arrival& arrival) {
  const auto owner_of_key = transaction.inventory().gateway_of_key(arrival.public_key);
  arrival.admitted = owner_of_key == arrival.gateway_id;
  if (!arrival.admitted || !arrival.error.empty()) return;
  heard(transaction, arrival.gateway_id);
  if (arrival.up.has_hello()) return apply_hello(transaction, arrival);
  if (arrival.up.has_command_result())
    return commands_.result(transaction, arrival.gateway_id, arrival.up.command_result());
  if (arrival.up.has_live()) {
    if (const Status shown = commands_.live(arrival.gateway_id, arrival.up.live(), transaction.now()); !shown)
      arrival.error = shown.error().message;
    return;
  }
  if (!arrival.up.has_batch()) return;

  const StreamKey key{arrival.gateway_id, hex(arrival.up.batch().stream_id())};
  const auto known = group.marks.find(key);
  const std::uint64_t mark = known != group.marks.end() ? known->second : store_.mark(key);
  arrival.key = key;
  arrival.plan = plan_batch(arrival.up.batch(), mark, transaction.now());
  if (!arrival.plan.frame_error.empty()) return;
  group.marks[key] = arrival.plan.mark;
  if (!arrival.plan.events.empty()) {
    apply_events(transaction, arrival.gateway_id, arrival.plan, transaction.marks().get(key));
    transaction.marks().set(key, arrival.plan.mark);
  }
  if (arrival.plan.entries.empty()) return;
  service::TelemetryBatch& batch = group.batches[key];
  batch.key = key;
  batch.mark = arrival.plan.mark;
  std::move(arrival.plan.entries.begin(), arrival.plan.entries.end(), std::back_inserter(batch.entries));
}

void Delivery::heard(Transaction& transaction, const std::string& gateway_id) {
  transaction.inventory().seen(gateway_id, transaction.now());
  const auto owner = transaction.inventory().owner(gateway_id);
  if (!owner) return;
  const auto silent = transaction.alarms().active(
      {.gateway_id = gateway_id, .ownership_id = owner->id, .unit_no = 0, .code = service::kOfflineCode});
  if (silent) alarms_.clear(transaction, {gateway_id, 0, service::kOfflineCode, "", transaction.now()});
}

void Delivery::apply_hello(Transaction& transaction, Arrival& arrival) {
  if (transaction.inventory().report(arrival.gateway_id, inventory_of(arrival.up.hello())))
    transaction.audit().write({"gateway " + arrival.gateway_id, "", "inventory", arrival.gateway_id, "ok"});
  if (const auto device = transaction.inventory().find(arrival.gateway_id))
    arrival.settings_revision = device->settings_revision;
  commands_.hello(transaction, arrival.gateway_id, arrival.up.hello());
}

void Delivery::apply_events(Transaction& transaction, const std::string& gateway_id, const BatchPlan& plan,
                            std::uint64_t registry_mark) {
  for (const auto& record : plan.events) {
    if (record.seq() <= registry_mark) continue;  // in the registry already: the crash came between the two commits
    const auto& event = record.event();
    const service::FaultReport report{gateway_id, static_cast<int>(event.unit_no()), event.code(), event.detail(),
                                      time_of_ms(event.time_ms())};
    if (event.kind() == telemetry::EVENT_KIND_FAULT_RAISED) alarms_.raise(transaction, report);
    if (event.kind() == telemetry::EVENT_KIND_FAULT_CLEARED) alarms_.clear(transaction, report);
    if (event.kind() == telemetry::EVENT_KIND_SETTINGS_CHANGED)
      commands_.settings_changed(transaction, gateway_id, event);
    if (event.kind() == telemetry::EVENT_KIND_UNITS_CHANGED &&
        transaction.inventory().report_units(gateway_id, units_of(event.units())))
      transaction.audit().write({"gateway " + gateway_id, "", "inventory", gateway_id, "ok"});
  }
}

bool Delivery::commit(const Group& group) {
  if (group.batches.empty()) return true;
  std::vector<service::TelemetryBatch> batches;
  for (const auto& [key, batch] : group.batches) batches.push_back(batch);
  const Status stored = store_.commit(batches);
  if (!stored) log::error("ingest: {}", stored.error().message);
  if (stored) ++counters_.commits;
  return stored.has_value();
}

std::uint64_t Delivery::answer(const Group& group) {
  std::uint64_t sent = planted("ack_before_commit") ? 0 : answer_batches(group);
  for (const auto& arrival : group.arrivals) {
    if (!arrival.admitted || !arrival.error.empty() || !arrival.up.has_hello()) continue;
    const StreamKey key{arrival.gateway_id, hex(arrival.up.hello().stream_id())};
    telemetry::Down down;
    auto& welcome = *down.mutable_welcome();
    welcome.set_time_ms(ms_of(group.time));
    welcome.set_mark(store_.mark(key));
    welcome.set_report_period_ms(ms_of_span(settings_.report_period));
    welcome.set_send_offset_ms(ms_of_span(send_offset(arrival.gateway_id, settings_.report_period)));
    welcome.set_settings_revision(static_cast<std::uint64_t>(arrival.settings_revision));
    sent += send(arrival.gateway_id, arrival.frame->routing_id, down);
  }
  return sent;
}

std::uint64_t Delivery::answer_batches(const Group& group) {
  std::uint64_t sent = 0;
  for (const auto& arrival : group.arrivals) {
    if (!arrival.admitted) continue;
    const auto reply = [&](const telemetry::Down& down) {
      sent += send(arrival.gateway_id, arrival.frame->routing_id, down);
    };
    const std::string& stream_id = arrival.up.batch().stream_id();
    const std::string& error = arrival.error.empty() ? arrival.plan.frame_error : arrival.error;
    if (!error.empty()) {
      reply(refused_frame(stream_id, error));
      continue;
    }
    if (!arrival.key) continue;
    for (const auto& record : arrival.plan.refused) {
      telemetry::Down down = refused_frame(stream_id, record.reason);
      down.mutable_refused()->set_seq(record.seq);
      reply(down);
    }
    telemetry::Down down;
    if (arrival.plan.gap) {
      down.mutable_gap()->set_stream_id(stream_id);
      down.mutable_gap()->set_expected_seq(*arrival.plan.gap);
    } else {
      down.mutable_ack()->set_stream_id(stream_id);
      down.mutable_ack()->set_seq(arrival.plan.mark);
    }
    reply(down);
  }
  return sent;
}

std::uint64_t Delivery::send_commands() {
  std::uint64_t sent = 0;
  const auto connected = [this](const std::string& gateway_id) { return routes_.contains(gateway_id); };
  for (const CommandFrame& frame : commands_.take(connected))
    sent += send(frame.gateway_id, routes_.at(frame.gateway_id), frame.down);
  return sent;
}

std::uint64_t Delivery::busy(const std::vector<PeerFrame>& frames) {
  std::uint64_t sent = 0;
  for (const auto& frame : frames) sent += refuse_busy(frame);
  return sent;
}

std::uint64_t Delivery::refuse_busy(const PeerFrame& frame) {
  telemetry::Down down;
  down.mutable_busy()->set_retry_after_ms(ms_of_span(settings_.busy_retry));
  ++counters_.busy;
  return send(frame.user_id.substr(0, frame.user_id.find(kUserIdSeparator)), frame.routing_id, down);
}

bool Delivery::send(const std::string& gateway_id, const std::string& routing_id, const telemetry::Down& down) {
  const auto route = routes_.find(gateway_id);
  const bool sent = send_(route == routes_.end() ? routing_id : route->second, down.SerializeAsString());
  if (!sent) ++counters_.unanswered;
  if (sent && down.has_ack()) ++counters_.acks;
  return sent;
}

void Delivery::count(const Group& group) {
  for (const auto& arrival : group.arrivals) {
    if (!arrival.admitted) ++counters_.revoked;
    if (!arrival.error.empty() || !arrival.plan.frame_error.empty()) ++counters_.refusals;
    if (arrival.plan.gap) ++counters_.gaps;
    counters_.duplicates += arrival.plan.duplicates;
    counters_.put_aside += arrival.plan.refused.size();
    counters_.events += arrival.plan.events.size();
    counters_.records += static_cast<std::uint64_t>(arrival.up.batch().records_size());
  }
  for (const auto& [key, batch] : group.batches)
    counters_.samples +=
        static_cast<std::uint64_t>(std::count_if(batch.entries.begin(), batch.entries.end(), [](const auto& entry) {
          return entry.kind == service::SeqKind::sample;
        }));
}

}  // namespace v2x::ingest
