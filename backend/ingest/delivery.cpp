#include "backend/ingest/delivery.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

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
constexpr Duration kConnectedFor = std::chrono::minutes(5);  // a gateway that was heard since then is counted

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

Delivery::Delivery(service::Registry& registry, service::TelemetryStore& store, const service::AlarmService& alarms,
                   Commands& commands, Counters& counters, Send send, DeliverySettings settings)
    : registry_(registry),
      store_(store),
      alarms_(alarms),
      commands_(commands),
      counters_(counters),
      send_(std::move(send)),
      settings_(settings),
      presence_(settings.presence) {}

std::uint64_t Delivery::take(std::vector<PeerFrame> frames) {
  const std::uint64_t sent_before = sent_;
  if (auto group = begin(std::move(frames))) {
    const Status stored = commit(*group);
    finish(std::move(group), stored);
  }
  return sent_ - sent_before;
}

std::unique_ptr<Group> Delivery::begin(std::vector<PeerFrame> frames) {
  counters_.frames += frames.size();
  auto group = take_spare();
  group->begin(std::move(frames));
  try {
    registry_.read([&](Transaction& transaction) { plan(transaction, *group); });
    tell_registry(*group);
  } catch (const service::StoreError& error) {
    log::error("ingest: {}", error.what());
    give_up(std::move(group));
    return nullptr;
  }
  if (planted("ack_before_commit")) answer_batches(*group);
  if (kAfterRegistryCommit.pass()) {
    give_up(std::move(group));
    return nullptr;
  }
  remember_marks(*group);
  return group;
}

std::unique_ptr<Group> Delivery::take_spare() {
  if (spare_.empty()) return std::make_unique<Group>();
  auto group = std::move(spare_.back());
  spare_.pop_back();
  return group;
}

void Delivery::plan(Transaction& transaction, Group& group) {
  group.time = transaction.now();
  for (const auto& frame : group.frames) group.arrivals.push_back(decode(group, frame));
  for (const auto& arrival : group.arrivals)
    if (arrival.up->has_hello()) routes_[arrival.gateway_id] = arrival.frame->routing_id;
  std::stable_sort(group.arrivals.begin(), group.arrivals.end(), [](const Arrival& a, const Arrival& b) {
    if (const int order = a.gateway_id.compare(b.gateway_id); order != 0) return order < 0;
    return a.first_seq() < b.first_seq();
  });
  if (const auto revoked = transaction.inventory().revoked_keys(); revoked != revoked_keys_) {
    keys_.clear();
    revoked_keys_ = revoked;
  }
  for (auto& arrival : group.arrivals) {
    arrival.admitted = is_admitted(transaction, arrival);
    if (arrival.is_good()) plan_one(group, arrival);
  }
}

Arrival Delivery::decode(Group& group, const PeerFrame& frame) {
  Arrival arrival;
  arrival.frame = &frame;
  const auto separator = frame.user_id.find(kUserIdSeparator);
  arrival.gateway_id = frame.user_id.substr(0, separator);
  if (separator != std::string::npos) arrival.public_key = frame.user_id.substr(separator + 1);
  telemetry::Up& up = group.new_message();
  arrival.up = &up;
  if (frame.data.empty())
    arrival.error = {"size", "empty, multi-part or over 256 KiB"};
  else if (!up.ParseFromString(frame.data))
    arrival.error = {"protobuf", "not protobuf"};
  else if (up.body_case() == telemetry::Up::BODY_NOT_SET)
    arrival.error = {"message", "no known message"};
  else if (up.has_hello() && up.hello().protocol() != kProtocol)
    arrival.error = {"protocol", fmt::format("protocol {}, expected {}", up.hello().protocol(), kProtocol)};
  return arrival;
}

bool Delivery::is_admitted(Transaction& transaction, const Arrival& arrival) {
  if (const auto known = keys_.find(arrival.public_key); known != keys_.end())
    return known->second == arrival.gateway_id;
  const auto owner = transaction.inventory().gateway_of_key(arrival.public_key);
  if (owner) keys_.emplace(arrival.public_key, *owner);
  return owner == arrival.gateway_id;
}

void Delivery::plan_one(Group& group, Arrival& arrival) {
  presence_.heard(arrival.gateway_id, group.time);
  if (arrival.up->has_hello()) marks_.erase(arrival.gateway_id);
  if (arrival.up->has_live()) {
    if (const Status shown = commands_.live(arrival.gateway_id, arrival.up->live(), group.time); !shown)
      arrival.error = shown.error();
  }
  if (arrival.up->has_batch()) plan_batch_of(group, arrival);
}

