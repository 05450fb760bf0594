// A day, month or year of the Japanese calendar, cut into the slots of its graph (MON-25).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/clock.hpp"

namespace v2x::model {

/// The words are those of URLs and of the API.
enum class Span { day, month, year };
std::string to_string(Span span);
std::optional<Span> span_of(std::string_view word);

/// Half-open on the right.
struct Period {
  Span span = Span::day;
  Time start{};
  Time end{};

  /// The period of this kind that `t` lies in.
  static Period of(Span span, Time t);
  /// By a date as URLs have it, of which a month needs only 2026-04 and a year 2026; nullopt when it is none, or not of
  /// 2000 … 2099.
  static std::optional<Period> parse(Span span, std::string_view date);

  Period before() const { return of(span, start - Duration(1)); }
  Period after() const { return of(span, end); }
  bool contains(Time t) const { return start <= t && t < end; }
  bool operator==(const Period&) const = default;
  /// 「2026年4月1日」, 「2026年4月」, 「2026年」.
  std::string title() const;
  /// 2026-04-01, 2026-04 or 2026, as parse() reads it.
  std::string date() const;
  /// Start of each slot and the period's end: 48 half-hours, the days of the month, 12 months.
  std::vector<Time> bounds() const;
};

}  // namespace v2x::model
