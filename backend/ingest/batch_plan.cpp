#include "backend/ingest/batch_plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "backend/ingest/records.hpp"
#include "backend/ingest/unit_slices.hpp"

namespace v2x::ingest {
namespace {

using service::SeqKind;
using service::TelemetryEntry;

constexpr int kMostRecords = 512;                           // wire contract
constexpr size_t kStreamIdBytes = 16;                       // telemetry.proto
constexpr std::uint64_t kMostSeq = std::uint64_t{1} << 62;  // signed in the stores

/// Empty when the batch has the shape that the contract gives it.
std::string shape_error(const telemetry::Batch& batch) {
  if (batch.stream_id().size() != kStreamIdBytes) return "stream_id has not 16 bytes";
  if (batch.has_dropped() == (batch.records_size() > 0)) return "expected either records or dropped";
  if (batch.records_size() > kMostRecords)
    return fmt::format("{} records, expected 1 to {}", batch.records_size(), kMostRecords);
  if (batch.first_seq() == 0) return "seq 0";
  if (batch.first_seq() > kMostSeq) return "seq is absurd";
  if (batch.has_dropped()) {
    const auto& dropped = batch.dropped();
    const bool right = dropped.first_seq() == batch.first_seq() && dropped.last_seq() >= dropped.first_seq() &&
                       dropped.last_seq() < kMostSeq;
    return right ? "" : "dropped is no range from first_seq on";
  }
  for (int i = 0; i < batch.records_size(); ++i)
    if (batch.records(i).seq() != batch.first_seq() + static_cast<std::uint64_t>(i))
      return "numbers are not consecutive";
  return "";
}

void put_aside(BatchPlan& plan, const telemetry::Record& record, const Error& why) {
  plan.refused.push_back({record.seq(), why.message, why.code});
  plan.entries.push_back(
      {.seq = record.seq(), .kind = SeqKind::put_aside, .reason = why.message, .raw = record.SerializeAsString()});
}

/// `units`: packed, when they are known.
void take(BatchPlan& plan, const telemetry::Record& record, Time now, std::optional<std::string_view> units) {
  if (record.has_sample()) {
    TelemetryEntry& entry = plan.entries.emplace_back();
    if (const Status read = read_sample(record.sample(), now, entry.sample); !read) {
      plan.entries.pop_back();
      return put_aside(plan, record, read.error());
    }
    entry.seq = record.seq();
    entry.sample.units = units ? std::string(*units) : pack_units(record.sample());
  } else if (record.has_event()) {
    const Status good = check_event(record.event(), now);
    if (!good) return put_aside(plan, record, good.error());
    plan.entries.push_back({.seq = record.seq(), .kind = SeqKind::event});
    plan.events.push_back(&record);
  } else {
    put_aside(plan, record, {"body", "neither sample nor event"});
  }
}

void take_dropped(BatchPlan& plan, const telemetry::Dropped& dropped) {
  const std::uint64_t first = std::max(dropped.first_seq(), plan.mark + 1);
  plan.duplicates = first - dropped.first_seq();
  if (first > dropped.last_seq()) return;
  plan.entries.push_back({.seq = first, .kind = SeqKind::dropped, .until_seq = dropped.last_seq()});
  plan.mark = dropped.last_seq();
}

}  // namespace

BatchPlan plan_batch(const telemetry::Batch& batch, std::uint64_t mark, Time now, std::string_view frame) {
  BatchPlan plan;
  plan.mark = mark;
  plan.frame_error = shape_error(batch);
  if (!plan.frame_error.empty()) return plan;
  if (batch.first_seq() > mark + 1) {
    plan.gap = mark + 1;
    return plan;
  }
  if (batch.has_dropped()) {
    take_dropped(plan, batch.dropped());
    return plan;
  }
  plan.entries.reserve(static_cast<size_t>(batch.records_size()));
  const auto units = unit_slices(frame);
  const bool known = units && units->size() == static_cast<size_t>(batch.records_size());
  for (int i = 0; i < batch.records_size(); ++i) {
    const auto& record = batch.records(i);
    if (record.seq() <= mark) {
      ++plan.duplicates;
      continue;
    }
    take(plan, record, now, known ? std::optional((*units)[static_cast<size_t>(i)]) : std::nullopt);
    plan.mark = record.seq();
  }
  return plan;
}

}  // namespace v2x::ingest