void Delivery::plan_batch_of(Group& group, Arrival& arrival) {
  const telemetry::Batch& batch = arrival.up->batch();
  arrival.key = {arrival.gateway_id, hex(batch.stream_id())};
  const auto [mark, is_new] = group.marks.try_emplace(*arrival.key, 0);
  if (is_new) mark->second = mark_of(*arrival.key, batch.stream_id());
  arrival.plan = plan_batch(batch, mark->second, group.time, arrival.frame->data);
  if (arrival.plan.gap) {  // or another process has taken in what is missing here
    const std::uint64_t stored = store_.mark(*arrival.key);
    if (stored > mark->second) arrival.plan = plan_batch(batch, stored, group.time, arrival.frame->data);
  }
  if (!arrival.plan.frame_error.empty() || arrival.plan.gap) return;
  mark->second = arrival.plan.mark;
  group.add(*arrival.key, arrival.plan);
}

std::uint64_t Delivery::mark_of(const StreamKey& key, const std::string& stream_id) {
  const auto known = marks_.find(key.gateway_id);
  if (known != marks_.end() && known->second.stream_id == stream_id) return known->second.mark;
  return store_.mark(key);
}

void Delivery::tell_registry(Group& group) {
  std::vector<std::string> speaking;
  for (const auto& arrival : group.arrivals)
    if (arrival.needs_registry()) speaking.push_back(arrival.gateway_id);
  if (speaking.empty() && !presence_.is_due()) return;
  const Presence::Heard heard = presence_.to_tell(speaking);
  registry_.transact([&](Transaction& transaction) { apply(transaction, group, heard); });
  told(heard, group.time);
}

/// A gateway is heard before what it says is taken in; in the order of gateways.
void Delivery::apply(Transaction& transaction, Group& group, const Presence::Heard& untold) {
  tell(transaction, untold);
  for (auto& arrival : group.arrivals)
    if (arrival.is_good()) apply_one(transaction, arrival);
}

void Delivery::apply_one(Transaction& transaction, Arrival& arrival) {
  if (arrival.up->has_hello()) return apply_hello(transaction, arrival);
  if (arrival.up->has_command_result())
    return commands_.result(transaction, arrival.gateway_id, arrival.up->command_result());
  if (arrival.plan.events.empty()) return;
  apply_events(transaction, arrival.gateway_id, arrival.plan, transaction.marks().get(*arrival.key));
  transaction.marks().set(*arrival.key, arrival.plan.mark);
}

void Delivery::tell(Transaction& transaction, const Presence::Heard& heard) {
  transaction.inventory().seen(heard);
  std::vector<std::string> gateways;
  for (const auto& entry : heard) gateways.push_back(entry.first);
  for (const auto& gateway_id : transaction.alarms().with_active(service::kOfflineCode, gateways))
    end_silence(transaction, gateway_id);
}

void Delivery::end_silence(Transaction& transaction, const std::string& gateway_id) {
  const auto owner = transaction.inventory().owner(gateway_id);
  if (!owner) return;
  const auto silent = transaction.alarms().active(
      {.gateway_id = gateway_id, .ownership_id = owner->id, .unit_no = 0, .code = service::kOfflineCode});
  if (silent) alarms_.clear(transaction, {gateway_id, 0, service::kOfflineCode, "", transaction.now()});
}

void Delivery::told(const Presence::Heard& heard, Time now) {
  presence_.told(heard);
  counters_.gateways = presence_.heard_since(now - kConnectedFor);
}

void Delivery::tell_presence() {
  if (!presence_.is_due()) return;
  try {
    const Presence::Heard heard = presence_.to_tell();
    const Time now = registry_.transact([&](Transaction& transaction) {
      tell(transaction, heard);
      return transaction.now();
    });
    told(heard, now);
  } catch (const service::StoreError& error) {
    presence_.postpone();
    log::error("ingest: who was heard is told later: {}", error.what());
  }
}

void Delivery::apply_hello(Transaction& transaction, Arrival& arrival) {
  if (transaction.inventory().report(arrival.gateway_id, inventory_of(arrival.up->hello())))
    transaction.audit().write({"gateway " + arrival.gateway_id, "", "inventory", arrival.gateway_id, "ok"});
  if (const auto device = transaction.inventory().find(arrival.gateway_id))
    arrival.settings_revision = device->settings_revision;
  commands_.hello(transaction, arrival.gateway_id, arrival.up->hello());
}

