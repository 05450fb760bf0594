#include "reports/words.hpp"

#include <fmt/format.h>

#include <cmath>
#include <cstdlib>

#include "common/jst.hpp"

namespace v2x::reports {

OutcomeWords words_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::passed:
      return {"合格", "passed", "✓"};
    case Outcome::failed:
      return {"不合格", "failed", "✕"};
    case Outcome::error:
      return {"試験環境の異常", "error", "!"};
    case Outcome::skipped:
      break;
  }
  return {"実行せず", "skipped", "–"};
}

std::string figure(double value) {
  if (!std::isfinite(value)) return "–";
  std::string text = fmt::format("{:.3f}", value);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  if (text == "-0") return "0";
  const size_t first = text.front() == '-' ? 1 : 0;
  size_t at = std::min(text.find('.'), text.size());
  while (at > first + 3) text.insert(at -= 3, 1, ',');
  return text;
}

std::string span(double seconds) {
  constexpr double kMinute = 60, kHour = 3600, kDay = 86400;
  if (seconds < kMinute) return figure(seconds) + " s";
  const long whole = std::lround(seconds);
  const auto two = [&](long unit, const char* big, long rest_unit, const char* small) {
    const long rest = whole % unit / rest_unit;
    return rest == 0 ? fmt::format("{} {}", whole / unit, big)
                     : fmt::format("{} {} {} {}", whole / unit, big, rest, small);
  };
  if (seconds < kHour) return two(60, "min", 1, "s");
  if (seconds < kDay) return two(3600, "h", 60, "min");
  return two(86400, "d", 3600, "h");
}

std::string moment(Time t) {
  const std::string text = format_jst(t, "%-m月%-d日 %H:%M:%S");
  const int ms = to_jst(t).microsecond / 1000;
  return ms == 0 ? text : fmt::format("{}.{:03}", text, ms);
}

}  // namespace v2x::reports
