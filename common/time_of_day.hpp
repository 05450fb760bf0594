// Times of day in JST as people write them.
#pragma once

#include <string>
#include <string_view>

#include "common/jst.hpp"

namespace v2x {

/// "23:59" or "23:59:50": since midnight.
inline Result<Duration> parse_time_of_day(std::string_view text) {
  const std::string seconds = text.size() == 5 ? ":00" : "";
  const auto instant = parse_time("1970-01-01T" + std::string(text) + seconds);
  if (!instant) return fail("bad_argument", "'" + std::string(text) + "' is no time of day, expected like 23:59:50");
  return *instant - jst_midnight(*instant);
}

}  // namespace v2x
