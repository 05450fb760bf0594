#include "backend/service/half_hours.hpp"

#include <algorithm>
#include <array>

namespace v2x::service {
namespace {

using Energy = Flows<std::int64_t>;

constexpr std::int64_t kRollOver = std::int64_t{1} << 32;            // MON-22: counters of 32 bits
constexpr std::int64_t kNearRollOver = 1'000'000;                    // MON-22: 1 MWh
constexpr std::int64_t kSuspectPercent = 2, kSuspectWh = 20;         // MON-21
constexpr Duration kLongestMeasured = std::chrono::minutes(5);       // a longer interval is a gap
constexpr Duration kUnevenPeriod = std::chrono::milliseconds(1500);  // how far two periods may be apart
constexpr Duration kInstant{1};

/// 発電 + 買電 + EV放電 − 売電 − EV充電: what is left for 消費.
std::optional<std::int64_t> left_for_load(const Energy& e) {
  if (!e.pv || !e.buy || !e.sell || !e.charge || !e.discharge) return std::nullopt;
  return *e.pv + *e.buy + *e.discharge - *e.sell - *e.charge;
}

/// The span between two successive readings of a counter.
struct Interval {
  Time begin{};
  Time end{};

  /// Of `gain`, what fell before `t`: whole Wh that sum up to `gain` over neighbouring spans.
  std::int64_t share_before(Time t, std::int64_t gain) const {
    return static_cast<std::int64_t>(static_cast<__int128>(gain) * (t - begin).count() / (end - begin).count());
  }
};

/// Of several samples of one instant (a gateway whose clock was put back, a spool that was lost) the highest counts:
/// the choice must not depend on their order, and what follows is then a fall or a rise as it would be without them.
void merge_into(CounterReading& one, const CounterReading& other) {
  for (size_t flow = 0; flow < one.counter_wh.all().size(); ++flow)
    *one.counter_wh.all()[flow] = std::max(*one.counter_wh.all()[flow], *other.counter_wh.all()[flow]);
  one.soc_permille = std::max(one.soc_permille, other.soc_permille);
  one.length = std::max(one.length, other.length);
}

std::vector<CounterReading> one_per_instant(std::vector<CounterReading> readings) {
  std::stable_sort(readings.begin(), readings.end(), [](const auto& a, const auto& b) { return a.at < b.at; });
  std::vector<CounterReading> distinct;
  for (const auto& reading : readings)
    if (!distinct.empty() && distinct.back().at == reading.at)
      merge_into(distinct.back(), reading);
    else
      distinct.push_back(reading);
  return distinct;
}

/// Collects readings in the order of their time.
class Collector {
 public:
  explicit Collector(const HalfHourRange& range)
      : range_(range), slots_(static_cast<size_t>(std::max<std::int64_t>((range.until - range.from) / kHalfHour, 0))) {}

  void take(const CounterReading& reading) {
    if (HalfHour* own = reading.at > range_.visible_from ? slot(half_hour_of_end(reading.at)) : nullptr) {
      own->soc_permille = reading.soc_permille;
      add(own->energy_wh, present(reading.counter_wh));
    }
    // Flows that were read together last time are spread together, so that their balance holds in every half-hour.
    Flows<std::int64_t> left = reading.counter_wh;
    for (size_t flow = 0; flow < last_.size(); ++flow)
      if (*left.all()[flow] && last_[flow]) spread(gains_since(last_[flow]->at, left), last_[flow]->at, reading);
    for (size_t flow = 0; flow < last_.size(); ++flow)
      if (const auto value = *reading.counter_wh.all()[flow]) last_[flow] = {reading.at, *value};
  }

  std::vector<HalfHour> result() {
    std::vector<HalfHour> found;
    for (auto& slot : slots_)
      if (slot) {
        slot->suspect = suspect(slot->energy_wh);
        found.push_back(*slot);
      }
    return found;
  }

 private:
  struct Point {
    Time at{};
    std::int64_t wh = 0;
  };

  static Energy present(const Energy& counters) {
    Energy zeros;
    for (size_t flow = 0; flow < zeros.all().size(); ++flow)
      if (*counters.all()[flow]) *zeros.all()[flow] = 0;
    return zeros;
  }

