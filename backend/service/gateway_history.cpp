#include "backend/service/gateway_history.hpp"

#include <algorithm>

#include "backend/service/alarm_service.hpp"

namespace v2x::service {
namespace {

constexpr int kLinesOfPage = 50;                           // M06
constexpr Duration kFaultsShown = std::chrono::days(730);  // M06: two years

/// The owner's view of energy; nullopt when nobody owns the gateway.
struct Seen {
  EnergyView view;
  std::optional<Time> first_seen;
};

std::optional<Seen> seen_by_owner(Registry& registry, const std::string& gateway_id) {
  return registry.read([&](Transaction& tx) -> std::optional<Seen> {
    const auto owner = tx.inventory().owner(gateway_id);
    const auto device = tx.inventory().find(gateway_id);
    if (!owner || !device) return std::nullopt;
    return Seen{{gateway_id, owner->visible_from}, device->first_seen};
  });
}

bool any(const std::vector<DecisionRow>& decisions, std::initializer_list<MailDecision> words) {
  return std::any_of(decisions.begin(), decisions.end(), [&](const DecisionRow& row) {
    return std::any_of(words.begin(), words.end(), [&](MailDecision word) { return row.decision == to_string(word); });
  });
}

}  // namespace

Notified notified(const std::vector<DecisionRow>& decisions, bool waiting) {
  if (any(decisions, {MailDecision::sent})) return Notified::sent;
  if (any(decisions, {MailDecision::failed, MailDecision::expired})) return Notified::failed;
  if (waiting || any(decisions, {MailDecision::queued, MailDecision::deferred, MailDecision::held_cleared}))
    return Notified::held;
  return Notified::nobody;
}

std::vector<EnergySlot> GatewayHistory::energy(const std::string& gateway_id, const model::Period& period) const {
  const auto seen = seen_by_owner(registry_, gateway_id);
  const auto half_hours = seen ? energy_.half_hours(seen->view, period.start, period.end) : std::vector<HalfHour>();
  return slots_between(period.bounds(), half_hours);
}

std::vector<CsvLine> GatewayHistory::csv(const std::string& gateway_id, const model::Period& month) const {
  const auto seen = seen_by_owner(registry_, gateway_id);
  if (!seen) return {};
  const Time until = std::min(month.end, half_hour_of(clock_.now()));
  const auto half_hours = energy_.half_hours(seen->view, month.start, until);
  if (half_hours.empty()) return {};
  // Of the month in which it first reported, what was before can't be data that are missing.
  const bool earlier = seen->first_seen && *seen->first_seen < month.start;
  Time start = earlier ? month.start : half_hours.front().start;
  start = std::max(start, half_hour_of(seen->view.visible_from));
  std::vector<CsvLine> lines;
  auto next = half_hours.begin();
  for (; start < until; start += kHalfHour) {
    CsvLine& line = lines.emplace_back();
    line.start = start;
    if (next != half_hours.end() && next->start == start) line.half_hour = *next++;
  }
  return lines;
}

FaultPage GatewayHistory::faults(const std::string& gateway_id, int page) const {
  return registry_.read([&](Transaction& tx) {
    FaultPage result;
    const auto owner = tx.inventory().owner(gateway_id);
    if (!owner) return result;
    auto episodes = tx.alarms().history(gateway_id, owner->id, kLinesOfPage + 1, (page - 1) * kLinesOfPage);
    std::erase_if(episodes, [&](const Episode& one) { return one.raised_at < clock_.now() - kFaultsShown; });
    result.more = episodes.size() > kLinesOfPage;
    if (result.more) episodes.pop_back();
    for (const auto& episode : episodes) result.lines.push_back(line_of(tx, episode));
    return result;
  });
}

FaultLine GatewayHistory::line_of(Transaction& tx, const Episode& episode) const {
  FaultLine line{.episode = episode, .title = title_of(episode.code)};
  if (const contracts::Fault* fault = faults_.find(episode.code)) line.severity = fault->severity;
  if (const auto unit = tx.inventory().unit(episode.gateway_id, episode.unit_no)) line.unit_model = unit->model;
  line.notified = notified(tx.outbox().decisions_of(AlarmService::alarm_kind(episode.code), episode.cause),
                           episode.mail_due_at.has_value());
  return line;
}

std::string GatewayHistory::title_of(const std::string& code) const {
  const contracts::Fault* fault = faults_.find(code);
  return fault ? fault->title_ja : "";
}

std::optional<DeviceSheet> GatewayHistory::device(const std::string& gateway_id) const {
  return registry_.read([&](Transaction& tx) -> std::optional<DeviceSheet> {
    const auto device = tx.inventory().find(gateway_id);
    const auto owner = tx.inventory().owner(gateway_id);
    if (!device || !owner) return std::nullopt;
    const auto standing = tx.alarms().standing(gateway_id, owner->id);
    const bool silent =
        std::any_of(standing.begin(), standing.end(), [](const Episode& one) { return one.code == kOfflineCode; });
    DeviceSheet sheet{*device, {}};
    for (const auto& unit : device->report.units)
      sheet.units.push_back(unit_line(unit, standing, device->last_seen.has_value() && !silent));
    return sheet;
  });
}

UnitLine GatewayHistory::unit_line(const InventoryUnit& unit, const std::vector<Episode>& standing, bool heard) const {
  UnitLine line{unit, heard ? UnitState::normal : UnitState::unknown, {}};
  for (const auto& episode : standing) {
    if (episode.unit_no != unit.unit_no) continue;
    const contracts::Fault* fault = faults_.find(episode.code);
    const bool notice = fault != nullptr && fault->severity == contracts::Severity::notice;
    line.state = notice ? std::max(line.state, UnitState::notice) : UnitState::fault;
    line.faults.push_back(episode.code + (fault ? " " + fault->title_ja : ""));
  }
  return line;
}

}  // namespace v2x::service
