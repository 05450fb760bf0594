#include "backend/ingest/batch_plan.hpp"

#include <gtest/gtest.h>

#include <functional>

#include "backend/ingest/records.hpp"
#include "tests/backend/ingest/frames.hpp"

namespace v2x::ingest {
namespace {

using service::SeqKind;
using test::batch_of;
using test::dropped;
using test::kNow;

struct Case {
  const char* law;
  telemetry::Batch batch;
  std::uint64_t mark_before;
  std::string outcome;  ///< "mark 3, +3" accepted, "gap 4", "refused frame", "mark 3, aside 2: why"
};
void PrintTo(const Case& one, std::ostream* out) {
  *out << one.law;
}

std::string outcome_of(const BatchPlan& plan) {
  if (!plan.frame_error.empty()) return "refused frame: " + plan.frame_error;
  if (plan.gap) return "gap " + std::to_string(*plan.gap);
  std::string text = "mark " + std::to_string(plan.mark) + ", +" + std::to_string(plan.entries.size());
  for (const auto& record : plan.refused) text += ", aside " + std::to_string(record.seq) + ": " + record.reason;
  if (plan.duplicates > 0) text += ", twice " + std::to_string(plan.duplicates);
  return text;
}

telemetry::Batch changed(telemetry::Batch batch, const std::function<void(telemetry::Batch&)>& change) {
  change(batch);
  return batch;
}

class BatchPlan_ : public ::testing::TestWithParam<Case> {};

TEST_P(BatchPlan_, FollowsTheDeliveryLaw) {
  const Case& one = GetParam();
  EXPECT_EQ(outcome_of(plan_batch(one.batch, one.mark_before, kNow)), one.outcome);
}

INSTANTIATE_TEST_SUITE_P(
    Frames, BatchPlan_,
    ::testing::Values(
        Case{"the first records of a stream", batch_of(1, 3), 0, "mark 3, +3"},
        Case{"the next ones", batch_of(4, 2), 3, "mark 5, +2"},
        Case{"a repetition changes nothing", batch_of(1, 3), 3, "mark 3, +0, twice 3"},
        Case{"an overlap is taken from the mark on", batch_of(2, 3), 3, "mark 4, +1, twice 2"},
        Case{"a hole is answered with the expected number", batch_of(5, 1), 3, "gap 4"},
        Case{"dropped numbers move the mark", dropped(4, 9), 3, "mark 9, +1"},
        Case{"dropped numbers that are stored stay stored", dropped(2, 5), 3, "mark 5, +1, twice 2"},
        Case{"dropped numbers behind a hole", dropped(6, 9), 3, "gap 4"},
        Case{"seq 0", batch_of(0, 1), 0, "refused frame: seq 0"},
        Case{"513 records", batch_of(1, 513), 0, "refused frame: 513 records, expected 1 to 512"},
        Case{"512 records", batch_of(1, 512), 0, "mark 512, +512"},
        Case{"no records", batch_of(1, 0), 0, "refused frame: expected either records or dropped"},
        Case{"records and dropped", changed(batch_of(1, 1), [](auto& b) { b.mutable_dropped()->set_first_seq(1); }), 0,
             "refused frame: expected either records or dropped"},
        Case{"a short stream id", changed(batch_of(1, 1), [](auto& b) { b.set_stream_id("short"); }), 0,
             "refused frame: stream_id has not 16 bytes"},
        Case{"numbers with a hole inside", changed(batch_of(1, 2), [](auto& b) { b.mutable_records(1)->set_seq(3); }),
             0, "refused frame: numbers are not consecutive"},
        Case{"dropped that ends before it starts", dropped(5, 4), 4,
             "refused frame: dropped is no range from first_seq on"},
        Case{"an empty record is put aside and passed",
             changed(batch_of(1, 3), [](auto& b) { b.mutable_records(1)->clear_sample(); }), 0,
             "mark 3, +3, aside 2: neither sample nor event"},
        Case{"a power that no house has",
             changed(batch_of(1, 1), [](auto& b) { b.mutable_records(0)->mutable_sample()->set_pv_w(2'000'000); }), 0,
             "mark 1, +1, aside 1: 2000000 W is absurd"},
        Case{"stamped more than a day ahead",
             changed(batch_of(1, 1),
                     [](auto& b) { b.mutable_records(0)->mutable_sample()->set_start_ms(ms_of(kNow) + 90'000'000); }),
             0, "mark 1, +1, aside 1: stamped more than a day ahead"},
        Case{"stamped before 2015",
             changed(batch_of(1, 1),
                     [](auto& b) { b.mutable_records(0)->mutable_sample()->set_start_ms(1'400'000'000'000); }),
             0, "mark 1, +1, aside 1: stamped before 2015"},
        Case{"a fault without a code",
             changed(batch_of(1, 1),
                     [](auto& b) {
                       b.mutable_records(0)->mutable_event()->set_time_ms(ms_of(kNow));
                       b.mutable_records(0)->mutable_event()->set_kind(telemetry::EVENT_KIND_FAULT_RAISED);
                     }),
             0, "mark 1, +1, aside 1: a fault without a code"}));

TEST(BatchPlanStamps, AnHourAheadIsKeptAndMarkedAsSkewed) {
  telemetry::Batch batch = batch_of(1, 2);
  batch.mutable_records(0)->mutable_sample()->set_start_ms(ms_of(kNow) + 3'600'000);
  const BatchPlan plan = plan_batch(batch, 0, kNow);
  ASSERT_EQ(plan.entries.size(), 2u);
  EXPECT_TRUE(plan.entries[0].sample.skewed);
  EXPECT_FALSE(plan.entries[1].sample.skewed);
}

TEST(BatchPlanValues, AnAbsentValueStaysAbsent) {
  telemetry::Batch batch = batch_of(1, 1);
  batch.mutable_records(0)->mutable_sample()->clear_sell_w();
  const BatchPlan plan = plan_batch(batch, 0, kNow);
  EXPECT_EQ(plan.entries.at(0).sample.mean_w.sell, std::nullopt);
  EXPECT_EQ(plan.entries.at(0).sample.mean_w.pv, 700);
}

}  // namespace
}  // namespace v2x::ingest
