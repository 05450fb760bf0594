// The grid protection relays: which of them sees an excursion, since when, and when it trips.
#pragma once

#include <array>
#include <string_view>

#include "sim/power/grid_view.hpp"
#include "sim/power/hold_timer.hpp"

namespace v2x::power {

struct ProtectionSettings {
  double ovr_v = 115.0, uvr_v = 80.0;   // half of a published 230 / 160 V setting sheet
  double ofr_hz = 61.2, ufr_hz = 57.0;  // default at 60 Hz
  Duration ovr_time = std::chrono::seconds(1), uvr_time = std::chrono::seconds(1);
  Duration ofr_time = std::chrono::seconds(1), ufr_time = std::chrono::seconds(1);
};

/// The factory settings of a 50 or 60 Hz region.
ProtectionSettings default_protection(double nominal_hz);

/// Every leg has its own timers. A timer starts when its level is crossed (strictly beyond) and is cleared at once when
/// the value returns; the one-cycle RMS is taken as known at the instant of the change.
class GridProtection {
 public:
  explicit GridProtection(const ProtectionSettings& settings);

  void configure(const ProtectionSettings& settings);
  void observe(const GridView& grid, Time now);
  /// Within all levels of OVR, UVR, OFR and UFR.
  bool grid_good() const { return good_; }
  /// A leg below the UVR level.
  bool under_voltage() const { return under_voltage_; }
  const ProtectionSettings& settings() const { return settings_; }
  /// The next instant at which a relay trips that hasn't tripped in this excursion.
  Time next_trip() const;
  /// The gravest code that trips at `now`, once per excursion; "" when none does. E1-0 before all others.
  std::string_view take_trip(Time now);

 private:
  struct Relay {
    std::string_view code;
    HoldTimer timer;
    bool tripped = false;
  };
  enum Index : size_t { dead, ovr_u, ovr_v, uvr_u, uvr_v, ofr, ufr, instant_u, instant_v, kRelays };

  void see(Index index, bool beyond, Time now);

  ProtectionSettings settings_;
  std::array<Relay, kRelays> relays_;
  bool good_ = true;
  bool under_voltage_ = false;
};

}  // namespace v2x::power
