// Energy of half-hours from counter readings: MON-20 … MON-24, GW-11.
#include "backend/service/half_hours.hpp"

#include <gmock/gmock.h>

#include <algorithm>

#include "common/jst.hpp"
#include "common/random.hpp"

namespace v2x::service {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr Duration kMinute = std::chrono::minutes(1);

Time at(const std::string& time_of_day) {
  return parse_time("2026-04-01T" + time_of_day + (time_of_day.size() == 5 ? ":00" : "")).value();
}

/// Of a minute: a counter of 買電 alone.
CounterReading bought(const std::string& time_of_day, std::int64_t wh) {
  return {at(time_of_day), {{}, {}, wh, {}, {}, {}}, kMinute, {}};
}

struct Bought {
  std::string start;
  std::int64_t wh;
  bool estimated = false;
  bool operator==(const Bought&) const = default;
};
void PrintTo(const Bought& one, std::ostream* out) {
  *out << one.start << " " << one.wh << (one.estimated ? " estimated" : "");
}

HalfHourRange whole_day() {
  return {at("00:00"), at("00:00") + std::chrono::hours(24)};
}

std::vector<Bought> bought_in(const std::vector<HalfHour>& half_hours) {
  std::vector<Bought> result;
  for (const auto& one : half_hours)
    result.push_back({format_jst(one.start, "%H:%M"), one.energy_wh.buy.value_or(-1), one.estimated});
  return result;
}

std::vector<Bought> bought_of(std::vector<CounterReading> readings, HalfHourRange range = whole_day()) {
  return bought_in(half_hours_of(std::move(readings), range));
}

TEST(HalfHours, AHalfHourIsItsCounterAtTheEndLessAtTheStart) {
  EXPECT_THAT(bought_of({bought("12:00", 100), bought("12:01", 101), bought("12:02", 110)}),
              ElementsAre(Bought{"11:30", 0}, Bought{"12:00", 10}));
}

TEST(HalfHours, AReadingOnTheBoundEndsTheHalfHourBefore) {
  EXPECT_THAT(bought_of({bought("11:59", 100), bought("12:00", 107), bought("12:01", 109)}),
              ElementsAre(Bought{"11:30", 7}, Bought{"12:00", 2}));
}

TEST(HalfHours, AMinuteOverABoundIsSharedAndMeasured) {
  EXPECT_THAT(bought_of({bought("11:59:40", 0), bought("12:00:40", 9)}),
              ElementsAre(Bought{"11:30", 3}, Bought{"12:00", 6}));
}

TEST(HalfHours, AGapIsSpreadByTimeInWholeWhWithItsSumKept) {
  const auto spread = bought_of({bought("12:10", 0), bought("13:50", 1001)});
  EXPECT_THAT(spread, ElementsAre(Bought{"12:00", 200, true}, Bought{"12:30", 300, true}, Bought{"13:00", 300, true},
                                  Bought{"13:30", 201, true}));
}

TEST(HalfHours, AGapInsideOfAHalfHourEstimatesNothing) {
  EXPECT_THAT(bought_of({bought("12:05", 0), bought("12:25", 500)}), ElementsAre(Bought{"12:00", 500}));
}

TEST(HalfHours, AMissingMinuteOverABoundIsAGap) {
  EXPECT_THAT(bought_of({bought("11:59", 0), bought("12:01", 10)}),
              ElementsAre(Bought{"11:30", 5, true}, Bought{"12:00", 5, true}));
}

TEST(HalfHours, WithoutALaterReadingThereIsNothingToEstimateFrom) {
  EXPECT_THAT(bought_of({bought("12:05", 0), bought("12:10", 50)}), ElementsAre(Bought{"12:00", 50}));
  EXPECT_THAT(bought_of({}), IsEmpty());
}

TEST(HalfHours, AFallIsARestartAndTheNewValueCounts) {
  EXPECT_THAT(bought_of({bought("12:05", 5000), bought("12:06", 3), bought("12:07", 5)}),
              ElementsAre(Bought{"12:00", 5}));
}

TEST(HalfHours, ARollOverIsToldFromARestart) {
  constexpr std::int64_t kWrap = std::int64_t{1} << 32;
  EXPECT_EQ(counter_gain(kWrap - 10, 5), 15);
  EXPECT_EQ(counter_gain(kWrap - 1'000'000, 5), 1'000'005);
  EXPECT_EQ(counter_gain(kWrap - 1'000'001, 5), 5) << "too far from the end: a restart";
  EXPECT_EQ(counter_gain(kWrap + 10, 5), 5) << "a counter of more than 32 bits";
  EXPECT_EQ(counter_gain(5, 5), 0);
}

TEST(HalfHours, OfSeveralReadingsOfOneInstantTheHighestCounts) {
  // The clock was put back by three minutes: the same minutes come again, with counters that went on.
  const auto again = bought_of({bought("12:05", 0), bought("12:06", 1), bought("12:07", 2), bought("12:05", 3),
                                bought("12:06", 4), bought("12:07", 5), bought("12:08", 6)});
  EXPECT_THAT(again, ElementsAre(Bought{"12:00", 3})) << "what was used before 12:05 isn't known";
}

TEST(HalfHours, AFlowThatWasNotReadIsAbsentAndAGapOfItsOwn) {
  std::vector<CounterReading> readings = {bought("12:29", 0), bought("12:30", 1), bought("12:31", 2),
                                          bought("12:32", 3)};
  readings[0].counter_wh.pv = 0;
  readings[3].counter_wh.pv = 30;
  const auto found = half_hours_of(readings, whole_day());
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].energy_wh.pv, 10) << "a third of the gap of three minutes";
  EXPECT_EQ(found[1].energy_wh.pv, 20);
  EXPECT_EQ(found[0].energy_wh.sell, std::nullopt);
}

