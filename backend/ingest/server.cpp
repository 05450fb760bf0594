#include "backend/ingest/server.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "backend/service/ports/inventory.hpp"
#include "common/log.hpp"

namespace v2x::ingest {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kIdle{250};  // how long the wall-clock loop waits for a first frame; stop() wakes it

milliseconds left_until(SteadyTime end) {
  return std::max(milliseconds(0), std::chrono::ceil<milliseconds>(end - steady_now()));
}

/// Called on the router's ZAP thread.
CurveRouter::Authenticate admit(service::Registry& registry, Counters& counters) {
  return [&registry, &counters](const std::string& public_key) -> std::optional<std::string> {
    try {
      const auto gateway_id = registry.read(
          [&](service::Transaction& transaction) { return transaction.inventory().gateway_of_key(public_key); });
      if (gateway_id) return user_id_of(*gateway_id, public_key);
    } catch (const service::StoreError& error) {
      log::error("ingest: {}", error.what());
    }
    ++counters.unknown_keys;
    return std::nullopt;
  };
}

}  // namespace

Server::Server(const MessagingContext& context, const ServerOptions& options, service::Registry& registry,
               service::TelemetryStore& store, const service::AlarmService& alarms, Commands& commands)
    : options_(options),
      commands_(commands),
      router_(context, options.endpoint, options.keys, admit(registry, counters_)),
      delivery_(
          registry, store, alarms, commands, counters_,
          [this](const std::string& routing_id, const std::string& data) { return router_.send(routing_id, data); },
          options.delivery) {}

void Server::run() {
  Pipeline pipeline(delivery_, [this] { router_.wake(); });
  while (!stopping_) {
    fill_queue(pipeline, queue_.empty() ? kIdle : milliseconds(0));
    if (!queue_.empty()) pipeline.take(next_group());
    delivery_.tell_presence();
    look_for_commands();
    if (commands_.are_wanted()) send_commands_or_log();
  }
}

void Server::look_for_commands() {
  if (!options_.look_for_commands || steady_now() < next_look_) return;
  next_look_ = steady_now() + *options_.look_for_commands;
  commands_.wanted();
}

/// They stay queued in the registry: the next one that wants to be sent takes them along.
void Server::send_commands_or_log() {
  try {
    delivery_.send_commands();
  } catch (const service::StoreError& error) {
    log::error("ingest: commands wait: {}", error.what());
  }
}

void Server::stop() {
  stopping_ = true;
  router_.wake();
}

/// Waits for a first frame, then until a group is full or its time has come, and takes what else is there already.
/// After a pause the first frame goes alone, and after a slow commit nothing that has waited waits for more.
void Server::fill_queue(Pipeline& pipeline, milliseconds timeout) {
  SteadyTime end = steady_now() + timeout;
  for (bool gathers = false; !stopping_;) {
    const bool is_full = queue_.size() >= options_.group_frames;
    auto frame = router_.receive(is_full ? milliseconds(0) : left_until(end));
    pipeline.answer();
    if (!frame && (is_full || !gathers || steady_now() >= end)) return;
    if (!frame) continue;
    queue(std::move(*frame));
    if (!std::exchange(gathers, true)) end = std::max(steady_now(), closed_ + options_.gather);
    if (steady_now() > end + options_.gather) return;  // the queue's head must not starve
  }
}

void Server::queue(PeerFrame frame) {
  if (queue_.size() >= options_.queue_frames || queued_bytes_ + frame.data.size() > options_.queue_bytes) {
    delivery_.refuse_busy(frame);
    return;
  }
  queued_bytes_ += frame.data.size();
  queue_.push_back(std::move(frame));
  counters_.queued_frames = queue_.size();
  counters_.queued_bytes = queued_bytes_;
}

std::vector<PeerFrame> Server::next_group() {
  std::vector<PeerFrame> group;
  for (size_t bytes = 0; !queue_.empty() && group.size() < options_.group_frames; queue_.pop_front()) {
    bytes += queue_.front().data.size();
    if (!group.empty() && bytes > options_.group_bytes) break;
    queued_bytes_ -= queue_.front().data.size();
    group.push_back(std::move(queue_.front()));
  }
  counters_.queued_frames = queue_.size();
  counters_.queued_bytes = queued_bytes_;
  closed_ = steady_now();
  return group;
}

Result<std::uint64_t> Server::take_exactly(std::uint64_t count) {
  const SteadyTime end = steady_now() + options_.frames_patience;
  std::uint64_t taken = 0, sent = 0;
  while (taken < count) {
    std::vector<PeerFrame> group;
    while (taken + group.size() < count && group.size() < options_.group_frames) {
      auto frame = router_.receive(left_until(end));
      if (!frame && steady_now() >= end)
        return fail("frames_missing", fmt::format("{} of {} announced frames came", taken + group.size(), count));
      if (frame) group.push_back(std::move(*frame));
    }
    taken += group.size();
    sent += delivery_.take(std::move(group));
  }
  return sent;
}

void Server::drop_waiting() {
  while (router_.receive(milliseconds(0))) ++counters_.unanswered;
}

}  // namespace v2x::ingest
