// Civil days of Japanese time as the plant needs them: number, month, weekend, seconds since midnight.
#pragma once

#include <cstdint>

#include "common/clock.hpp"

namespace v2x::plant {

struct CivilDay {
  std::int64_t number = 0;  ///< days since 1970-01-01 JST
  int month = 1;            ///< 1…12
  int day_of_year = 1;      ///< 1…366
  bool weekend = false;
};

CivilDay civil_day(Time t);
/// CivilDay::number alone.
std::int64_t day_number(Time t);
/// Of the JST day that `t` lies in, [0, 86400).
double seconds_of_day(Time t);

}  // namespace v2x::plant