TEST(HalfHours, TheCarsChargeIsThatOfTheLastSample) {
  std::vector<CounterReading> readings = {bought("12:29", 0), bought("12:30", 1), bought("12:31", 2)};
  readings[0].soc_permille = 500;
  readings[1].soc_permille = 510;
  const auto found = half_hours_of(readings, whole_day());
  EXPECT_EQ(found.at(0).soc_permille, 510);
  EXPECT_EQ(found.at(1).soc_permille, std::nullopt) << "the car has left";
}

TEST(HalfHours, ADifferenceBeyondTwoPercentAndTwentyWhIsSuspect) {
  const auto with_load = [](std::int64_t load) {
    const CounterReading zero{at("12:01"), {0, 0, 0, 0, 0, 0}, kMinute, {}};
    const CounterReading end{at("12:20"), {2000, load, 500, 300, 200, 0}, kMinute, {}};
    return half_hours_of({zero, end}, whole_day()).at(0).suspect;
  };
  EXPECT_FALSE(with_load(2000)) << "2000 + 500 - 300 - 200";
  EXPECT_FALSE(with_load(1942)) << "58 Wh of 38.84 + 20";
  EXPECT_TRUE(with_load(1941)) << "59 Wh of 38.82 + 20";
  EXPECT_FALSE(with_load(2061));
  EXPECT_TRUE(with_load(2063));
}

TEST(HalfHours, AClaimCutsItsHalfHour) {
  HalfHourRange range = whole_day();
  range.visible_from = at("12:10");
  EXPECT_THAT(bought_of({bought("11:50", 0), bought("12:10", 100), bought("12:11", 110)}, range),
              ElementsAre(Bought{"12:00", 10}));
  range.visible_from = at("12:10:15");
  EXPECT_THAT(bought_of({bought("12:10", 100), bought("12:11", 140)}, range), ElementsAre(Bought{"12:00", 30}))
      << "its share of the minute in which the claim was";
}

