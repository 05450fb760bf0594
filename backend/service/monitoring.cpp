#include "backend/service/monitoring.hpp"

#include <algorithm>

#include "backend/service/alarm_service.hpp"
#include "backend/service/ports/inventory.hpp"
#include "backend/service/watching.hpp"
#include "common/jst.hpp"
#include "common/planted.hpp"

namespace v2x::service {
namespace {

constexpr Duration kStaleAfter = std::chrono::minutes(5);   // MON-08
constexpr Duration kNormalAhead = std::chrono::minutes(5);  // LAW-7: a gateway's clock may be ahead that far

/// What the registry knows: read together, so that status and faults belong to one moment.
struct Standing {
  std::optional<Ownership> owner;
  std::optional<GatewayDevice> device;
  std::vector<Episode> episodes;

  bool stands(const std::string& code) const {
    return std::any_of(episodes.begin(), episodes.end(), [&](const Episode& one) { return one.code == code; });
  }
};

Standing standing_of(Transaction& transaction, const std::string& gateway_id) {
  Standing standing;
  standing.owner = transaction.inventory().owner(gateway_id);
  standing.device = transaction.inventory().find(gateway_id);
  if (standing.owner) standing.episodes = transaction.alarms().standing(gateway_id, standing.owner->id);
  return standing;
}

SiteStatus status_of(const HomeNow& home, const Standing& standing, const std::optional<TelemetrySample>& sample) {
  if (!standing.device || !standing.device->last_seen) return SiteStatus::never_reported;
  if (standing.stands(kOfflineCode)) return SiteStatus::offline;
  if (!home.faults.empty()) return SiteStatus::fault;
  if (!sample) return SiteStatus::never_reported;  // it was heard, but nothing that may be shown
  if (sample->island) return SiteStatus::island;
  if (sample->throttle != Throttle::none) return SiteStatus::throttled;
  return SiteStatus::normal;
}

}  // namespace

HomeNow MonitoringQueries::now(const std::string& gateway_id) const {
  const Time now = clock_.now();
  const Standing standing =
      registry_.read([&](Transaction& transaction) { return standing_of(transaction, gateway_id); });
  HomeNow home;
  if (!standing.owner) return home;

  const Time visible_from = standing.owner->visible_from;
  const auto sample = telemetry_.newest(gateway_id, visible_from, now + kNormalAhead);
  for (const auto& episode : standing.episodes) {
    const contracts::Fault* fault = faults_.find(episode.code);
    if (episode.code == kOfflineCode || (fault != nullptr && fault->severity == contracts::Severity::notice)) continue;
    home.faults.push_back({episode.code, fault ? fault->title_ja : "", episode.unit_no, episode.raised_at});
  }
  home.status = status_of(home, standing, sample);
  home.stale = sample && now - sample->end() > kStaleAfter;
  // A clock that is right again sends what is shown, while skewed samples still lie ahead.
  home.clock_wrong = (!sample || home.stale) && telemetry_.has_skewed(gateway_id, std::max(visible_from, now));
  if (!sample) return home;

  home.time = sample->end();
  home.last_received = standing.device->last_seen;
  if (home.status != SiteStatus::offline) {
    home.now_w = sample->mean_w;
    home.ev_state = ev_state(*sample);
    home.soc_percent = soc_percent(*sample);
  }
  const Duration error = planted("day_off_by_one_hour") ? Duration(std::chrono::hours(1)) : Duration(0);
  home.today_wh = energy_.total({gateway_id, visible_from}, jst_midnight(now) + error, now + kNormalAhead);
  return home;
}

}  // namespace v2x::service
