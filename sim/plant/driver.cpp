#include "sim/plant/driver.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "common/jst.hpp"
#include "common/random.hpp"
#include "sim/plant/calendar.hpp"
#include "sim/power/hold_timer.hpp"

namespace v2x::plant {
namespace {

constexpr std::uint64_t kDrawsPerDay = 8;  // more than any day needs

/// `u` in [0, 1) over both sides.
Duration moved(Duration middle, Duration spread, double u) {
  return middle + std::chrono::floor<std::chrono::seconds>(
                      Duration(std::llround((2 * u - 1) * static_cast<double>(spread.count()))));
}

}  // namespace

Driver::Driver(const DriverConfig& config, std::string site, std::uint64_t seed, Time start)
    : config_(config), site_(std::move(site)), seed_(seed) {
  plan_after(start);
}

std::optional<Trip> Driver::trip_of(Time midnight) const {
  const CivilDay day = civil_day(midnight);
  const RandomStream usage{seed_, site_, "usage"}, distance{seed_, site_, "distance"};
  std::uint64_t k = static_cast<std::uint64_t>(day.number) * kDrawsPerDay;
  const double share = day.weekend ? config_.weekend_share : 1;
  if (random_uniform(usage, k++) >= share) return std::nullopt;
  Trip trip;
  trip.depart = midnight + moved(day.weekend ? config_.weekend_depart : config_.depart, config_.depart_spread,
                                 random_uniform(usage, k++));
  trip.back = midnight +
              moved(day.weekend ? config_.weekend_back : config_.back, config_.back_spread, random_uniform(usage, k++));
  const double drawn = random_normal(distance, static_cast<std::uint64_t>(day.number));
  trip.wh = std::max(config_.least_trip_wh, config_.trip_wh + config_.trip_spread_wh * drawn);
  const bool plugs = random_uniform(usage, k++) < config_.plugged_share;
  const auto half = config_.plugged_within / 2;
  if (plugs) trip.plug = trip.back + moved(half, half, random_uniform(usage, k++));
  return trip;
}

void Driver::plan_after(Time t) {
  phase_ = Phase::at_home;
  asked_ = false;
  for (int day = 0;; ++day) {
    const auto trip = trip_of(jst_midnight(t, day));
    if (!trip || trip->depart <= t) continue;
    trip_ = *trip;
    return;
  }
}

CarAct Driver::act(const CarInSight& car, Time now) {
  switch (phase_) {
    case Phase::at_home:
      if (now < trip_.depart) return CarAct::none;
      if (now >= trip_.back || car.away) break;
      if (car.plugged) return std::exchange(asked_, true) ? CarAct::none : CarAct::unplug;
      phase_ = Phase::away;
      return CarAct::depart;
    case Phase::away:
      if (now < trip_.back) return CarAct::none;
      phase_ = Phase::back;
      return car.away ? CarAct::come_back : CarAct::none;
    case Phase::back:
      if (trip_.plug && now < *trip_.plug) return CarAct::none;
      if (!trip_.plug || car.plugged || car.away) break;
      plan_after(now);
      return CarAct::plug;
  }
  plan_after(now);
  return CarAct::none;
}

Time Driver::next_change(Time now) const {
  if (phase_ == Phase::at_home) return now < trip_.depart ? trip_.depart : power::if_ahead(trip_.back, now);
  if (phase_ == Phase::away) return power::if_ahead(trip_.back, now);
  return power::if_ahead(trip_.plug.value_or(now), now);
}

}  // namespace v2x::plant
