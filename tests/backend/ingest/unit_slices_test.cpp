// Unit values are stored as they came: what is cut out of a frame is what packing them anew would give.
#include "backend/ingest/unit_slices.hpp"

#include <gmock/gmock.h>

#include "backend/ingest/batch_plan.hpp"
#include "backend/ingest/records.hpp"
#include "tests/backend/ingest/frames.hpp"

namespace v2x::ingest {
namespace {

/// Three records: two units, none, an event.
telemetry::Batch three_records() {
  telemetry::Batch batch = test::batch_of(1, 3);
  for (std::uint32_t no = 1; no <= 2; ++no) {
    auto& unit = *batch.mutable_records(0)->mutable_sample()->add_units();
    unit.set_unit_no(no);
    unit.set_ac_w(-300);
    unit.add_strings()->set_volts_cv(25'000);
  }
  batch.mutable_records(2)->mutable_event()->set_code("E1-1");
  batch.mutable_records(2)->mutable_event()->set_time_ms(ms_of(test::kNow));
  return batch;
}

TEST(UnitSlices, AreWhatPackingGives) {
  const telemetry::Batch batch = three_records();
  const std::string frame = test::up(batch);
  const auto slices = unit_slices(frame);
  ASSERT_TRUE(slices);
  ASSERT_EQ(slices->size(), 3u);
  EXPECT_EQ(slices->at(0), pack_units(batch.records(0).sample()));
  EXPECT_EQ(slices->at(1), "");
  EXPECT_EQ(slices->at(2), "");
  telemetry::Sample only_units;
  ASSERT_TRUE(only_units.ParseFromArray(slices->at(0).data(), static_cast<int>(slices->at(0).size())));
  EXPECT_EQ(only_units.units_size(), 2);
  EXPECT_FALSE(only_units.has_pv_w());
}

TEST(UnitSlices, ThePlanIsTheSameWithAndWithoutTheFrame) {
  const telemetry::Batch batch = three_records();
  const BatchPlan with = plan_batch(batch, 0, test::kNow, test::up(batch)), without = plan_batch(batch, 0, test::kNow);
  ASSERT_EQ(with.entries.size(), 3u);
  for (size_t i = 0; i < 3; ++i) EXPECT_EQ(with.entries[i].sample, without.entries[i].sample);
  EXPECT_NE(with.entries[0].sample.units, "");
}

TEST(UnitSlices, WhatIsNotWrittenAsUsualIsLeftToProtobuf) {
  const telemetry::Batch batch = three_records();
  const std::string frame = test::up(batch);
  EXPECT_FALSE(unit_slices(frame + frame)) << "protobuf merges them";
  telemetry::Sample lone;
  lone.set_buy_w(7);
  std::string apart = batch.records(0).sample().SerializeAsString() + lone.SerializeAsString();
  lone.Clear();
  lone.add_units()->set_unit_no(3);
  apart += lone.SerializeAsString();
  const auto wrapped = [](char tag, const std::string& text) {
    return std::string{tag, static_cast<char>(0x80 | (text.size() & 0x7f)), static_cast<char>(text.size() >> 7)} + text;
  };
  const std::string split = wrapped('\x12', wrapped('\x1a', wrapped('\x12', apart)));
  telemetry::Up parsed;
  ASSERT_TRUE(parsed.ParseFromString(split));
  ASSERT_EQ(parsed.batch().records(0).sample().units_size(), 3);
  EXPECT_FALSE(unit_slices(split)) << "units lie in two places";
}

TEST(UnitSlices, NoPieceOfAFrameIsReadBeyondItsEnd) {
  const std::string frame = test::up(three_records());
  for (size_t size = 1; size < frame.size(); ++size) {
    const std::string piece = frame.substr(0, size);
    EXPECT_FALSE(unit_slices(piece)) << size;
  }
}

}  // namespace
}  // namespace v2x::ingest
