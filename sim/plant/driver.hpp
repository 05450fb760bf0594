// The person who drives the car of a house: when it leaves, how far it goes, when it is back and plugged in again.
#pragma once

#include <optional>
#include <string>

#include "common/clock.hpp"

namespace v2x::plant {

/// Times of day are JST; a spread moves an instant by as much at most, to either side. All defaults.
struct DriverConfig {
  Duration depart = std::chrono::hours(8), back = std::chrono::minutes(18 * 60 + 30);
  Duration weekend_depart = std::chrono::hours(10), weekend_back = std::chrono::hours(16);
  Duration depart_spread = std::chrono::minutes(20), back_spread = std::chrono::minutes(40);
  double weekend_share = 0.6;  ///< of weekend days with a trip
  double trip_wh = 6000, trip_spread_wh = 2000, least_trip_wh = 500;
  double plugged_share = 0.95;  ///< of returns after which the plug goes in
  Duration plugged_within = std::chrono::minutes(5);
};

struct Trip {
  Time depart, back;
  double wh = 0;
  std::optional<Time> plug;
};

/// What the driver sees of the car, and what he does with it.
struct CarInSight {
  bool plugged = false;
  bool away = false;
};
enum class CarAct { none, unplug, depart, come_back, plug };

/// A plain model on the kernel's thread. Trips are a pure function of seed, site and day. What others do to the car
/// counts: it doesn't leave while its plug is held, nor when somebody else has it.
class Driver {
 public:
  /// The first trip is one that begins after `start`.
  Driver(const DriverConfig& config, std::string site, std::uint64_t seed, Time start);

  /// What is due now; to be done, and asked again until it is `none`.
  CarAct act(const CarInSight& car, Time now);
  /// Of the trip that is under way or comes next.
  const Trip& trip() const { return trip_; }
  Time next_change(Time now) const;

  /// The trip of the day that begins at this JST midnight; nullopt on a day at home.
  std::optional<Trip> trip_of(Time midnight) const;

 private:
  enum class Phase { at_home, away, back };
  void plan_after(Time t);

  DriverConfig config_;
  std::string site_;
  std::uint64_t seed_;
  Phase phase_ = Phase::at_home;
  Trip trip_;
  bool asked_ = false;  ///< to let the plug go
};

}  // namespace v2x::plant
