// The calendar of the graphs.
#include "backend/model/period.hpp"

#include <gtest/gtest.h>

#include "common/jst.hpp"

namespace v2x::model {
namespace {

Time at(const std::string& text) {
  return parse_time(text).value();
}

TEST(Period, HoldsItsFirstInstantAndNotItsLast) {
  const Period day = Period::of(Span::day, at("2026-04-01T23:59:59"));
  EXPECT_EQ(day.start, at("2026-04-01T00:00:00"));
  EXPECT_EQ(day.end, at("2026-04-02T00:00:00"));
  EXPECT_FALSE(day.contains(day.end));
  EXPECT_EQ(Period::of(Span::day, day.end).title(), "2026年4月2日");
}

TEST(Period, IsCutIntoTheSlotsOfItsGraph) {
  EXPECT_EQ(Period::of(Span::day, at("2026-04-01T12:00:00")).bounds().size(), 49u);
  EXPECT_EQ(Period::of(Span::month, at("2028-02-10T12:00:00")).bounds().size(), 30u);
  const auto year = Period::of(Span::year, at("2026-07-01T00:00:00"));
  ASSERT_EQ(year.bounds().size(), 13u);
  EXPECT_EQ(year.bounds().back(), year.end);
  EXPECT_EQ(year.bounds()[1], at("2026-02-01T00:00:00"));
}

TEST(Period, NeighboursFollowTheCalendar) {
  const auto january = Period::of(Span::month, at("2026-01-31T12:00:00"));
  EXPECT_EQ(january.before().date(), "2025-12");
  EXPECT_EQ(january.after().date(), "2026-02");
  EXPECT_EQ(Period::of(Span::year, at("2026-01-01T00:00:00")).before().title(), "2025年");
}

TEST(Period, ReadsDatesAsUrlsHaveThem) {
  for (const auto& [span, text] : {std::pair{Span::day, "2026-04-01"}, {Span::month, "2026-04"}, {Span::year, "2026"}})
    EXPECT_EQ(Period::parse(span, text)->date(), text);
  EXPECT_EQ(Period::parse(Span::month, "2026-04-17")->date(), "2026-04");
  for (const char* bad : {"", "2026", "2026-04", "2026-13-01", "2026-02-29", "2026/04/01", "1999-12-31", "2100-01-01",
                          "2026-4-1", "today", "2026-04-01x", "+026-04-01"})
    EXPECT_EQ(Period::parse(Span::day, bad), std::nullopt) << bad;
}

}  // namespace
}  // namespace v2x::model
