// When a unit may be on the grid: the protection relays and the reconnect wait (投入阻止) after a trip.
#pragma once

#include "sim/power/islanding.hpp"
#include "sim/power/protection.hpp"

namespace v2x::power {

/// A reconnect wait that only a hand ends.
inline constexpr Duration kManualReconnect = Duration::max();

/// The wait is armed by a trip. It runs while the grid is good and starts anew with every excursion.
class GridConnection {
 public:
  GridConnection(const ProtectionSettings& settings, Duration reconnect_wait);

  void configure(const ProtectionSettings& settings, Duration reconnect_wait);
  void observe(const GridView& grid, bool on_grid, Time now);
  void see_phase_jump(double jump_deg, double level_deg, Time now) {
    islanding_.see_phase_jump(jump_deg, level_deg, now);
  }
  Time next_change(Time now) const;
  /// The code of a relay that trips now, or ""; arms the wait.
  std::string_view take_trip(Time now);
  /// take_trip() has something to say at this very instant.
  bool islanding_found() const { return islanding_.found(); }

  bool grid_good() const { return protection_.grid_good(); }
  const ProtectionSettings& settings() const { return protection_.settings(); }
  /// What is left of the wait; the whole of it while the grid isn't good, zero when nothing is awaited.
  Duration remaining_wait(Time now) const;
  /// Ends the wait by hand (run switch off and on).
  void release() { armed_ = false; }

 private:
  GridProtection protection_;
  IslandingDetection islanding_;
  Duration wait_;
  Time blocked_until_{};  ///< after a detected islanding
  Time good_since_{};
  bool armed_ = false;
};

}  // namespace v2x::power
