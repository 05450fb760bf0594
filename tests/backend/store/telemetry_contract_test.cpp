// What every telemetry store must do, whatever it is made of.
#include <gmock/gmock.h>

#include <map>

#include "common/random.hpp"
#include "tests/backend/store/samples.hpp"
#include "tests/backend/store/telemetry_adapters.hpp"

namespace v2x::test {
namespace {

using service::CounterReading;
using service::HalfHour;
using service::SeqKind;
using service::TelemetrySample;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr Duration kMinute = std::chrono::minutes(1);

class TelemetryContract : public OverAdapters {
 protected:
  void commit(const service::TelemetryBatch& one) { ASSERT_TRUE(store_->commit({one})); }

  std::vector<Time> touched() {
    std::vector<Time> starts;
    for (const auto& one : store_->touched(kMeter)) starts.push_back(one.start);
    return starts;
  }
};

TEST_P(TelemetryContract, AStreamsMarkIsTheNewestCommit) {
  EXPECT_EQ(store_->mark({kMeter, kStreamOne}), 0u);
  commit(batch(1, {sample(jst("12:01"), counters(1)), sample(jst("12:02"), counters(2))}));
  EXPECT_EQ(store_->mark({kMeter, kStreamOne}), 2u);
  commit({{kMeter, kStreamOne}, 9, {{3, SeqKind::dropped, 9, {}, "", ""}}});
  EXPECT_EQ(store_->mark({kMeter, kStreamOne}), 9u);
  EXPECT_EQ(store_->mark({kMeter, "ff" + kStreamOne.substr(2)}), 0u) << "another stream";
  EXPECT_EQ(store_->mark({"01AB12345679", kStreamOne}), 0u) << "another gateway";
}

TEST_P(TelemetryContract, WhatIsSentAgainIsStoredOnce) {
  const auto first = batch(1, {sample(jst("12:01"), counters(1)), sample(jst("12:02"), counters(2))});
  commit(first);
  commit(first);
  commit(batch(2, {sample(jst("12:02"), counters(2)), sample(jst("12:03"), counters(3))}));
  commit(batch(1, {sample(jst("12:01"), counters(1))}));
  EXPECT_EQ(store_->mark({kMeter, kStreamOne}), 3u) << "it never falls";
  EXPECT_EQ(store_->counters(kMeter, jst("12:00"), jst("13:00")).size(), 3u);
  EXPECT_EQ(store_->ledger(kMeter).at(0).stored, 3u);
  EXPECT_EQ(store_->ledger(kMeter).at(0).doubled, 0u);
}

TEST_P(TelemetryContract, TheNewestOfTwoStreamsCounts) {
  const std::string second = "ff" + kStreamOne.substr(2);
  commit(batch(1, {sample(jst("12:01"), counters(1)), sample(jst("12:04"), counters(4))}));
  commit(batch(1, {sample(jst("12:02"), counters(2)), sample(jst("12:03"), counters(3))}, second));
  EXPECT_EQ(store_->newest(kMeter, jst("12:00"), jst("12:03"))->end(), jst("12:03"));
  EXPECT_EQ(store_->newest(kMeter, jst("12:00"), jst("12:05"))->end(), jst("12:04"));
  EXPECT_EQ(store_->counter_before(kMeter, jst("12:00"), jst("12:03"))->at, jst("12:03"));
  EXPECT_EQ(store_->counter_after(kMeter, jst("12:01"))->at, jst("12:02"));
  EXPECT_EQ(store_->counter_after(kMeter, jst("12:03"))->at, jst("12:04"));
  EXPECT_EQ(store_->counters(kMeter, jst("12:00"), jst("12:05")).size(), 4u);
}

TEST_P(TelemetryContract, ASampleComesBackAsItWent) {
  TelemetrySample whole = sample(jst("12:01"), counters(1'234'567'890'123, 5));
  whole.mean_w = {3000, 500, 0, 2500, 0, {}};
  whole.throttle = service::Throttle::output_control;
  whole.island = true;
  whole.ev = service::EvReading{service::VehicleState::charging, 615, 24'600};
  whole.units = std::string("packed\0values", 13);
  commit(batch(1, {whole}));
  EXPECT_EQ(store_->newest(kMeter, jst("12:00"), jst("12:01")), whole);
  EXPECT_EQ(store_->newest(kMeter, jst("12:00") + Duration(1), jst("13:00")), std::nullopt) << "began before";
  EXPECT_EQ(store_->newest(kMeter, jst("11:00"), jst("12:00")), std::nullopt) << "ends later";
  EXPECT_EQ(store_->newest("01AB12345679", jst("11:00"), jst("13:00")), std::nullopt);
}

TEST_P(TelemetryContract, CountersComeByTimeWhateverTheirOrderOfArrival) {
  TelemetrySample with_car = sample(jst("12:02"), counters(20));
  with_car.ev = service::EvReading{service::VehicleState::standby, 500, {}};
  commit(batch(1, {sample(jst("12:03"), counters(30)), with_car}));
  commit(batch(3, {sample(jst("12:01"), counters(10))}));
  const CounterReading first{jst("12:01"), counters(10), kMinute, {}}, second{jst("12:02"), counters(20), kMinute, 500},
      third{jst("12:03"), counters(30), kMinute, {}};
  EXPECT_THAT(store_->counters(kMeter, jst("12:01"), jst("12:03")), ElementsAre(second, third));
  EXPECT_EQ(store_->counter_before(kMeter, jst("11:00"), jst("12:01")), first);
  EXPECT_EQ(store_->counter_before(kMeter, jst("11:00"), jst("12:02")), second);
  EXPECT_EQ(store_->counter_before(kMeter, jst("12:02"), jst("12:02")), second);
  EXPECT_EQ(store_->counter_before(kMeter, jst("12:02") + Duration(1), jst("12:02") + kMinute / 2), std::nullopt);
  EXPECT_EQ(store_->counter_after(kMeter, jst("12:01")), second);
  EXPECT_EQ(store_->counter_after(kMeter, jst("12:03")), std::nullopt);
}

/// Two streams of 300 samples each, one in nine stamped earlier than the one before it, as after a clock was set back.
class AgainstAList : public TelemetryContract {
 protected:
  void SetUp() override {
    std::vector<std::vector<TelemetrySample>> streams(2);
    for (auto& stream : streams)
      for (Time end = jst("08:00"); stream.size() < 300;) {
        const bool is_late = stream.size() > 1 && below(9) == 0;
        if (!is_late) end += std::chrono::seconds(1 + below(200));
        const Time stamped = is_late ? end - std::chrono::seconds(1 + below(5000)) : end;
        if (all_.contains(stamped)) continue;  // which of two at one instant comes first is nobody's promise
        stream.push_back(sample(stamped, counters(static_cast<std::int64_t>(all_.size()))));
        stream.back().length = std::chrono::seconds(1 + below(60));
        stream.back().start = stamped - stream.back().length;
        all_.emplace(stamped, stream.back());
      }
    const std::string names[] = {kStreamOne, "ff" + kStreamOne.substr(2)};
    std::size_t sent[] = {0, 0};
    while (sent[0] < 300 || sent[1] < 300) {
      const auto i = below(2);
      const auto count = std::min<std::size_t>(1 + below(90), 300 - sent[i]);
      if (count == 0) continue;
      const auto first = streams[i].begin() + static_cast<std::ptrdiff_t>(sent[i]);
      commit(batch(sent[i] + 1, {first, first + static_cast<std::ptrdiff_t>(count)}, names[i]));
      sent[i] += count;
    }
  }

  std::uint32_t below(std::uint32_t limit) {
    return static_cast<std::uint32_t>(random_bits({1, kMeter, "samples"}, k_++) % limit);
  }
  Time some_time() { return jst("05:00") + std::chrono::seconds(below(16 * 3600)); }
  static CounterReading reading(const TelemetrySample& of) { return {of.end(), of.counter_wh, of.length, {}}; }

  std::uint64_t k_ = 0;
  std::map<Time, TelemetrySample> all_;  ///< by end
};

TEST_P(AgainstAList, EveryQuestionIsAnsweredAlike) {
  for (int i = 0; i < 200; ++i) {
    const Time a = some_time(), b = some_time(), from = std::min(a, b), until = std::max(a, b);
    SCOPED_TRACE(format_time(from) + " to " + format_time(until));
    std::vector<CounterReading> between;
    std::optional<TelemetrySample> newest;
    for (auto at = all_.upper_bound(from); at != all_.upper_bound(until); ++at) {
      between.push_back(reading(at->second));
      if (at->second.start >= from) newest = at->second;
    }
    EXPECT_EQ(store_->counters(kMeter, from, until), between);
    EXPECT_EQ(store_->newest(kMeter, from, until), newest);
    const auto after = all_.upper_bound(until);
    const auto expected = [&](bool there, auto at) {
      return there ? std::optional(reading(at->second)) : std::nullopt;
    };
    EXPECT_EQ(store_->counter_after(kMeter, until), expected(after != all_.end(), after));
    const bool has_before = after != all_.begin() && std::prev(after)->first >= from;
    EXPECT_EQ(store_->counter_before(kMeter, from, until), expected(has_before, has_before ? std::prev(after) : after));
  }
  for (const auto& ledger : store_->ledger(kMeter)) {
    EXPECT_EQ(ledger.stored, 300u);
    EXPECT_EQ(ledger.missing + ledger.doubled, 0u);
  }
}

TEST_P(TelemetryContract, SkewedSamplesAreKeptAndShownNowhere) {
  TelemetrySample ahead = sample(jst("15:00"), counters(99));
  ahead.skewed = true;
  EXPECT_FALSE(store_->has_skewed(kMeter, jst("00:00")));
  commit(batch(1, {ahead}));
  EXPECT_TRUE(store_->has_skewed(kMeter, jst("00:00")));
  EXPECT_FALSE(store_->has_skewed(kMeter, jst("16:00")));
  EXPECT_EQ(store_->newest(kMeter, jst("00:00"), jst("23:00")), std::nullopt);
  EXPECT_THAT(store_->counters(kMeter, jst("00:00"), jst("23:00")), IsEmpty());
  EXPECT_EQ(store_->counter_before(kMeter, jst("00:00"), jst("23:00")), std::nullopt);
  EXPECT_EQ(store_->counter_after(kMeter, jst("00:00")), std::nullopt);
  EXPECT_THAT(touched(), IsEmpty());
  EXPECT_EQ(store_->ledger(kMeter).at(0).stored, 1u);
}

TEST_P(TelemetryContract, TheLedgerFindsWhatIsMissing) {
  commit(batch(1, {sample(jst("12:01"), counters(1)), sample(jst("12:02"), counters(2))}));
  commit({{kMeter, kStreamOne},
          9,
          {{3, SeqKind::event, 0, {}, "", ""},
           {4, SeqKind::put_aside, 0, {}, "absurd", "raw"},
           {5, SeqKind::dropped, 7, {}, "", ""}}});
  const auto ledger = store_->ledger(kMeter).at(0);
  EXPECT_EQ(ledger.stream, kStreamOne);
  EXPECT_EQ(ledger.mark, 9u);
  EXPECT_EQ(ledger.stored, 3u) << "samples 1 and 2, event 3";
  EXPECT_EQ(ledger.put_aside, 1u);
  EXPECT_EQ(ledger.dropped, 3u) << "5 to 7";
  EXPECT_EQ(ledger.missing, 2u) << "8 and 9";
  EXPECT_EQ(ledger.doubled, 0u);
}

TEST_P(TelemetryContract, ACommitTouchesTheHalfHoursOfItsSamples) {
  EXPECT_THAT(touched(), IsEmpty());
  commit(batch(
      1, {sample(jst("12:30"), counters(1)), sample(jst("12:31"), counters(2)), sample(jst("11:10"), counters(0))}));
  EXPECT_THAT(touched(), ElementsAre(jst("11:00"), jst("12:00"), jst("12:30"))) << "12:30 is the end of the first";
  EXPECT_THAT(store_->touched("01AB12345679"), IsEmpty());
}

TEST_P(TelemetryContract, WhatIsKeptIsTouchedNoMoreUnlessSamplesCameMeanwhile) {
  commit(batch(1, {sample(jst("12:10"), counters(1)), sample(jst("12:40"), counters(2))}));
  const auto touched_before = store_->touched(kMeter);
  commit(batch(3, {sample(jst("12:41"), counters(3))}));
  ASSERT_TRUE(store_->keep(kMeter, {{jst("12:00"), counters(1), {}, false, false}}, touched_before));
  EXPECT_THAT(touched(), ElementsAre(jst("12:30")));
  ASSERT_TRUE(store_->keep(kMeter, {}, store_->touched(kMeter)));
  EXPECT_THAT(touched(), IsEmpty());
  commit(batch(4, {sample(jst("12:11"), counters(3))}));
  EXPECT_THAT(touched(), ElementsAre(jst("12:00"))) << "touched again";
  ASSERT_TRUE(store_->keep(kMeter, {}, touched_before));
  EXPECT_THAT(touched(), ElementsAre(jst("12:00"))) << "a slow keeper of the past";
}

TEST_P(TelemetryContract, TouchedGatewaysAreThoseWithHalfHoursBefore) {
  for (const char* gateway : {"01AB12345678", "01AB12345679", "01AB12345680"})
    commit(batch(1, {sample(jst("12:10"), counters(1))}, kStreamOne, gateway));
  EXPECT_THAT(store_->touched_gateways(jst("12:00"), 10), IsEmpty());
  EXPECT_EQ(store_->touched_gateways(jst("12:30"), 10).size(), 3u);
  EXPECT_EQ(store_->touched_gateways(jst("12:30"), 2).size(), 2u);
}

TEST_P(TelemetryContract, AHalfHourComesBackAsItWasKeptLast) {
  HalfHour one{jst("12:00"), counters(100, 30), 615, true, false};
  const HalfHour two{jst("12:30"), {}, {}, false, true};
  ASSERT_TRUE(store_->keep(kMeter, {one, two}, {}));
  EXPECT_THAT(store_->half_hours(kMeter, jst("12:00"), jst("13:00")), ElementsAre(one, two));
  one.energy_wh.pv.reset();
  one.estimated = false;
  ASSERT_TRUE(store_->keep(kMeter, {one}, {}));
  EXPECT_THAT(store_->half_hours(kMeter, jst("12:00"), jst("12:30")), ElementsAre(one));
  EXPECT_THAT(store_->half_hours(kMeter, jst("12:00") + Duration(1), jst("12:30")), IsEmpty());
  EXPECT_THAT(store_->half_hours("01AB12345679", jst("12:00"), jst("13:00")), IsEmpty());
}

TEST_P(TelemetryContract, ForgottenSamplesAreGoneButNotMissing) {
  commit(batch(
      1, {sample(jst("12:01"), counters(1)), sample(jst("12:02"), counters(2)), sample(jst("12:03"), counters(3))}));
  EXPECT_EQ(store_->forget_samples(jst("12:01"), 100).value(), 0);
  EXPECT_EQ(store_->forget_samples(jst("12:03"), 100).value(), 2);
  EXPECT_EQ(store_->counters(kMeter, jst("12:00"), jst("13:00")).size(), 1u);
  const auto ledger = store_->ledger(kMeter).at(0);
  EXPECT_EQ(ledger.stored, 3u);
  EXPECT_EQ(ledger.missing, 0u);
}

TEST_P(TelemetryContract, ASkewedSampleKeepsNoOthersFromBeingForgotten) {
  const Time far = jst("12:00") + std::chrono::days(900);
  TelemetrySample ahead = sample(far, counters(1));
  ahead.skewed = true;
  commit(batch(1, {ahead, sample(jst("12:02"), counters(2)), sample(jst("12:03"), counters(3))}));
  EXPECT_EQ(store_->forget_samples(jst("12:03"), 1).value(), 1);
  EXPECT_EQ(store_->counters(kMeter, jst("12:00"), jst("13:00")).size(), 1u);
  EXPECT_TRUE(store_->has_skewed(kMeter, jst("12:00"))) << "its own time has not come";
  EXPECT_EQ(store_->forget_samples(far + kMinute, 100).value(), 2);
  EXPECT_EQ(store_->ledger(kMeter).at(0).missing, 0u);
}

INSTANTIATE_TEST_SUITE_P(Over, AgainstAList, ::testing::ValuesIn(telemetry_adapters()), adapter_name);
INSTANTIATE_TEST_SUITE_P(Over, TelemetryContract, ::testing::ValuesIn(telemetry_adapters()), adapter_name);

}  // namespace
}  // namespace v2x::test
