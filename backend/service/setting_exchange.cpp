#include "backend/service/setting_exchange.hpp"

#include <algorithm>

#include "backend/service/alarm_service.hpp"
#include "backend/service/ports/accounts.hpp"
#include "backend/service/ports/ai_controls.hpp"
#include "backend/service/ports/gateways.hpp"
#include "backend/service/ports/links.hpp"
#include "backend/service/setting_fields.hpp"

namespace v2x::service {
namespace {

constexpr const char* kMode = "operatingMode";
constexpr Duration kAfterFallingBack = std::chrono::minutes(30);  // default

void happened(Transaction& tx, const SettingRequest& request) {
  tx.happened({"command",
               {{"gateway", request.gateway_id},
                {"request", request.id},
                {"kind", to_string(request.act)},
                {"state", to_string(request.state)}}});
}

void move_to(Transaction& tx, SettingRequest& request, RequestState state, std::string reason = {}) {
  request.state = state;
  request.reason = std::move(reason);
  if (is_final(state)) request.finished = tx.now();
  tx.setting_requests().update(request);
  happened(tx, request);
}

/// SET-05.
bool may_still(Transaction& tx, const SettingRequest& request) {
  const auto owned = tx.gateways().owned(request.gateway_id);
  if (!owned || owned->ownership_id != request.ownership_id) return false;
  switch (request.author) {
    case SettingAuthor::owner:
      return owned->account_id == request.account_id;
    case SettingAuthor::dealer: {
      const auto dealer = tx.accounts().find(*request.account_id);
      return dealer && tx.links().find(owned->ownership_id, dealer->dealer_id());
    }
    case SettingAuthor::ai:
    case SettingAuthor::device:
      return true;
  }
  return false;
}

GatewayCommand command_of(Transaction& tx, const SettingRequest& request) {
  GatewayCommand command{
      .kind = request.act == SettingAct::read ? GatewayCommand::Kind::read : GatewayCommand::Kind::write,
      .gateway_id = request.gateway_id,
      .correlation_id = static_cast<std::uint64_t>(request.id),
      .expires = request.deadline,
      .values = request.values};
  // AI control writes what it must whatever else changed; people write what they saw.
  const auto known = tx.setting_requests().known(request.ownership_id);
  const bool by_people = request.author == SettingAuthor::owner || request.author == SettingAuthor::dealer;
  if (by_people && known && known->revision > 0) command.if_revision = static_cast<std::uint64_t>(known->revision);
  return command;
}

/// A mode that somebody chose while a warning acts is kept until it ends (SET-22).
void mode_was_chosen(Transaction& tx, std::int64_t ownership_id) {
  auto control = tx.ai_controls().find(ownership_id);
  if (!control || !control->warned) return;
  control->by_hand = true;
  tx.ai_controls().put(*control);
}

/// The device has another mode than anybody asked for. Forced charging ends by itself when the car leaves: then the
/// earlier mode is back, nobody chose it, and AI control does not ask for charging again at once.
void mode_changed_at_device(Transaction& tx, std::int64_t ownership_id, const std::string& mode) {
  auto control = tx.ai_controls().find(ownership_id);
  if (!control || control->earlier_mode != mode) return mode_was_chosen(tx, ownership_id);
  control->not_before = tx.now() + kAfterFallingBack;
  tx.ai_controls().put(*control);
}

/// A write of AI control that was done need not hold up the next one.
void ai_write_done(Transaction& tx, std::int64_t ownership_id) {
  auto control = tx.ai_controls().find(ownership_id);
  if (!control || !control->not_before) return;
  control->not_before.reset();
  tx.ai_controls().put(*control);
}

/// What the settings should be now, if nobody but the request touched them.
Form expected(const std::optional<KnownSettings>& known, const SettingRequest& request) {
  Form values = known ? known->values : Form{};
  for (const auto& [name, value] : request.values) values[name] = value;
  return values;
}

}  // namespace

Result<std::int64_t> SettingExchange::ask(Transaction& tx, SettingRequest request) const {
  if (!is_reachable(tx, request.gateway_id, request.ownership_id)) return fail("offline", std::string(kGatewayOffline));
  const bool write = request.act == SettingAct::write;
  const auto open = tx.setting_requests().open_of(request.gateway_id);
  if (write && std::any_of(open.begin(), open.end(), [](const auto& other) { return other.act == SettingAct::write; }))
    return fail("busy", std::string(kWriteIsOpen));
  request.created = tx.now();
  request.deadline = tx.now() + (write ? times_.write_within : times_.read_within);
  request.id = tx.setting_requests().add(request);
  const auto known = tx.setting_requests().known(request.ownership_id);
  for (const ChangedItem& changed : changed_items(known ? known->values : Form{}, request.values))
    tx.setting_requests().add_change(
        {request.ownership_id, request.id, tx.now(), changed.item, changed.old_value, changed.new_value});
  happened(tx, request);
  return request.id;
}

std::vector<GatewayCommand> SettingExchange::hand_over(Transaction& tx,
                                                       const std::function<bool(const std::string&)>& connected) const {
  std::vector<GatewayCommand> commands;
  for (SettingRequest& request : tx.setting_requests().open()) {
    if (request.state != RequestState::queued) continue;
    if (!may_still(tx, request)) {
      move_to(tx, request, RequestState::cancelled);
    } else if (request.deadline > tx.now() && connected(request.gateway_id)) {
      commands.push_back(command_of(tx, request));
      move_to(tx, request, RequestState::sent);
    }
  }
  return commands;
}

void SettingExchange::reconnected(Transaction& tx, const std::string& gateway_id) const {
  for (SettingRequest& request : tx.setting_requests().open_of(gateway_id))
    if (request.state == RequestState::sent) move_to(tx, request, RequestState::queued);
}

void SettingExchange::answer(Transaction& tx, const CommandAnswer& answer) const {
  auto request = tx.setting_requests().find(static_cast<std::int64_t>(answer.correlation_id));
  if (!request || request->gateway_id != answer.gateway_id) return;  // not ours: of another gateway or a lost registry
  const bool done = answer.status == CommandAnswer::Status::done;
  if (is_final(request->state)) {
    const bool late = request->state == RequestState::timeout && request->late.empty();
    if (!late || answer.status == CommandAnswer::Status::timed_out) return;
    request->late = done ? "done" : "refused";
    tx.setting_requests().update(*request);
  } else {
    const bool stale = !done && request->act == SettingAct::write && answer.revision > 0 &&
                       command_of(tx, *request).if_revision.value_or(answer.revision) != answer.revision;
    const auto state = done                                                ? RequestState::done
                       : answer.status == CommandAnswer::Status::timed_out ? RequestState::timeout
                                                                           : RequestState::refused;
    move_to(tx, *request, state, stale ? std::string(kStaleRevision) : answer.reason);
    if (stale) changed_at_device(tx, answer.gateway_id, answer.revision);
  }
  if (done) learn(tx, *request, answer);
}

void SettingExchange::learn(Transaction& tx, const SettingRequest& request, const CommandAnswer& answer) const {
  const auto owned = tx.gateways().owned(request.gateway_id);
  if (!owned || owned->ownership_id != request.ownership_id) return;
  const auto known = tx.setting_requests().known(request.ownership_id);
  const Form wanted = expected(known, request);
  const Form& values = answer.values.empty() ? wanted : answer.values;
  const auto revision = static_cast<std::int64_t>(answer.revision);
  KnownSettings now{values, revision, tx.now()};
  if (revision == 0) now.revision = known ? known->revision + (known->values == values ? 0 : 1) : 1;
  tx.setting_requests().set_known(request.ownership_id, now);
  if (request.author == SettingAuthor::ai && request.act == SettingAct::write) ai_write_done(tx, request.ownership_id);
  for (const ChangedItem& changed : known ? changed_items(wanted, values) : std::vector<ChangedItem>{}) {
    tx.setting_requests().add_change(
        {request.ownership_id, {}, tx.now(), changed.item, changed.old_value, changed.new_value});
    if (changed.item == kMode) mode_changed_at_device(tx, request.ownership_id, changed.new_value);
  }
  const bool by_people = request.author == SettingAuthor::owner || request.author == SettingAuthor::dealer;
  const std::string mode = entered(request.values, kMode);
  if (by_people && known && !mode.empty() && mode != entered(known->values, kMode))
    mode_was_chosen(tx, request.ownership_id);
}

void SettingExchange::changed_at_device(Transaction& tx, const std::string& gateway_id, std::uint64_t revision) const {
  const auto owned = tx.gateways().owned(gateway_id);
  if (!owned) return;
  const auto known = tx.setting_requests().known(owned->ownership_id);
  if (!known || (revision > 0 && known->revision == static_cast<std::int64_t>(revision))) return;
  for (const SettingRequest& open : tx.setting_requests().open_of(gateway_id))
    if (open.state == RequestState::queued || open.act == SettingAct::write) return;  // its answer will tell
  // Refused only when the gateway is silent, and then its next Hello tells again.
  (void)ask(tx, {.gateway_id = gateway_id,
                 .ownership_id = owned->ownership_id,
                 .act = SettingAct::read,
                 .author = SettingAuthor::device});
}

void SettingExchange::expire(Transaction& tx) const {
  for (SettingRequest& request : tx.setting_requests().open())
    if (request.deadline <= tx.now()) move_to(tx, request, RequestState::timeout);
}

void cancel_requests(Transaction& tx, std::int64_t ownership_id, const std::string& gateway_id) {
  for (SettingRequest& request : tx.setting_requests().open_of(gateway_id))
    if (request.ownership_id == ownership_id) move_to(tx, request, RequestState::cancelled);
}

void cancel_requests_of(Transaction& tx, const std::string& gateway_id, std::int64_t account_id) {
  for (SettingRequest& request : tx.setting_requests().open_of(gateway_id))
    if (request.account_id == account_id && request.state == RequestState::queued)
      move_to(tx, request, RequestState::cancelled);
}

bool is_reachable(Transaction& tx, const std::string& gateway_id, std::int64_t ownership_id) {
  const auto device = tx.inventory().find(gateway_id);
  if (!device || !device->last_seen) return false;
  const auto standing = tx.alarms().standing(gateway_id, ownership_id);
  return std::none_of(standing.begin(), standing.end(),
                      [](const Episode& episode) { return episode.code == kOfflineCode; });
}

std::optional<Time> SettingDeadlineDuty::next_due() {
  return registry_.read([](Transaction& tx) { return tx.setting_requests().next_deadline(); });
}

void SettingDeadlineDuty::run(Time) {
  registry_.transact([&](Transaction& tx) { exchange_.expire(tx); });
}

}  // namespace v2x::service
