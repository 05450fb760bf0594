// Energy queries over every telemetry store: right at once after late data, whoever owned the gateway when.
#include "backend/service/energy.hpp"

#include <gmock/gmock.h>

#include <algorithm>

#include "common/random.hpp"
#include "tests/backend/store/samples.hpp"
#include "tests/backend/store/telemetry_adapters.hpp"

namespace v2x::test {
namespace {

using service::EnergySlot;
using service::EnergyView;
using service::HalfHour;
using service::TelemetrySample;
using ::testing::ElementsAre;

class EnergyQueriesTest : public OverAdapters {
 protected:
  void SetUp() override {
    OverAdapters::SetUp();
    if (store_) energy_ = std::make_unique<service::EnergyQueries>(*store_, clock_);
  }

  void commit(const std::vector<TelemetrySample>& samples) {
    ASSERT_TRUE(store_->commit({batch(seq_, samples)}));
    seq_ += samples.size();
  }
  void keep() { ASSERT_TRUE(energy_->keep_touched(kMeter)); }

  std::vector<HalfHour> day(Time visible_from = {}) const {
    return energy_->half_hours({kMeter, visible_from}, jst("00:00"), jst("00:00") + std::chrono::hours(24));
  }
  /// "12:00 200~", ~ for an estimate.
  std::vector<std::string> bought(Time visible_from = {}) const {
    std::vector<std::string> lines;
    for (const auto& one : day(visible_from))
      lines.push_back(format_jst(one.start, "%H:%M ") + std::to_string(one.energy_wh.buy.value_or(-1)) +
                      (one.estimated ? "~" : ""));
    return lines;
  }

