#include "common/clock_options.hpp"

#include <fmt/format.h>

#include <charconv>

#include "common/bad_input.hpp"
#include "common/jst.hpp"

namespace v2x {

Time ClockOptions::start_time() const {
  const auto t = parse_time(start);
  if (!t) throw BadInput("--start: " + t.error().message);
  return *t;
}

RealtimeClock ClockOptions::realtime() const {
  if (!(speed > 0)) throw BadInput(fmt::format("--speed: {} is too slow, expected a number above 0", speed));
  if (epoch.empty()) return {RealtimeClock::system().now(), steady_now(), speed};
  const size_t at = epoch.find('@');
  const auto t = parse_time(epoch.substr(0, at));
  std::int64_t ns = 0;
  const char* begin = epoch.data() + (at == std::string::npos ? epoch.size() : at + 1);
  const char* end = epoch.data() + epoch.size();
  const auto [rest, error] = std::from_chars(begin, end, ns);
  if (!t || error != std::errc() || rest != end)
    throw BadInput(fmt::format("--epoch: '{}', expected like 2026-04-01T12:00:00+09:00@<monotonic ns>", epoch));
  return {*t, SteadyTime(std::chrono::nanoseconds(ns)), speed};
}

std::string format_epoch(Time service_time, SteadyTime at) {
  const auto ns = std::chrono::duration_cast<std::chrono::nanoseconds>(at.time_since_epoch());
  return fmt::format("{}@{}", format_time(service_time), ns.count());
}

}  // namespace v2x