TEST(HalfHours, AGapThatBeganBeforeTheClaimIsNotTheNewOwners) {
  HalfHourRange range = whole_day();
  range.visible_from = at("12:10");
  EXPECT_THAT(bought_of({bought("09:00", 0), bought("14:10", 9000), bought("14:11", 9010)}, range),
              ElementsAre(Bought{"14:00", 10}));
}

// ---- Properties ----------------------------------------------------------------------------------------------------

/// Numbers of one seed, one after the other.
struct Random {
  using result_type = std::uint64_t;  // as std::shuffle asks for
  static constexpr result_type min() { return 0; }
  static constexpr result_type max() { return ~result_type{0}; }

  result_type operator()() { return random_bits({seed, "half-hours", "test"}, count++); }
  std::int64_t below(std::uint64_t n) { return static_cast<std::int64_t>((*this)() % n); }

  std::uint64_t seed;
  std::uint64_t count = 0;
};

/// A week of minutes with gaps, restarts and unread flows.
std::vector<CounterReading> random_week(Random& random) {
  std::vector<CounterReading> readings;
  Flows<std::int64_t> sum = {0, 0, 0, 0, 0, 0};
  for (std::int64_t minute = 1; minute <= 7 * 1440; ++minute) {
    for (auto* flow : sum.all()) *flow = **flow + random.below(80);
    if (random.below(3000) == 0) sum = {0, 0, 0, 0, 0, 0};
    if (random.below(200) == 0) minute += random.below(200);
    CounterReading reading{at("00:00") + minute * kMinute, sum, kMinute, {}};
    if (random.below(50) == 0) reading.counter_wh.pv.reset();
    readings.push_back(reading);
  }
  return readings;
}

HalfHourRange week() {
  return {at("00:00"), at("00:00") + std::chrono::hours(24 * 8)};
}

TEST(HalfHours, NeitherOrderNorDuplicatesMatter) {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    Random random{seed};
    auto readings = random_week(random);
    const auto expected = half_hours_of(readings, week());
    for (size_t i = 0; i < 500; ++i) readings.push_back(readings[random() % readings.size()]);
    std::shuffle(readings.begin(), readings.end(), random);
    EXPECT_EQ(half_hours_of(readings, week()), expected) << "seed " << seed;
  }
}

TEST(HalfHours, TheSumIsThatOfTheGainsWhateverIsLost) {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    Random random{seed};
    std::vector<CounterReading> readings;
    std::int64_t wh = 0;
    for (int minute = 0; minute <= 1440; ++minute) {
      wh += random.below(100);
      if (minute == 0 || minute == 1440 || random.below(3) == 0)
        readings.push_back({at("00:00") + minute * kMinute, {{}, {}, wh, {}, {}, {}}, kMinute, {}});
    }
    std::int64_t sum = 0;
    for (const auto& one : half_hours_of(readings, whole_day())) sum += one.energy_wh.buy.value_or(0);
    EXPECT_EQ(sum, wh - *readings.front().counter_wh.buy) << "seed " << seed;
  }
}

TEST(HalfHours, TheBalanceHoldsInEstimatedHalfHoursToo) {
  Random random{7};
  const auto gain = [&] { return random.below(20'000); };
  for (int round = 0; round < 200; ++round) {
    Flows<std::int64_t> sum = {gain(), 0, gain(), gain() / 3, gain() / 3, gain()};
    sum.load = *sum.pv + *sum.buy + *sum.discharge - *sum.sell - *sum.charge;
    if (*sum.load < 0) continue;
    const auto found =
        half_hours_of({{at("03:07"), {0, 0, 0, 0, 0, 0}, kMinute, {}}, {at("19:41"), sum, kMinute, {}}}, whole_day());
    for (const auto& one : found) {
      const auto& wh = one.energy_wh;
      EXPECT_EQ(*wh.pv + *wh.buy + *wh.discharge, *wh.load + *wh.sell + *wh.charge);
      EXPECT_GE(*wh.load, 0);
    }
  }
}

}  // namespace
}  // namespace v2x::service
