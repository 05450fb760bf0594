#include "sim/plant/calendar.hpp"

namespace v2x::plant {
namespace {

constexpr std::chrono::hours kJst{9};

}  // namespace

CivilDay civil_day(Time t) {
  using namespace std::chrono;
  const sys_days midnight = floor<days>(t + kJst);
  const year_month_day date(midnight);
  const weekday day(midnight);
  return {midnight.time_since_epoch().count(), static_cast<int>(static_cast<unsigned>(date.month())),
          static_cast<int>((midnight - sys_days(date.year() / January / 1)).count()) + 1,
          day == Saturday || day == Sunday};
}

std::int64_t day_number(Time t) {
  return std::chrono::floor<std::chrono::days>(t + kJst).time_since_epoch().count();
}

double seconds_of_day(Time t) {
  const auto local = t + kJst;
  return std::chrono::duration<double>(local - std::chrono::floor<std::chrono::days>(local)).count();
}

}  // namespace v2x::plant
