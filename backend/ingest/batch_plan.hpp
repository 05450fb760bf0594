// The delivery law of one frame, pure: what a stream's batch does to its mark, its rows and its answers (LAW-3 …
// LAW-8).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "backend/service/telemetry.hpp"
#include "contracts/telemetry.pb.h"

namespace v2x::ingest {

/// A record that was put aside.
struct RefusedRecord {
  std::uint64_t seq = 0;
  std::string reason;
  std::string word;  ///< of the reason, for counting
};

/// What to do with a batch. Exactly one of `frame_error` and `gap` may be set; otherwise the batch is accepted.
struct BatchPlan {
  std::string frame_error;           ///< the frame is no batch: refuse it as a whole
  std::optional<std::uint64_t> gap;  ///< the number that was expected instead
  std::uint64_t mark = 0;            ///< of the stream afterwards
  std::vector<service::TelemetryEntry> entries;
  std::vector<const telemetry::Record*> events;  ///< among the new records, in order; they are the batch's
  std::vector<RefusedRecord> refused;
  std::uint64_t duplicates = 0;
};

/// `mark`: of the stream before. `now` judges stamps. `frame`: the Up of which `batch` was parsed, if it is at hand; it
/// spares packing the units anew.
BatchPlan plan_batch(const telemetry::Batch& batch, std::uint64_t mark, Time now, std::string_view frame = {});

}  // namespace v2x::ingest
