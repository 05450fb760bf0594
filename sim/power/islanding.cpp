#include "sim/power/islanding.hpp"

#include <cmath>

namespace v2x::power {
namespace {

using namespace std::chrono_literals;

constexpr Duration kDriftTime = 300ms;   // default: within it the frequency must follow the jump
constexpr double kDriftHz = 0.1;         // default
constexpr Duration kActiveTime = 150ms;  // default; the grid code allows 0.2 s

}  // namespace

IslandingDetection::IslandingDetection() : active_(kActiveTime) {}

void IslandingDetection::observe(const GridView& grid, bool disturbed, bool on_grid, Time now) {
  active_.see(grid.feeder_open && on_grid, now);
  if (!grid.feeder_open) active_tripped_ = false;
  if (jump_ && (disturbed || !on_grid || now > jump_->at + kDriftTime)) jump_.reset();
  if (jump_ && std::abs(grid.frequency_hz - jump_->frequency_hz) >= kDriftHz) {
    passive_trips_ = true;
    jump_.reset();
  }
  frequency_hz_ = grid.frequency_hz;
}

void IslandingDetection::see_phase_jump(double jump_deg, double level_deg, Time now) {
  if (std::abs(jump_deg) >= level_deg) jump_ = Jump{now, frequency_hz_};
}

std::string_view IslandingDetection::take_trip(Time now) {
  if (passive_trips_) {
    passive_trips_ = false;
    return "E1-5";
  }
  if (active_tripped_ || !active_.met(now)) return "";
  active_tripped_ = true;
  return "E1-6";
}

}  // namespace v2x::power
