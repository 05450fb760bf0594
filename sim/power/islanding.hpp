// Detection of islanding (単独運転検出): the passive method by phase and frequency, the active one by reactive
// feedback.
#pragma once

#include <optional>
#include <string_view>

#include "sim/power/grid_view.hpp"
#include "sim/power/hold_timer.hpp"

namespace v2x::power {

class IslandingDetection {
 public:
  IslandingDetection();

  /// `disturbed`: a leg is below the UVR level; a phase jump that comes with a sag is none of islanding.
  void observe(const GridView& grid, bool disturbed, bool on_grid, Time now);
  /// The phase has jumped by `jump_deg` just now.
  void see_phase_jump(double jump_deg, double level_deg, Time now);
  Time next_change(Time now) const { return if_ahead(active_.due(), now); }
  bool found() const { return passive_trips_; }
  /// The code that trips now, or "".
  std::string_view take_trip(Time now);

 private:
  struct Jump {
    Time at;
    double frequency_hz;  ///< before it
  };

  HoldTimer active_;
  bool active_tripped_ = false;
  bool passive_trips_ = false;
  std::optional<Jump> jump_;
  double frequency_hz_ = 0;
};

}  // namespace v2x::power
