#include "backend/ingest/group.hpp"

#include <iterator>
#include <utility>

namespace v2x::ingest {
namespace {

// Of parsed messages. The first block stays: 4 MiB of frames take some four times as much.
constexpr size_t kFirstBlockBytes = 16 << 20, kBlockBytes = 1 << 20;

google::protobuf::ArenaOptions arena_options(char* first_block) {
  google::protobuf::ArenaOptions options;
  options.initial_block = first_block;
  options.initial_block_size = kFirstBlockBytes;
  options.max_block_size = kBlockBytes;
  return options;
}

}  // namespace

Group::Group()
    : first_block_(std::make_unique_for_overwrite<char[]>(kFirstBlockBytes)),
      arena_(arena_options(first_block_.get())) {}

void Group::begin(std::vector<PeerFrame> group_frames) {
  arrivals.clear();
  marks.clear();
  batches.clear();
  places_.clear();
  arena_.Reset();
  frames = std::move(group_frames);
  arrivals.reserve(frames.size());
}

telemetry::Up& Group::new_message() {
  return *google::protobuf::Arena::CreateMessage<telemetry::Up>(&arena_);
}

void Group::add(const service::StreamKey& key, BatchPlan& plan) {
  if (plan.entries.empty()) return;
  const auto [place, is_new] = places_.try_emplace(key, batches.size());
  if (is_new) batches.emplace_back().key = key;
  service::TelemetryBatch& batch = batches[place->second];
  batch.mark = plan.mark;
  if (is_new)
    batch.entries = std::move(plan.entries);
  else
    std::move(plan.entries.begin(), plan.entries.end(), std::back_inserter(batch.entries));
}

}  // namespace v2x::ingest