void Delivery::apply_events(Transaction& transaction, const std::string& gateway_id, const BatchPlan& plan,
                            std::uint64_t registry_mark) {
  for (const auto* record : plan.events) {
    if (record->seq() <= registry_mark) continue;  // in the registry already: the crash came between the two commits
    const auto& event = record->event();
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

Status Delivery::commit(const Group& group) {
  if (group.batches.empty()) return done();
  const SteadyTime begin = steady_now();
  Status stored = done();
  try {
    stored = store_.commit(group.batches);
  } catch (const service::StoreError& error) {
    stored = fail("store", error.what());
  }
  if (!stored) return stored;
  ++counters_.commits;
  counters_.commit_s.observe(std::chrono::duration<double>(steady_now() - begin).count());
  return stored;
}

void Delivery::finish(std::unique_ptr<Group> group, const Status& stored) {
  if (!stored) {
    log::error("ingest: {}", stored.error().message);
    marks_.clear();  // what the store has may differ from what we believe
  }
  if (!stored || kAfterTelemetryCommit.pass()) return give_up(std::move(group));
  count(*group);
  if (!kBeforeAck.pass()) answer(*group);
  spare_.push_back(std::move(group));
}

void Delivery::give_up(std::unique_ptr<Group> group) {
  for (const auto& frame : group->frames) refuse_busy(frame);
  spare_.push_back(std::move(group));
}

void Delivery::remember_marks(const Group& group) {
  for (const auto& arrival : group.arrivals)
    if (arrival.is_batch())
      marks_[arrival.gateway_id] = {arrival.up->batch().stream_id(), group.marks.at(*arrival.key)};
}

void Delivery::answer(const Group& group) {
  if (!planted("ack_before_commit")) answer_batches(group);
  for (const auto& arrival : group.arrivals)
    if (arrival.is_good() && arrival.up->has_hello()) welcome(group, arrival);
}

void Delivery::welcome(const Group& group, const Arrival& arrival) try {
  telemetry::Down down;
  auto& welcome = *down.mutable_welcome();
  welcome.set_time_ms(ms_of(group.time));
  const std::string& stream_id = arrival.up->hello().stream_id();
  welcome.set_mark(store_.mark({arrival.gateway_id, hex(stream_id)}));
  // Unless a batch that came meanwhile knows better.
  marks_.try_emplace(arrival.gateway_id, KnownMark{stream_id, welcome.mark()});
  welcome.set_report_period_ms(ms_of_span(settings_.report_period));
  welcome.set_send_offset_ms(ms_of_span(send_offset(arrival.gateway_id, settings_.report_period)));
  welcome.set_settings_revision(static_cast<std::uint64_t>(arrival.settings_revision));
  send(arrival.gateway_id, arrival.frame->routing_id, down);
} catch (const service::StoreError& error) {
  log::error("ingest: {}", error.what());
  refuse_busy(*arrival.frame);
}

void Delivery::answer_batches(const Group& group) {
  for (const auto& arrival : group.arrivals) {
    if (!arrival.admitted) continue;
    const auto reply = [&](const telemetry::Down& down) { send(arrival.gateway_id, arrival.frame->routing_id, down); };
    const std::string& stream_id = arrival.up->batch().stream_id();
    const std::string& error = arrival.error ? arrival.error->message : arrival.plan.frame_error;
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
}

std::uint64_t Delivery::send_commands() {
  const std::uint64_t sent_before = sent_;
  const auto connected = [this](const std::string& gateway_id) { return routes_.contains(gateway_id); };
  for (const CommandFrame& frame : commands_.take(connected))
    send(frame.gateway_id, routes_.at(frame.gateway_id), frame.down);
  return sent_ - sent_before;
}

void Delivery::refuse_busy(const PeerFrame& frame) {
  telemetry::Down down;
  down.mutable_busy()->set_retry_after_ms(ms_of_span(settings_.busy_retry));
  ++counters_.busy;
  send(frame.user_id.substr(0, frame.user_id.find(kUserIdSeparator)), frame.routing_id, down);
}

void Delivery::send(const std::string& gateway_id, const std::string& routing_id, const telemetry::Down& down) {
  const auto route = routes_.find(gateway_id);
  const bool sent = send_(route == routes_.end() ? routing_id : route->second, down.SerializeAsString());
  if (!sent) ++counters_.unanswered;
  if (sent && down.has_ack()) ++counters_.acks;
  if (sent) ++sent_;
}

void Delivery::count(const Group& group) {
  std::uint64_t put_aside = 0, events = 0, committed = 0;
  for (const auto& arrival : group.arrivals) {
    if (!arrival.admitted) ++counters_.revoked;
    if (arrival.error) counters_.refused(arrival.error->code);
    if (!arrival.plan.frame_error.empty()) counters_.refused("batch");
    if (arrival.error || !arrival.plan.frame_error.empty()) ++counters_.refusals;
    if (arrival.plan.gap) ++counters_.gaps;
    for (const auto& record : arrival.plan.refused) counters_.refused(record.word);
    counters_.duplicates += arrival.plan.duplicates;
    put_aside += arrival.plan.refused.size();
    events += arrival.plan.events.size();
    counters_.records += static_cast<std::uint64_t>(arrival.up->batch().records_size());
  }
  std::uint64_t dropped = 0;
  for (const auto& batch : group.batches) {
    committed += batch.entries.size();
    dropped +=
        static_cast<std::uint64_t>(std::count_if(batch.entries.begin(), batch.entries.end(), [](const auto& entry) {
          return entry.kind == service::SeqKind::dropped;
        }));
  }
  counters_.put_aside += put_aside;
  counters_.events += events;
  counters_.samples += committed - put_aside - events - dropped;
  if (committed > 0) counters_.commit_records.observe(static_cast<double>(committed));
}

}  // namespace v2x::ingest
