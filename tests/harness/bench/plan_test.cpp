// What a fleet sends and when, and how it is written on the wire.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>
#include <set>

#include "common/bad_input.hpp"
#include "common/jst.hpp"
#include "common/scratch_directory.hpp"
#include "harness/bench/fleet_file.hpp"
#include "harness/bench/frames.hpp"
#include "harness/bench/load_plan.hpp"
#include "harness/bench/sample_lines.hpp"

namespace v2x::bench {
namespace {

using namespace std::chrono_literals;

const Time kBegin = *parse_time("2026-04-02T12:00:00+09:00");

LoadPlan plan_of(Shape shape, std::uint32_t gateways, double rate) {
  LoadPlan plan;
  plan.shape = shape;
  plan.gateways = gateways;
  plan.rate = rate;
  return plan;
}

TEST(Arrivals, come_at_the_rate_in_the_order_of_time) {
  const Arrivals arrivals(plan_of(Shape::steady, 100, 1000));
  EXPECT_EQ(arrivals.period(), 100ms);
  std::set<std::uint32_t> gateways;
  Duration last{};
  for (std::uint64_t i = 0; i < 100; ++i) {
    const auto arrival = arrivals.arrival(i);
    EXPECT_GE(arrival.at, last);
    EXPECT_LT(arrival.at, 100ms);
    EXPECT_EQ(arrival.at, arrivals.due(arrival.gateway, 1));
    gateways.insert(arrival.gateway);
    last = arrival.at;
  }
  EXPECT_EQ(gateways.size(), 100u);
  EXPECT_EQ(arrivals.arrival(100).at, arrivals.arrival(0).at + 100ms);
}

TEST(Arrivals, of_a_storm_come_together_and_one_burst_in_the_middle) {
  LoadPlan plan = plan_of(Shape::storm, 50, 10);  // a period of 5 s
  plan.duration = 12s;
  const Arrivals arrivals(plan);
  EXPECT_EQ(arrivals.arrival(0).at, 1s);
  EXPECT_EQ(arrivals.arrival(49).at, 1s);
  EXPECT_EQ(arrivals.arrival(50).at, 6s);
}

TEST(Arrivals, of_a_backlog_are_whole_messages) {
  const Arrivals arrivals(plan_of(Shape::backfill, 10, 5120));
  EXPECT_EQ(arrivals.period(), 1s);
  EXPECT_EQ(arrivals.records(), 512);
  EXPECT_EQ(arrivals.due(3, 512), arrivals.due(3, 1));
  EXPECT_EQ(arrivals.due(3, 513), arrivals.due(3, 1) + 1s);
}

TEST(Stamps, live_periods_end_when_they_are_due) {
  const LoadPlan plan = plan_of(Shape::steady, 60, 30);
  const Arrivals arrivals(plan);
  const Stamp stamp = stamp_of(plan, arrivals, kBegin, 7, 3);
  EXPECT_EQ(stamp.length_ms, 2000u);
  const Time end = kBegin + arrivals.due(7, 3);
  EXPECT_EQ(Time(std::chrono::milliseconds(stamp.start_ms)) + 2s, std::chrono::floor<std::chrono::milliseconds>(end));
}

TEST(Stamps, back_filled_minutes_follow_each_other_300_days_ago) {
  const LoadPlan plan = plan_of(Shape::backfill, 60, 0);
  const Arrivals arrivals(plan);
  const Stamp first = stamp_of(plan, arrivals, kBegin, 0, 1);
  EXPECT_EQ(Time(std::chrono::milliseconds(first.start_ms)), kBegin - 24h * 300);
  EXPECT_EQ(stamp_of(plan, arrivals, kBegin, 0, 2).start_ms, first.start_ms + 60'000);
  EXPECT_EQ(first.length_ms, 60'000u);
}

telemetry::Sample some_sample() {
  telemetry::Sample sample;
  sample.set_pv_w(1200);
  sample.set_load_wh(123'456'789);
  sample.mutable_ev()->set_soc_permille(512);
  sample.add_units()->set_ac_w(-40);
  return sample;
}

TEST(Frames, are_what_protobuf_writes) {
  const std::string stream(16, 's');
  BatchFrame frame;
  for (const std::uint64_t first : {1ull, 127ull, 1'000'000ull}) {  // varints of several lengths
    frame.begin(stream, first);
    for (std::uint64_t seq = first; seq < first + 3; ++seq)
      frame.add(seq, 1'775'000'000'000, 60'000, some_sample().SerializeAsString());
    telemetry::Up up;
    ASSERT_TRUE(up.ParseFromString(std::string(frame.end())));
    telemetry::Up expected;
    expected.mutable_batch()->set_stream_id(stream);
    expected.mutable_batch()->set_first_seq(first);
    for (std::uint64_t seq = first; seq < first + 3; ++seq) {
      telemetry::Record& record = *expected.mutable_batch()->add_records();
      record.set_seq(seq);
      *record.mutable_sample() = some_sample();
      record.mutable_sample()->set_start_ms(1'775'000'000'000);
      record.mutable_sample()->set_length_ms(60'000);
    }
    EXPECT_EQ(up.SerializeAsString(), expected.SerializeAsString());
  }
}

/// Sets every value that a message can have, each integer to another number. `expected` gets "name=value" of each.
void fill(google::protobuf::Message& message, std::int64_t& next, std::vector<std::string>& expected) {
  using google::protobuf::FieldDescriptor;
  const auto& values = *message.GetReflection();
  for (int i = 0; i < message.GetDescriptor()->field_count(); ++i) {
    const FieldDescriptor* field = message.GetDescriptor()->field(i);
    std::int64_t value = ++next;
    switch (field->cpp_type()) {
      case FieldDescriptor::CPPTYPE_MESSAGE:
        for (int n = 0; field->is_repeated() && n < 2; ++n) fill(*values.AddMessage(&message, field), next, expected);
        if (!field->is_repeated()) fill(*values.MutableMessage(&message, field), next, expected);
        continue;
      case FieldDescriptor::CPPTYPE_INT32:
        values.SetInt32(&message, field, static_cast<std::int32_t>(value));
        break;
      case FieldDescriptor::CPPTYPE_INT64:
        values.SetInt64(&message, field, value);
        break;
      case FieldDescriptor::CPPTYPE_UINT32:
        values.SetUInt32(&message, field, static_cast<std::uint32_t>(value));
        break;
      case FieldDescriptor::CPPTYPE_UINT64:
        values.SetUInt64(&message, field, static_cast<std::uint64_t>(value));
        break;
      case FieldDescriptor::CPPTYPE_BOOL:
        values.SetBool(&message, field, (value = 1) != 0);
        break;
      case FieldDescriptor::CPPTYPE_ENUM:
        values.SetEnumValue(&message, field, static_cast<int>(value = 1));
        break;
      default:
        ADD_FAILURE() << field->full_name() << ": this test cannot set such a value";
        continue;
    }
    expected.push_back(fmt::format("{}={}", field->name(), value));
  }
}

TEST(SampleLines, leave_no_value_of_a_sample_out) {
  telemetry::Sample sample;
  std::int64_t next = 1000;
  std::vector<std::string> expected;
  fill(sample, next, expected);
  const SampleLines lines(sample);
  EXPECT_EQ(lines.lines(), 1u + 2u + 2u * 2u) << "the site, its units, their strings";
  std::string text;
  lines.append(text, "X", sample.start_ms());
  for (std::string value : expected) {
    if (value == fmt::format("start_ms={}", sample.start_ms())) continue;  // the time of each line
    const bool is_tag = value.starts_with("unit_no=");
    value = is_tag ? value.substr(5) : value + "i";
    EXPECT_NE(text.find(value), std::string::npos) << value << " is not in\n" << text;
  }
  EXPECT_EQ(lines.values(), expected.size() - 1 - 2) << "all but the time and two tags";
}

TEST(SampleLines, are_written_as_influxdb_reads_them) {
  std::string text;
  SampleLines(some_sample()).append(text, "X", 1'775'000'000'000);
  EXPECT_EQ(text,
            "site,gw=X length_ms=0i,pv_w=1200i,load_wh=123456789i,throttle=0i,island=0i,ev_state=0i,"
            "ev_soc_permille=512i 1775000000000\n"
            "unit,gw=X,no=0 state=0i,ac_w=-40i,quality=0i 1775000000000\n");
}

class FleetFiles : public testing::Test {
 protected:
  FleetFile read(const std::string& bytes) {
    std::ofstream(scratch.path() / "fleet", std::ios::binary) << bytes;
    return FleetFile(scratch.path() / "fleet");
  }
  static std::string house_of(int records) {
    std::string bytes(1, static_cast<char>(records));
    for (int seq = 1; seq <= records; ++seq) {
      telemetry::Record record;
      record.set_seq(static_cast<std::uint64_t>(seq));
      *record.mutable_sample() = some_sample();
      record.mutable_sample()->set_start_ms(seq * 60'000);
      record.mutable_sample()->set_load_w(static_cast<std::uint32_t>(seq));
      const std::string one = record.SerializeAsString();
      bytes += static_cast<char>(one.size()) + one;
    }
    return bytes;
  }

  const ScratchDirectory scratch;
  const std::string head = "v2x-fleet 1\n{\"houses\":2}\n";
};

TEST_F(FleetFiles, give_samples_without_their_times_and_begin_again) {
  const FleetFile file = read(head + house_of(3) + house_of(2));
  EXPECT_EQ(file.houses(), 2u);
  EXPECT_EQ(file.sample(0, 2).load_w(), 3u);
  EXPECT_EQ(file.sample(1, 2).load_w(), 1u);
  EXPECT_EQ(file.sample(0, 0).start_ms(), 0);
  EXPECT_EQ(file.sample(0, 0).ev().soc_permille(), 512u);
}

TEST_F(FleetFiles, that_are_broken_are_refused_with_their_name) {
  for (const std::string& bytes :
       {std::string(), std::string("v2x-fleet 2\n{}\n"), std::string("v2x-fleet 1\n{}\n"), head, head + house_of(3),
        head + house_of(3) + "\x02\x05zzzzz", head + house_of(3) + std::string(1, '\0')})
    try {
      read(bytes);
      ADD_FAILURE() << "was taken: " << bytes.substr(0, 40);
    } catch (const BadInput& error) {
      EXPECT_NE(std::string(error.what()).find("expected a sample file"), std::string::npos) << error.what();
    }
}

}  // namespace
}  // namespace v2x::bench
