#include "common/jst.hpp"

#include <fmt/format.h>

#include <cstdio>

namespace v2x {
namespace {

using namespace std::chrono;
constexpr hours kOffset{9};

/// Parses `digits` decimal digits at `at`; -1 when there is something else.
int number(std::string_view text, size_t at, size_t digits) {
  if (at + digits > text.size()) return -1;
  int value = 0;
  for (size_t i = at; i < at + digits; ++i) {
    if (text[i] < '0' || text[i] > '9') return -1;
    value = value * 10 + (text[i] - '0');
  }
  return value;
}

/// Reads ".123456" (1 to 6 digits) at `at` and moves `at` behind it.
Result<int> fraction_us(std::string_view text, size_t& at) {
  if (at >= text.size() || text[at] != '.') return 0;
  int value = 0;
  int digits = 0;
  for (++at; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, ++digits)
    if (digits < 6) value = value * 10 + (text[at] - '0');
  if (digits == 0) return fail("bad_time", "digits expected after the decimal point");
  for (; digits < 6; ++digits) value *= 10;
  return value;
}

Result<minutes> offset(std::string_view text) {
  if (text.empty()) return duration_cast<minutes>(kOffset);
  if (text == "Z") return minutes(0);
  const int h = number(text, 1, 2);
  const int m = number(text, 4, 2);
  if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':' || h < 0 || h > 23 || m < 0 || m > 59)
    return fail("bad_time", "offset expected as +09:00 or Z");
  const minutes value = hours(h) + minutes(m);
  return text[0] == '-' ? -value : value;
}

}  // namespace

JstTime to_jst(Time t) {
  const auto local = t + kOffset;
  const auto day = floor<days>(local);
  const hh_mm_ss<Duration> clock(local - day);
  return {year_month_day(day), static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
          static_cast<int>(clock.seconds().count()), static_cast<int>(clock.subseconds().count())};
}

Time from_jst(const JstTime& t) {
  return sys_days(t.date) + hours(t.hour) + minutes(t.minute) + seconds(t.second) + Duration(t.microsecond) - kOffset;
}

Time jst_midnight(Time t, int days_later) {
  return floor<days>(t + kOffset) + days(days_later) - kOffset;
}

std::string format_time(Time t) {
  const JstTime j = to_jst(t);
  std::string text = format_jst(t, "%Y-%m-%dT%H:%M:%S");
  if (j.microsecond != 0) text += fmt::format(".{:06}", j.microsecond);
  return text + "+09:00";
}

Result<Time> parse_time(std::string_view text) {
  const int y = number(text, 0, 4), mo = number(text, 5, 2), d = number(text, 8, 2);
  const int h = number(text, 11, 2), mi = number(text, 14, 2), s = number(text, 17, 2);
  const bool shape = text.size() >= 19 && text[4] == '-' && text[7] == '-' && (text[10] == 'T' || text[10] == ' ') &&
                     text[13] == ':' && text[16] == ':';
  const year_month_day date{year(y), month(static_cast<unsigned>(mo)), day(static_cast<unsigned>(d))};
  if (!shape || y < 0 || !date.ok() || h < 0 || h > 23 || mi < 0 || mi > 59 || s < 0 || s > 59)
    return fail("bad_time", fmt::format("'{}' is no time, expected like 2026-04-01T12:00:00+09:00", text));
  size_t at = 19;
  const auto us = fraction_us(text, at);
  if (!us) return fail(us.error());
  const auto zone = offset(text.substr(at));
  if (!zone) return fail(zone.error());
  return Time(sys_days(date) + hours(h) + minutes(mi) + seconds(s) + Duration(*us) - *zone);
}

std::string format_jst(Time t, std::string_view format) {
  const JstTime j = to_jst(t);
  std::string out;
  for (size_t i = 0; i < format.size(); ++i) {
    if (format[i] != '%' || i + 1 == format.size()) {
      out += format[i];
      continue;
    }
    const bool unpadded = format[i + 1] == '-' && i + 2 < format.size();
    i += unpadded ? 2 : 1;
    const auto put = [&](unsigned value) { out += unpadded ? fmt::format("{}", value) : fmt::format("{:02}", value); };
    switch (format[i]) {
      case 'Y':
        out += fmt::format("{:04}", static_cast<int>(j.date.year()));
        break;
      case 'm':
        put(static_cast<unsigned>(j.date.month()));
        break;
      case 'd':
        put(static_cast<unsigned>(j.date.day()));
        break;
      case 'H':
        put(static_cast<unsigned>(j.hour));
        break;
      case 'M':
        put(static_cast<unsigned>(j.minute));
        break;
      case 'S':
        put(static_cast<unsigned>(j.second));
        break;
      default:
        out += format[i];
    }
  }
  return out;
}

}  // namespace v2x
