#include "backend/model/period.hpp"

#include <array>
#include <charconv>
#include <chrono>

#include "common/jst.hpp"

namespace v2x::model {
namespace {

using std::chrono::day;
using std::chrono::month;
using std::chrono::year;
using std::chrono::year_month_day;

constexpr std::array kWords = {"day", "month", "year"};  // by Span
constexpr std::array kTitles = {"%Y年%-m月%-d日", "%Y年%-m月", "%Y年"};
constexpr std::array kDates = {"%Y-%m-%d", "%Y-%m", "%Y"};
constexpr int kFirstYear = 2000, kLastYear = 2099;
constexpr std::array<size_t, 3> kShortest = {10, 7, 4};  // of a date, by Span

size_t index(Span span) {
  return static_cast<size_t>(span);
}

Time midnight(year_month_day date) {
  return from_jst({date, 0, 0, 0, 0});
}

/// The start of the slot that follows the one that begins at `t`.
Time next_slot(Span span, Time t) {
  if (span == Span::day) return t + std::chrono::minutes(30);
  if (span == Span::month) return jst_midnight(t, 1);
  return midnight(to_jst(t).date + std::chrono::months(1));
}

std::optional<unsigned> number(std::string_view digits) {
  unsigned value = 0;
  const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (failure != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

/// 2026, 2026-04 or 2026-04-01; the first of what is missing.
std::optional<year_month_day> date_of(std::string_view text) {
  if (text.size() != 4 && text.size() != 7 && text.size() != 10) return std::nullopt;
  if ((text.size() > 4 && text[4] != '-') || (text.size() > 7 && text[7] != '-')) return std::nullopt;
  const auto y = number(text.substr(0, 4));
  const auto m = text.size() > 4 ? number(text.substr(5, 2)) : 1;
  const auto d = text.size() > 7 ? number(text.substr(8, 2)) : 1;
  if (!y || !m || !d) return std::nullopt;
  const year_month_day date(year(static_cast<int>(*y)), month(*m), day(*d));
  if (!date.ok() || date.year() < year(kFirstYear) || date.year() > year(kLastYear)) return std::nullopt;
  return date;
}

}  // namespace

std::string to_string(Span span) {
  return kWords[index(span)];
}

std::optional<Span> span_of(std::string_view word) {
  for (const Span span : {Span::day, Span::month, Span::year})
    if (word == kWords[index(span)]) return span;
  return std::nullopt;
}

Period Period::of(Span span, Time t) {
  const year_month_day date = to_jst(t).date;
  if (span == Span::day) return {span, jst_midnight(t), jst_midnight(t, 1)};
  const year_month_day first(date.year(), span == Span::month ? date.month() : month(1), day(1));
  return {span, midnight(first), midnight(first + std::chrono::months(span == Span::month ? 1 : 12))};
}

std::optional<Period> Period::parse(Span span, std::string_view date) {
  const auto parsed = date_of(date);
  if (!parsed || date.size() < kShortest[index(span)]) return std::nullopt;
  return of(span, midnight(*parsed));
}

std::string Period::title() const {
  return format_jst(start, kTitles[index(span)]);
}

std::string Period::date() const {
  return format_jst(start, kDates[index(span)]);
}

std::vector<Time> Period::bounds() const {
  std::vector<Time> bounds{start};
  while (bounds.back() < end) bounds.push_back(next_slot(span, bounds.back()));
  return bounds;
}

}  // namespace v2x::model
