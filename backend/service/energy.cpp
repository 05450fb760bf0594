#include "backend/service/energy.hpp"

#include <algorithm>

namespace v2x::service {
namespace {

constexpr size_t kKeptAtOnce = 1500;  // half-hours, about a month: what one transaction writes
constexpr Time kAlways{};             // no sample is older

using Range = std::pair<Time, Time>;

/// Sorted and without overlaps; ranges that touch are one.
std::vector<Range> merged(std::vector<Range> ranges) {
  std::sort(ranges.begin(), ranges.end());
  std::vector<Range> result;
  for (const Range& range : ranges)
    if (!result.empty() && range.first <= result.back().second)
      result.back().second = std::max(result.back().second, range.second);
    else
      result.push_back(range);
  return result;
}

Time end_of_half_hour(Time end) {
  return half_hour_of_end(end) + kHalfHour;
}

}  // namespace

std::vector<EnergySlot> slots_between(const std::vector<Time>& bounds, const std::vector<HalfHour>& half_hours) {
  std::vector<EnergySlot> slots;
  auto half_hour = half_hours.begin();
  for (size_t i = 0; i + 1 < bounds.size(); ++i) {
    EnergySlot slot{bounds[i], bounds[i + 1], {}, {}, EnergySlot::Quality::missing};
    while (half_hour != half_hours.end() && half_hour->start < slot.start) ++half_hour;
    for (; half_hour != half_hours.end() && half_hour->start < slot.end; ++half_hour) {
      add(slot.energy_wh, half_hour->energy_wh);
      slot.soc_permille = half_hour->soc_permille;
      const bool estimated = half_hour->estimated || slot.quality == EnergySlot::Quality::estimated;
      slot.quality = estimated ? EnergySlot::Quality::estimated : EnergySlot::Quality::measured;
    }
    slots.push_back(slot);
  }
  return slots;
}

std::vector<HalfHour> EnergyQueries::half_hours(const EnergyView& view, Time from, Time until) const {
  from = std::max(half_hour_of(from), first_visible(view));
  if (from >= until) return {};
  // First what is touched: what is kept between the two reads is then computed in vain, but never missed.
  auto ranges = outdated(view.gateway_id, telemetry_.touched(view.gateway_id));
  if (const auto cut = cut_by(view)) ranges.push_back(*cut);
  auto kept = telemetry_.half_hours(view.gateway_id, from, until);
  if (ranges.empty()) return kept;

  std::vector<HalfHour> result;
  result.reserve(kept.size() + ranges.size());  // a year has 17,520: to grow by steps costs as much as to read them
  auto next = kept.begin();
  for (const Range& range : merged(std::move(ranges))) {
    const Range asked{std::max(range.first, from), std::min(range.second, end_of_half_hour(until))};
    if (asked.first >= asked.second) continue;
    for (; next != kept.end() && next->start < asked.first; ++next) result.push_back(*next);
    for (const HalfHour& computed : compute(view, asked)) result.push_back(computed);
    while (next != kept.end() && next->start < asked.second) ++next;
  }
  result.insert(result.end(), next, kept.end());
  std::erase_if(result, [&](const HalfHour& one) { return one.start >= until; });
  return result;
}

Flows<std::int64_t> EnergyQueries::total(const EnergyView& view, Time from, Time until) const {
  return slots_between({half_hour_of(from), until}, half_hours(view, from, until)).front().energy_wh;
}

Status EnergyQueries::keep_touched(const std::string& gateway_id) {
  const auto all = telemetry_.touched(gateway_id);
  for (size_t first = 0; first < all.size(); first += kKeptAtOnce) {
    const std::vector<TouchedHalfHour> touched(
        all.begin() + static_cast<std::ptrdiff_t>(first),
        all.begin() + static_cast<std::ptrdiff_t>(std::min(first + kKeptAtOnce, all.size())));
    std::vector<HalfHour> computed;
    for (const Range& range : outdated(gateway_id, touched))
      for (const HalfHour& one : compute({gateway_id, Time::min()}, range))
        if (one.start > clock_.now() - kSamplesKept) computed.push_back(one);
    if (const Status kept = telemetry_.keep(gateway_id, computed, touched); !kept) return kept;
  }
  return done();
}

/// What late samples change: the half-hours that they lie in, and those between these and the samples around them,
/// over which a gap's energy was spread.
std::vector<Range> EnergyQueries::outdated(const std::string& gateway_id,
                                           const std::vector<TouchedHalfHour>& touched) const {
  std::vector<Range> ranges;
  for (const auto& one : touched) ranges.emplace_back(one.start, one.start + kHalfHour);
  ranges = merged(std::move(ranges));
  for (Range& range : ranges) {
    if (const auto before = telemetry_.counter_before(gateway_id, kAlways, range.first))
      range.first = std::min(range.first, half_hour_of(before->at));
    if (const auto after = telemetry_.counter_after(gateway_id, range.second))
      range.second = std::max(range.second, end_of_half_hour(after->at));
  }
  return merged(std::move(ranges));
}

bool EnergyQueries::can_cut(const EnergyView& view) const {
  return view.visible_from > clock_.now() - kSamplesKept;
}

/// When the samples of a claim's half-hour are gone, what is left of it can't be told from what the earlier owner used.
Time EnergyQueries::first_visible(const EnergyView& view) const {
  return can_cut(view) ? half_hour_of(view.visible_from) : end_of_half_hour(view.visible_from);
}

/// What differs for a later owner from what is kept: from the claim to the first sample after it.
std::optional<Range> EnergyQueries::cut_by(const EnergyView& view) const {
  if (!can_cut(view)) return std::nullopt;
  const auto after = telemetry_.counter_after(view.gateway_id, view.visible_from);
  const Time start = half_hour_of(view.visible_from);
  return Range{start, after ? end_of_half_hour(after->at) : start + kHalfHour};
}

std::vector<HalfHour> EnergyQueries::compute(const EnergyView& view, const Range& range) const {
  const auto before = telemetry_.counter_before(view.gateway_id, kAlways, range.first);
  const auto after = telemetry_.counter_after(view.gateway_id, range.second);
  auto readings = telemetry_.counters(view.gateway_id, before ? before->at - Duration(1) : range.first,
                                      after ? after->at : range.second);
  return half_hours_of(std::move(readings), {range.first, range.second, view.visible_from});
}

}  // namespace v2x::service
