#include "sim/plant/household.hpp"

#include <algorithm>
#include <cmath>

#include "common/jst.hpp"
#include "common/random.hpp"
#include "sim/plant/calendar.hpp"

namespace v2x::plant {
namespace {

using namespace std::chrono_literals;

// Detached house by persons; 1–4 by a survey of Tokyo (2014), 5 default, 6 published mean.
constexpr std::array<double, 6> kDayWh{7000, 11000, 13000, 14000, 16000, 18400};
constexpr std::array<double, 12> kMonth{1.25, 1.20, 1.05, .90, .80, .85, 1.05, 1.15, .95, .80, .90, 1.10};  // default
constexpr double kWeekend = 1.08, kWeekday = 0.97;                                                          // default
constexpr double kDaySpread = 0.1, kMostDaySpread = 0.2;                                                    // default
constexpr std::array<double, 24> kHour{.55, .45, .40, .40, .40, .50,  .85,  1.30, 1.20, .90,  .80,  .80,
                                       .90, .80, .75, .80, .95, 1.30, 1.80, 2.00, 2.05, 1.80, 1.40, .90};  // default
constexpr double kFloorW = 150;                                                                            // default
constexpr double kRefrigeratorW = 100;                                                                     // default
constexpr Duration kRefrigeratorOn = 15min, kRefrigeratorCycle = 40min;                                    // default
constexpr double kRefrigeratorDayWh = kRefrigeratorW * 24 * 15 / 40;

struct Window {
  double from_h = 0, to_h = 0;
};

struct Appliance {
  std::string_view name;
  double watt;
  Duration lasts;
  double per_day;
  double per_day_and_person;
  bool seasonal;
  std::array<Window, 2> windows;  ///< of the start; an empty one is not used
  Leg leg;
};

// All defaults.
constexpr std::array<Appliance, 5> kAppliances{{
    {"kettle", 1200, 4min, 2, 0, false, {{{6, 22}, {}}}, Leg::u},
    {"cooker", 2500, 20min, 0, 0.5, false, {{{6, 8}, {17, 20}}}, Leg::both},
    {"microwave", 1300, 4min, 3, 0, false, {{{6, 22}, {}}}, Leg::v},
    {"dryer", 1000, 60min, 0.4, 0, false, {{{9, 21}, {}}}, Leg::v},
    {"air_conditioner", 700, 120min, 1, 0, true, {{{13, 23}, {}}}, Leg::both},
}};
constexpr std::array<double, 12> kSeason{2, 2, 1, 0, 0, .5, 2, 3, 1.5, 0, .5, 1.5};  // default: uses per day

double uses_per_day(const Appliance& appliance, int persons, int month) {
  const double season = appliance.seasonal ? kSeason[static_cast<size_t>(month - 1)] : 1.0;
  return (appliance.per_day + appliance.per_day_and_person * persons) * season;
}

// All-electric: a heat pump heats water at night. Defaults.
constexpr double kWaterHeaterW = 1500, kAllElectric = 1.6;  // of the year's consumption
constexpr Duration kWaterHeaterAt = 2h, kWaterHeaterLasts = 150min;

/// Uniform over the windows together, `u` in [0, 1).
double start_hour(const Appliance& appliance, double u) {
  const auto& [first, second] = appliance.windows;
  const double at = u * (first.to_h - first.from_h + second.to_h - second.from_h);
  const double first_h = first.to_h - first.from_h;
  return at < first_h ? first.from_h + at : second.from_h + at - first_h;
}

/// Hour shape, linear between the middles of the hours: its mean over a day stays 1.
double shape(double hour) {
  const double at = hour + 23.5;
  const auto before = static_cast<size_t>(at);
  const double part = at - static_cast<double>(before);
  return kHour[before % 24] * (1 - part) + kHour[(before + 1) % 24] * part;
}

/// Wh of a day whose smooth part is `scale_w`·shape, but never below the floor.
double smooth_day_wh(double scale_w) {
  constexpr int kPointsPerHour = 4;
  double sum = 0;
  for (int i = 0; i < 24 * kPointsPerHour; ++i)
    sum += std::max(kFloorW, scale_w * shape((i + 0.5) / kPointsPerHour)) / kPointsPerHour;
  return sum;
}

}  // namespace

Household::Household(HouseholdConfig config, Time start) : config_(std::move(config)) {
  const RandomStream stream{config_.seed, config_.site, "refrigerator"};
  refrigerator_phase_ = std::chrono::seconds(static_cast<int>(random_uniform(stream, 0) * 2400));
  advance_to(start);
}

void Household::draw_day(Time t) {
  const CivilDay day = civil_day(t);
  day_ = day.number;
  const RandomStream stream{config_.seed, config_.site, "load_day"};
  const double drawn = kDaySpread * random_normal(stream, static_cast<std::uint64_t>(day_));
  day_target_wh_ = kDayWh[static_cast<size_t>(std::clamp(config_.persons, 1, 6) - 1)] *
                   kMonth[static_cast<size_t>(day.month - 1)] * (day.weekend ? kWeekend : kWeekday) *
                   (1 + std::clamp(drawn, -kMostDaySpread, kMostDaySpread)) * (config_.all_electric ? kAllElectric : 1);
  const Time midnight = jst_midnight(t);
  level_rest(day_target_wh_ - kRefrigeratorDayWh - draw_appliances(midnight, day_, day.month));
}

double Household::draw_appliances(Time midnight, std::int64_t day, int month) {
  constexpr std::uint64_t kDrawsPerDay = 64;  // more than any day needs
  double wh = 0;
  const auto use = [&](Time from, Duration lasts, double watt, Leg leg) {
    uses_.push_back({from, from + lasts, watt, leg});
    wh += watt * std::chrono::duration<double, std::ratio<3600>>(lasts).count();
  };
  if (config_.all_electric) use(midnight + kWaterHeaterAt, kWaterHeaterLasts, kWaterHeaterW, Leg::both);
  for (const Appliance& appliance : kAppliances) {
    const RandomStream stream{config_.seed, config_.site, appliance.name};
    std::uint64_t k = static_cast<std::uint64_t>(day) * kDrawsPerDay;
    const double expected = uses_per_day(appliance, config_.persons, month);
    const int times = static_cast<int>(expected + random_uniform(stream, k++));
    for (int i = 0; i < times; ++i) {
      const Time from =
          midnight + std::chrono::seconds(static_cast<int>(start_hour(appliance, random_uniform(stream, k++)) * 3600));
      use(from, appliance.lasts, appliance.watt, appliance.leg);
    }
  }
  return wh;
}

void Household::level_rest(double rest_wh) {
  double low = 0, high = 4 * std::max(rest_wh, 0.0) / 24;
  for (int i = 0; i < 40; ++i) {  // bisection down to micro-watts
    const double middle = (low + high) / 2;
    (smooth_day_wh(middle) < rest_wh ? low : high) = middle;
  }
  rest_scale_w_ = low;
}

double Household::rest_w(Time t) const {
  return std::max(kFloorW, rest_scale_w_ * shape(seconds_of_day(t) / 3600));
}

bool Household::refrigerator_on(Time t) const {
  return (t.time_since_epoch() + refrigerator_phase_) % kRefrigeratorCycle < kRefrigeratorOn;
}

void Household::advance_to(Time t) {
  if (day_number(t) != day_) draw_day(t);
  std::erase_if(uses_, [t](const Use& use) { return use.to <= t; });
  const double shared = rest_w(t) + (refrigerator_on(t) ? kRefrigeratorW : 0);
  load_ = {shared / 2, shared / 2};
  for (const Use& use : uses_) {
    if (use.from > t) continue;
    load_.u_w += use.leg == Leg::u ? use.watt : use.leg == Leg::both ? use.watt / 2 : 0;
    load_.v_w += use.leg == Leg::v ? use.watt : use.leg == Leg::both ? use.watt / 2 : 0;
  }
  find_next_change(t);
}

void Household::find_next_change(Time t) {
  const Duration into = (t.time_since_epoch() + refrigerator_phase_) % kRefrigeratorCycle;
  next_change_ = t + (into < kRefrigeratorOn ? kRefrigeratorOn : kRefrigeratorCycle) - into;
  for (const Use& use : uses_) next_change_ = std::min(next_change_, use.from > t ? use.from : use.to);
}

}  // namespace v2x::plant
