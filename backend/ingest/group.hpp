// Frames that are taken in together, and what has been made of them so far.
#pragma once

#include <google/protobuf/arena.h>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "backend/ingest/batch_plan.hpp"
#include "backend/service/telemetry.hpp"
#include "common/messaging.hpp"
#include "common/result.hpp"
#include "contracts/telemetry.pb.h"

namespace v2x::ingest {

/// A frame with what could be read of it.
struct Arrival {
  const PeerFrame* frame = nullptr;  ///< of the group
  std::string gateway_id;
  std::string public_key;
  const telemetry::Up* up = nullptr;  ///< in the group's arena
  std::optional<Error> error;         ///< why the frame is no message
  bool admitted = true;
  std::optional<service::StreamKey> key;  ///< of a batch
  BatchPlan plan;
  std::int64_t settings_revision = 0;  ///< of a hello

  std::uint64_t first_seq() const { return up->batch().first_seq(); }
  bool is_good() const { return admitted && !error; }
  bool is_batch() const { return key && plan.frame_error.empty() && !plan.gap; }
  bool needs_registry() const {
    return is_good() && (up->has_hello() || up->has_command_result() || !plan.events.empty());
  }
};

/// Belongs to the ingest's thread; while a group is committed, another thread reads its `batches` and nothing else.
/// Meant to be used again: its memory stays.
class Group {
 public:
  Group();

  void begin(std::vector<PeerFrame> group_frames);
  /// An empty message that lives until the next begin().
  telemetry::Up& new_message();
  /// Moves what is to be stored out of a plan.
  void add(const service::StreamKey& key, BatchPlan& plan);

  Time time{};
  std::vector<PeerFrame> frames;
  std::vector<Arrival> arrivals;                      ///< by (gateway, seq)
  std::map<service::StreamKey, std::uint64_t> marks;  ///< of the telemetry store, as they will be
  std::vector<service::TelemetryBatch> batches;       ///< one a stream

 private:
  const std::unique_ptr<char[]> first_block_;  ///< of the arena
  google::protobuf::Arena arena_;
  std::map<service::StreamKey, size_t> places_;  ///< in `batches`
};

}  // namespace v2x::ingest
