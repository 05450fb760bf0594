// What of a batch a store lacks: it drops by its own mark what it has, whatever the ingest believed (LAW-4).
#pragma once

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "backend/service/half_hours.hpp"
#include "backend/service/telemetry.hpp"

namespace v2x::store {

/// Calls `visit(entry, first_seq)` for each entry with numbers beyond `mark`, in order; `first_seq` is the first of
/// them, which for a range of dropped numbers may lie inside of it.
template <class Visit>
void for_each_new(const service::TelemetryBatch& batch, std::uint64_t mark, Visit&& visit) {
  for (const auto& entry : batch.entries) {
    const std::uint64_t last = std::max(entry.seq, entry.until_seq);
    if (last > mark) visit(entry, std::max(entry.seq, mark + 1));
  }
}

/// Whether a number between the store's `mark` and the batch would be lost: the store was set back, as a standby is
/// that took over too early.
inline bool leaves_hole(const service::TelemetryBatch& batch, std::uint64_t mark) {
  return !batch.entries.empty() && batch.entries.front().seq > mark + 1;
}

inline std::string hole_text(const service::TelemetryBatch& batch, std::uint64_t mark) {
  return batch.key.gateway_id + ": the store's mark is " + std::to_string(mark) + ", the batch begins at " +
         std::to_string(batch.entries.front().seq);
}

/// The half-hours in which the samples end, by gateway and start; skewed samples touch none.
inline std::set<std::pair<std::string, Time>> touched_by(const std::vector<service::TelemetryBatch>& batches) {
  std::set<std::pair<std::string, Time>> touched;
  Time start = Time::min();  // neighbours mostly lie in one half-hour
  for (const auto& batch : batches) {
    for (const auto& entry : batch.entries) {
      if (entry.kind != service::SeqKind::sample || entry.sample.skewed) continue;
      const Time of_sample = service::half_hour_of_end(entry.sample.end());
      if (of_sample != start) touched.emplace(batch.key.gateway_id, of_sample);
      start = of_sample;
    }
    start = Time::min();
  }
  return touched;
}

}  // namespace v2x::store
