#include "backend/service/watching.hpp"

#include <algorithm>

#include "backend/service/ports/inventory.hpp"

namespace v2x::service {
namespace {

constexpr std::int64_t kCarMovesFrom_w = 50;  // MON-04

bool is_heard(SiteStatus status) {
  return status != SiteStatus::never_reported && status != SiteStatus::offline;
}

}  // namespace

EvState ev_state(const TelemetrySample& sample) {
  if (!sample.ev) return EvState::unknown;
  if (sample.ev->state == VehicleState::unplugged) return EvState::unplugged;
  if (sample.ev->state == VehicleState::stopped) return EvState::stopped;
  if (sample.ev->state == VehicleState::unknown) return EvState::unknown;
  const auto charge = sample.mean_w.charge.value_or(0);
  const auto discharge = sample.mean_w.discharge.value_or(0);
  if (std::max(charge, discharge) < kCarMovesFrom_w) return EvState::standby;
  return charge >= discharge ? EvState::charging : EvState::discharging;
}

std::optional<int> soc_percent(const TelemetrySample& sample) {
  const bool plugged = sample.ev && sample.ev->state != VehicleState::unplugged;
  if (!plugged || !sample.ev->soc_permille) return std::nullopt;
  return (*sample.ev->soc_permille + 5) / 10;
}

HomeNow watched(Registry& registry, LiveSamples& live, const std::string& gateway_id, HomeNow home) {
  if (!is_heard(home.status)) return home;
  live.watch(gateway_id);
  const auto owner = registry.read([&](Transaction& tx) { return tx.inventory().owner(gateway_id); });
  if (!owner) return home;
  const auto sample = live.newest(gateway_id, owner->visible_from);
  if (!sample || (home.time && sample->end() <= *home.time)) return home;
  home.time = sample->end();
  home.stale = false;
  home.now_w = sample->mean_w;
  home.ev_state = ev_state(*sample);
  home.soc_percent = soc_percent(*sample);
  return home;
}

}  // namespace v2x::service
