// What a household draws: refrigerator, appliances at drawn instants, and the rest of the day's target by the hour.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "common/clock.hpp"

namespace v2x::plant {

enum class Leg { u, v, both };

struct HouseholdConfig {
  std::string site;  ///< owner of the random streams
  int persons = 4;   ///< 1…6
  std::uint64_t seed = 1;
  bool all_electric = false;  ///< hot water by night (EcoCute)
};

struct LegLoad {
  double u_w = 0, v_w = 0;
  double total_w() const { return u_w + v_w; }
};

/// Plain model without a clock: advance_to() must be called with every instant of next_change() and every plant step.
class Household {
 public:
  Household(HouseholdConfig config, Time start);

  /// The earliest instant after the last advance_to() at which an appliance or the refrigerator switches.
  Time next_change() const { return next_change_; }
  void advance_to(Time t);
  LegLoad load() const { return load_; }
  /// The target drawn for the day of the last advance_to().
  double day_target_wh() const { return day_target_wh_; }

 private:
  struct Use {
    Time from, to;
    double watt = 0;
    Leg leg = Leg::both;
  };

  void draw_day(Time t);
  double draw_appliances(Time midnight, std::int64_t day, int month);
  void level_rest(double rest_wh);
  double rest_w(Time t) const;
  bool refrigerator_on(Time t) const;
  void find_next_change(Time t);

  HouseholdConfig config_;
  std::int64_t day_ = -1;
  double day_target_wh_ = 0;
  double rest_scale_w_ = 0;  ///< watts at hour shape 1
  Duration refrigerator_phase_{};
  std::vector<Use> uses_;  ///< that end after now
  LegLoad load_;
  Time next_change_{};
};

}  // namespace v2x::plant
