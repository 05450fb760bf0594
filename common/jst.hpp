// Japanese civil time (UTC+9, no summer time) and the text forms of instants.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "common/clock.hpp"
#include "common/result.hpp"

namespace v2x {

/// A calendar day and time of day in JST.
struct JstTime {
  std::chrono::year_month_day date;
  int hour = 0;
  int minute = 0;
  int second = 0;
  int microsecond = 0;
};

JstTime to_jst(Time t);
Time from_jst(const JstTime& t);
/// 00:00 JST of the day that `t` lies in; `days` later.
Time jst_midnight(Time t, int days = 0);

/// "2026-04-01T12:00:00+09:00", with ".123456" only when there is a fraction. The form of YAML, control, record and
/// logs.
std::string format_time(Time t);
/// Reads RFC 3339; without an offset the time is JST. Fraction optional.
Result<Time> parse_time(std::string_view text);

/// strftime-like text of `t` in JST: %Y %m %d %H %M %S padded, %-m %-d unpadded; everything else is copied.
std::string format_jst(Time t, std::string_view format);

}  // namespace v2x
