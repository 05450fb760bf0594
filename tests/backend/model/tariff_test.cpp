// Prices by weekday and half-hour, and money that is rounded once.
#include "backend/model/tariff.hpp"

#include <gtest/gtest.h>

#include "common/jst.hpp"

namespace v2x::model {
namespace {

Time at(const std::string& text) {
  return parse_time(text).value();
}

constexpr unsigned kWeekend = 0b1000001;

TEST(Tariff, ABandHoldsOnItsWeekdaysAndMayPassMidnight) {
  const PriceBand night{kAllWeekdays & ~kWeekend, 46, 14, 1000};
  EXPECT_TRUE(night.holds(1, 46));
  EXPECT_TRUE(night.holds(1, 13));
  EXPECT_FALSE(night.holds(1, 14));
  EXPECT_FALSE(night.holds(0, 46)) << "a Sunday";
  const PriceBand whole{kAllWeekdays, 0, 48, 1000};
  EXPECT_TRUE(whole.holds(6, 47));
}

TEST(Tariff, TheWeekIsCoveredOnce) {
  const PriceBand day{kAllWeekdays & ~kWeekend, 14, 46, 3500}, night{kAllWeekdays & ~kWeekend, 46, 14, 2000},
      weekend{kWeekend, 0, 48, 2000};
  EXPECT_TRUE((Tariff{{}, {day, night, weekend}, 0}).covers_the_week());
  EXPECT_FALSE((Tariff{{}, {day, night}, 0}).covers_the_week()) << "nothing at the weekend";
  EXPECT_FALSE((Tariff{{}, {day, night, {kAllWeekdays, 0, 48, 1}}, 0}).covers_the_week()) << "twice on weekdays";
  EXPECT_FALSE((Tariff{}).covers_the_week());
}

TEST(Tariff, ThePriceFollowsTheJapaneseClock) {
  const Tariff tariff{{}, {{kAllWeekdays, 14, 46, 3500}, {kAllWeekdays, 46, 14, 2000}}, 0};
  EXPECT_EQ(tariff.buy_price(at("2026-04-01T06:30:00")), 2000);
  EXPECT_EQ(tariff.buy_price(at("2026-04-01T07:00:00")), 3500);
  EXPECT_EQ(tariff.buy_price(at("2026-04-01T23:00:00")), 2000);
}

TEST(Tariff, PastDaysKeepTheirTariff) {
  const std::vector<Tariff> tariffs = {{at("2026-04-01T00:00:00"), {}, 1}, {at("2026-05-01T00:00:00"), {}, 2}};
  EXPECT_EQ(tariff_at(tariffs, at("2026-03-31T23:30:00")), nullptr);
  EXPECT_EQ(tariff_at(tariffs, at("2026-04-30T23:30:00"))->sell, 1);
  EXPECT_EQ(tariff_at(tariffs, at("2026-05-01T00:00:00"))->sell, 2);
}

TEST(Money, IsRoundedHalfUpOnce) {
  EXPECT_EQ(Money::of(1000, 3085).yen(), 31) << "30.85";
  EXPECT_EQ(Money::of(500, 100).yen(), 1) << "0.50";
  EXPECT_EQ(Money::of(499, 100).yen(), 0);
  EXPECT_EQ((Money{} - Money::of(500, 100)).yen(), 0) << "-0.50";
  EXPECT_EQ((Money{} - Money::of(501, 100)).yen(), -1);
  EXPECT_EQ((Money{} - Money::of(1500, 100)).yen(), -1) << "-1.50";
}

TEST(Price, IsReadExactly) {
  EXPECT_EQ(price_of("30.85"), 3085);
  EXPECT_EQ(price_of("31"), 3100);
  EXPECT_EQ(price_of("0.5"), 50);
  EXPECT_EQ(price_of("999.99"), 99999);
  for (const char* bad : {"", ".5", "31.", "-1", "+1", "1000", "1.234", "1,5", "３１", " 31", "1e2"})
    EXPECT_EQ(price_of(bad), std::nullopt) << bad;
  EXPECT_EQ(price_text(3085), "30.85");
  EXPECT_EQ(price_text(5), "0.05");
  EXPECT_EQ(with_commas(-1234567), "-1,234,567");
  EXPECT_EQ(with_commas(999), "999");
}

}  // namespace
}  // namespace v2x::model
