#include "sim/power/protection.hpp"

#include <algorithm>

namespace v2x::power {
namespace {

using namespace std::chrono_literals;

constexpr Duration kDeadTime = 1s;        // both legs below 20 %: an outage, E1-0
constexpr double kInstantV = 130;         // default
constexpr Duration kInstantTime = 100ms;  // default

}  // namespace

ProtectionSettings default_protection(double nominal_hz) {
  ProtectionSettings settings;
  if (nominal_hz < 55) {
    settings.ofr_hz = 51.0;
    settings.ufr_hz = 47.5;
  }
  return settings;
}

GridProtection::GridProtection(const ProtectionSettings& settings)
    : settings_(settings),
      relays_{{{"E1-0", HoldTimer(kDeadTime)},
               {"E1-1", HoldTimer(settings.ovr_time)},
               {"E1-1", HoldTimer(settings.ovr_time)},
               {"E1-2", HoldTimer(settings.uvr_time)},
               {"E1-2", HoldTimer(settings.uvr_time)},
               {"E1-3", HoldTimer(settings.ofr_time)},
               {"E1-4", HoldTimer(settings.ufr_time)},
               {"E1-7", HoldTimer(kInstantTime)},
               {"E1-7", HoldTimer(kInstantTime)}}} {}

void GridProtection::configure(const ProtectionSettings& settings) {
  settings_ = settings;
  for (const Index leg : {ovr_u, ovr_v}) relays_[leg].timer.need(settings.ovr_time);
  for (const Index leg : {uvr_u, uvr_v}) relays_[leg].timer.need(settings.uvr_time);
  relays_[dead].timer.need(std::min(kDeadTime, settings.uvr_time));  // UVR finds both legs dead: an outage
  relays_[ofr].timer.need(settings.ofr_time);
  relays_[ufr].timer.need(settings.ufr_time);
}

void GridProtection::see(Index index, bool beyond, Time now) {
  relays_[index].timer.see(beyond, now);
  if (!beyond) relays_[index].tripped = false;
}

void GridProtection::observe(const GridView& grid, Time now) {
  const bool over_u = grid.voltage_u > settings_.ovr_v, over_v = grid.voltage_v > settings_.ovr_v;
  const bool under_u = grid.voltage_u < settings_.uvr_v, under_v = grid.voltage_v < settings_.uvr_v;
  const bool fast = grid.frequency_hz > settings_.ofr_hz, slow = grid.frequency_hz < settings_.ufr_hz;
  see(dead, grid.dead(), now);
  see(ovr_u, over_u, now);
  see(ovr_v, over_v, now);
  see(uvr_u, under_u, now);
  see(uvr_v, under_v, now);
  see(ofr, fast, now);
  see(ufr, slow, now);
  see(instant_u, grid.voltage_u > kInstantV, now);
  see(instant_v, grid.voltage_v > kInstantV, now);
  under_voltage_ = under_u || under_v;
  good_ = !(over_u || over_v || under_u || under_v || fast || slow);
}

Time GridProtection::next_trip() const {
  Time next = kNever;
  for (const Relay& relay : relays_)
    if (!relay.tripped) next = std::min(next, relay.timer.due());
  return next;
}

std::string_view GridProtection::take_trip(Time now) {
  std::string_view code;
  for (Relay& relay : relays_) {
    if (relay.tripped || !relay.timer.met(now)) continue;
    relay.tripped = true;
    if (code.empty()) code = relay.code;
  }
  return code;
}

}  // namespace v2x::power
