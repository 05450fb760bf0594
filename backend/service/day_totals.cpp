#include "backend/service/day_totals.hpp"

namespace v2x::service {
namespace {

constexpr std::int64_t kRollOver = std::int64_t{1} << 32;  // MON-22: counters of 32 bits
constexpr std::int64_t kNearRollOver = 1'000'000;          // MON-22: 1 MWh

struct Point {
  Time at{};
  std::int64_t wh = 0;
};

/// The part of `gain` between the two points that falls after `from`.
std::int64_t share_after(Time from, const Point& before, const Point& after, std::int64_t gain) {
  if (before.at >= from) return gain;
  const auto whole = (after.at - before.at).count();
  const auto part = (after.at - from).count();
  return whole <= 0 ? gain : static_cast<std::int64_t>(static_cast<__int128>(gain) * part / whole);
}

}  // namespace

std::int64_t counter_gain(std::int64_t before, std::int64_t after) {
  if (after >= before) return after - before;
  if (before >= kRollOver - kNearRollOver && before < kRollOver) return kRollOver - before + after;
  return after;
}

Flows<std::int64_t> energy_since(Time from, const std::optional<CounterReading>& before,
                                 const std::vector<CounterReading>& readings) {
  Flows<std::int64_t> energy;
  for (size_t flow = 0; flow < energy.all().size(); ++flow) {
    std::optional<Point> last;
    std::optional<std::int64_t>& sum = *energy.all()[flow];
    const auto take = [&](const CounterReading& reading, bool counts) {
      const auto& value = *reading.counter_wh.all()[flow];
      if (!value) return;
      const Point point{reading.at, *value};
      if (counts)
        sum = sum.value_or(0) + (last ? share_after(from, *last, point, counter_gain(last->wh, point.wh)) : 0);
      last = point;
    };
    if (before) take(*before, false);
    for (const auto& reading : readings) take(reading, true);
  }
  return energy;
}

}  // namespace v2x::service