  static bool suspect(const Energy& energy) {
    const auto expected = left_for_load(energy);
    if (!expected || !energy.load) return false;
    const auto difference = std::abs(*expected - *energy.load);
    return difference * 100 > *energy.load * kSuspectPercent + kSuspectWh * 100;
  }

  /// Gains of the flows in `left` that were last read at `since`; they are taken out of `left`.
  Energy gains_since(Time since, Energy& left) {
    Energy gains;
    for (size_t flow = 0; flow < last_.size(); ++flow) {
      auto& value = *left.all()[flow];
      if (!value || !last_[flow] || last_[flow]->at != since) continue;
      *gains.all()[flow] = counter_gain(last_[flow]->wh, *value);
      value.reset();
    }
    return gains;
  }

  void spread(const Energy& gains, Time since, const CounterReading& reading) {
    const Interval interval{since, reading.at};
    const Duration length = interval.end - interval.begin;
    if (interval.end <= range_.visible_from) return;
    if (interval.begin < range_.visible_from && length > kLongestMeasured) return;
    const Time first = half_hour_of(counted_from(interval)), last = half_hour_of_end(interval.end);
    const bool gap = length > reading.length + kUnevenPeriod || length > kLongestMeasured;
    const bool by_balance = left_for_load(gains) == gains.load && leaves_load(interval, gains, first, last);
    for (Time start = first; start <= last; start += kHalfHour) {
      HalfHour* into = slot(start);
      if (into == nullptr) continue;
      Energy energy = share(interval, start, gains);
      if (by_balance) energy.load = left_for_load(energy);
      add(into->energy_wh, energy);
      into->estimated = into->estimated || (gap && first != last);
    }
  }

  /// Whether whole Wh can be chosen so that 消費 follows from the other flows in each half-hour.
  bool leaves_load(const Interval& interval, const Energy& gains, Time first, Time last) const {
    for (Time start = first; start <= last; start += kHalfHour)
      if (left_for_load(share(interval, start, gains)).value_or(-1) < 0) return false;
    return true;
  }

  Time counted_from(const Interval& interval) const { return std::max(interval.begin, range_.visible_from); }

  Energy share(const Interval& interval, Time start, const Energy& gains) const {
    const Time begin = std::max(counted_from(interval), start), end = std::min(interval.end, start + kHalfHour);
    Energy energy;
    for (size_t flow = 0; flow < energy.all().size(); ++flow)
      if (const auto& gain = *gains.all()[flow])
        *energy.all()[flow] = interval.share_before(end, *gain) - interval.share_before(begin, *gain);
    return energy;
  }

  /// nullptr outside of the range.
  HalfHour* slot(Time start) {
    if (start < range_.from || start >= range_.until) return nullptr;
    auto& slot = slots_[static_cast<size_t>((start - range_.from) / kHalfHour)];
    if (!slot) slot = HalfHour{start, {}, {}, false, false};
    return &*slot;
  }

  const HalfHourRange range_;
  std::vector<std::optional<HalfHour>> slots_;
  std::array<std::optional<Point>, 6> last_;  // by flow
};

}  // namespace

Time half_hour_of(Time t) {
  return Time(std::chrono::floor<std::chrono::duration<std::int64_t, std::ratio<1800>>>(t.time_since_epoch()));
}

Time half_hour_of_end(Time end) {
  return half_hour_of(end - kInstant);
}

void add(Flows<std::int64_t>& sum, const Flows<std::int64_t>& more) {
  for (size_t flow = 0; flow < more.all().size(); ++flow)
    if (const auto& wh = *more.all()[flow]) *sum.all()[flow] = sum.all()[flow]->value_or(0) + *wh;
}

std::int64_t counter_gain(std::int64_t before, std::int64_t after) {
  if (after >= before) return after - before;
  if (before >= kRollOver - kNearRollOver && before < kRollOver) return kRollOver - before + after;
  return after;
}

std::vector<HalfHour> half_hours_of(std::vector<CounterReading> readings, const HalfHourRange& range) {
  Collector collector(range);
  for (const auto& reading : one_per_instant(std::move(readings))) collector.take(reading);
  return collector.result();
}

}  // namespace v2x::service