  SteppedClock clock_{jst("23:00")};
  std::unique_ptr<service::EnergyQueries> energy_;
  std::uint64_t seq_ = 1;
};

TEST_P(EnergyQueriesTest, LateDataReplaceTheEstimateAndTheSumStays) {
  commit({sample(jst("12:10"), counters(0)), sample(jst("13:10"), counters(600))});
  const std::vector<std::string> estimated = {"12:00 200~", "12:30 300~", "13:00 100~"};
  EXPECT_EQ(bought(), estimated);
  keep();
  EXPECT_EQ(bought(), estimated) << "the same when it is kept";
  commit({sample(jst("12:29"), counters(10)), sample(jst("12:30"), counters(20))});
  EXPECT_THAT(bought(), ElementsAre("12:00 20", "12:30 435~", "13:00 145~")) << "right after the commit";
  keep();
  EXPECT_THAT(bought(), ElementsAre("12:00 20", "12:30 435~", "13:00 145~"));
  EXPECT_TRUE(store_->touched(kMeter).empty());
}

TEST_P(EnergyQueriesTest, ASampleAfterAGapFillsHalfHoursThatItDoesNotLieIn) {
  commit({sample(jst("12:00"), counters(0))});
  keep();
  commit({sample(jst("14:00"), counters(400))});
  EXPECT_THAT(bought(), ElementsAre("11:30 0", "12:00 100~", "12:30 100~", "13:00 100~", "13:30 100~"));
  const auto narrow = energy_->half_hours({kMeter, {}}, jst("12:30"), jst("13:00"));
  ASSERT_EQ(narrow.size(), 1u);
  EXPECT_EQ(narrow[0].energy_wh.buy, 100);
}

TEST_P(EnergyQueriesTest, ALaterOwnerSeesFromTheClaimOn) {
  commit({sample(jst("11:50"), counters(0)), sample(jst("12:10"), counters(100)), sample(jst("12:11"), counters(110)),
          sample(jst("12:31"), counters(310))});
  keep();
  EXPECT_THAT(bought(jst("12:10")), ElementsAre("12:00 200~", "12:30 10~"));
  EXPECT_THAT(bought(jst("12:10:30")), ElementsAre("12:00 195~", "12:30 10~"));
  EXPECT_THAT(bought(), ElementsAre("11:30 50~", "12:00 250~", "12:30 10~"));
  EXPECT_EQ(energy_->total({kMeter, jst("12:10")}, jst("00:00"), jst("23:00")).buy, 210);
}

TEST_P(EnergyQueriesTest, AGapOverTheClaimBelongsToNobody) {
  commit(
      {sample(jst("09:00"), counters(0)), sample(jst("14:10"), counters(9000)), sample(jst("14:11"), counters(9010))});
  keep();
  EXPECT_THAT(bought(jst("12:10")), ElementsAre("14:00 10"));
}

TEST_P(EnergyQueriesTest, BeforeTheFirstSampleAfterTheClaimThereIsNothing) {
  commit({sample(jst("12:05"), counters(0)), sample(jst("12:06"), counters(10))});
  keep();
  EXPECT_TRUE(day(jst("12:10")).empty());
  EXPECT_EQ(energy_->total({kMeter, jst("12:10")}, jst("00:00"), jst("23:00")).buy, std::nullopt);
}

TEST_P(EnergyQueriesTest, SlotsAddUpHalfHoursOfDaysAndMonths) {
  commit({sample(jst("2026-03-31T23:00:00"), counters(0)), sample(jst("00:00"), counters(60)),
          sample(jst("00:01"), counters(61)), sample(jst("2026-04-02T00:00:00"), counters(100))});
  const std::vector<Time> days = {jst("2026-03-31T00:00:00"), jst("00:00"), jst("2026-04-02T00:00:00"),
                                  jst("2026-04-03T00:00:00")};
  const auto slots = service::slots_between(days, energy_->half_hours({kMeter, {}}, days.front(), days.back()));
  ASSERT_EQ(slots.size(), 3u);
  EXPECT_EQ(slots[0].energy_wh.buy, 60);
  EXPECT_EQ(slots[1].energy_wh.buy, 40);
  EXPECT_EQ(slots[1].quality, EnergySlot::Quality::estimated);
  EXPECT_EQ(slots[2].energy_wh.buy, std::nullopt);
  EXPECT_EQ(slots[2].quality, EnergySlot::Quality::missing);
}

TEST_P(EnergyQueriesTest, WhateverTheOrderAndWheneverItIsKeptTheResultIsOne) {
  std::uint64_t drawn = 0;
  const auto below = [&](std::uint64_t n) {
    return static_cast<std::int64_t>(random_bits({11, "energy", "test"}, ++drawn) % n);
  };
  std::vector<TelemetrySample> samples;
  std::int64_t wh = 0, pv_wh = 0;
  for (std::int64_t minute = 1; minute <= 1440; ++minute) {
    wh += below(50), pv_wh += below(70);
    if (below(400) == 0) wh = 0;
    if (below(300) == 0) minute += below(150);
    samples.push_back(sample(jst("00:00") + std::chrono::minutes(minute), counters(wh, pv_wh)));
  }
  std::vector<service::CounterReading> readings;
  for (const auto& one : samples) readings.push_back({one.end(), one.counter_wh, one.length, {}});
  const auto expected =
      service::half_hours_of(readings, {jst("00:00"), jst("00:00") + std::chrono::hours(24), Time::min()});

  for (size_t i = samples.size() - 1; i > 0; --i) std::swap(samples[i], samples[static_cast<size_t>(below(i + 1))]);
  for (auto next = samples.begin(); next != samples.end();) {
    const auto end = next + std::min(1 + below(40), static_cast<std::int64_t>(samples.end() - next));
    commit({next, end});
    next = end;
    if (below(3) == 0) keep();
  }
  EXPECT_EQ(day(), expected);
  keep();
  EXPECT_EQ(day(), expected);
}

INSTANTIATE_TEST_SUITE_P(Over, EnergyQueriesTest, ::testing::ValuesIn(telemetry_adapters()), adapter_name);

}  // namespace
}  // namespace v2x::test
