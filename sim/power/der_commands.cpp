#include "sim/power/der_commands.hpp"

#include <algorithm>
#include <cmath>

#include "common/units.hpp"
#include "sim/power/grid_connection.hpp"

namespace v2x::power {
namespace {

constexpr Duration kRampStep = std::chrono::seconds(1);
constexpr double kDefaultRampMin = 5;           // published: 5–10 min for 100 % → 0 %
constexpr double kDefaultReconnectWaitS = 300;  // 投入阻止時間
constexpr double kManualReconnectWait = 65534;  // raw value of the setting "manual"
constexpr double kDefaultAvrLevelV = 109;       // default; published range 101–116.5 V
constexpr double kDefaultPhaseJumpDeg = 5;      // default; published range 3–10°
constexpr double kDefaultHeartbeatS = 270;      // default: with the run-down below the 5 minutes of the grid code
constexpr double kReactiveOfWMax = 1;           // the one mode of VArPct_Mod that is served
enum class Operation { stop, start, enter_standby, exit_standby };  // words of cmd.operation
enum GroupIndex : size_t { connect_group, limit_group, factor_group, reactive_group };
constexpr std::array kGroups{connect_group, limit_group, factor_group, reactive_group};

}  // namespace

DerCommands::DerCommands(core::QuantityTable& table, const Rating& rating)
    : table_(&table),
      nominal_hz_(rating.nominal_hz),
      limit_(1, kRampStep),
      tangent_(0, kRampStep),
      var_share_(0, kRampStep) {
  const auto at = [&table](std::string_view name) { return table.slot(name); };
  connect_ = at("cmd.connect");
  limit_percent_ = at("cmd.power_limit");
  limit_enabled_ = at("cmd.power_limit_enabled");
  limit_ramp_ = at("cmd.power_limit_ramp");
  factor_ = at("cmd.power_factor");
  factor_enabled_ = at("cmd.power_factor_enabled");
  factor_ramp_ = at("cmd.power_factor_ramp");
  operation_ = at("cmd.operation");
  max_power_ = at("set.max_power");
  set_factor_ = at("set.power_factor");
  ramp_min_ = at("set.ramp_min");
  reconnect_wait_ = at("set.reconnect_wait");
  ovr_v_ = at("set.ovr_level"), ovr_s_ = at("set.ovr_time"), uvr_v_ = at("set.uvr_level"), uvr_s_ = at("set.uvr_time");
  ofr_hz_ = at("set.ofr_level"), ofr_s_ = at("set.ofr_time"), ufr_hz_ = at("set.ufr_level"),
  ufr_s_ = at("set.ufr_time");
  reactive_ = at("cmd.reactive"), reactive_mode_ = at("cmd.reactive_mode");
  reactive_enabled_ = at("cmd.reactive_enabled"), reactive_ramp_ = at("cmd.reactive_ramp");
  heartbeat_ = at("cmd.heartbeat"), heartbeat_timeout_ = at("set.heartbeat_timeout");
  avr_level_ = at("set.avr_level"), phase_jump_ = at("set.phase_jump"), island_switch_ = at("op.island_switch");
  groups_[connect_group] = {{connect_, at("cmd.connect_window"), at("cmd.connect_revert")}, at("cmd.connect_revert")};
  groups_[limit_group] = {
      {limit_percent_, limit_enabled_, limit_ramp_, at("cmd.power_limit_window"), at("cmd.power_limit_revert")},
      at("cmd.power_limit_revert")};
  groups_[factor_group] = {
      {factor_, factor_enabled_, factor_ramp_, at("cmd.power_factor_window"), at("cmd.power_factor_revert")},
      at("cmd.power_factor_revert")};
  groups_[reactive_group] = {{reactive_, reactive_mode_, reactive_enabled_, reactive_ramp_, at("cmd.reactive_window"),
                              at("cmd.reactive_revert")},
                             at("cmd.reactive_revert")};
  settings_ = {operation_, max_power_, set_factor_, ramp_min_,   reconnect_wait_, ovr_v_,
               ovr_s_,     uvr_v_,     uvr_s_,      ofr_hz_,     ofr_s_,          ufr_hz_,
               ufr_s_,     heartbeat_, avr_level_,  phase_jump_, island_switch_,  heartbeat_timeout_};
  set_defaults(rating);
  tangent_.jump(commanded_tangent());
}

void DerCommands::forget_commands() {
  for (const Group& group : groups_)
    for (const core::Slot slot : group.members) table_->set(slot, 0);
  for (const size_t group : kGroups) revert(group);
  table_->set(heartbeat_, 0);
  last_beat_.reset();
}

void DerCommands::restart(Time now) {
  forget_commands();
  limit_.jump(1);
  update(now);
}

void DerCommands::set_defaults(const Rating& rating) {
  forget_commands();
  table_->set_word(operation_, "start");
  table_->set(max_power_, rating.power_w);
  table_->set(set_factor_, rating.power_factor);
  table_->set(ramp_min_, kDefaultRampMin);
  table_->set(reconnect_wait_, kDefaultReconnectWaitS);
  table_->set(heartbeat_timeout_, kDefaultHeartbeatS);
  table_->set(avr_level_, kDefaultAvrLevelV);
  table_->set(phase_jump_, kDefaultPhaseJumpDeg);
  table_->set(island_switch_, 0);
  const ProtectionSettings protection = default_protection(rating.nominal_hz);
  table_->set(ovr_v_, protection.ovr_v);
  table_->set(uvr_v_, protection.uvr_v);
  table_->set(ofr_hz_, protection.ofr_hz);
  table_->set(ufr_hz_, protection.ufr_hz);
  table_->set(ovr_s_, to_seconds(protection.ovr_time));
  table_->set(uvr_s_, to_seconds(protection.uvr_time));
  table_->set(ofr_s_, to_seconds(protection.ofr_time));
  table_->set(ufr_s_, to_seconds(protection.ufr_time));
}

bool DerCommands::knows(core::Slot slot) const {
  const auto in = [slot](const std::vector<core::Slot>& slots) {
    return std::find(slots.begin(), slots.end(), slot) != slots.end();
  };
  return in(settings_) ||
         std::any_of(groups_.begin(), groups_.end(), [&](const Group& group) { return in(group.members); });
}

bool DerCommands::accepts(core::Slot slot, double value) const {
  const bool fifty = nominal_hz_ < 55;
  const auto within = [value](double low, double high) { return value >= low - 1e-9 && value <= high + 1e-9; };
  if (slot == ofr_hz_) return fifty ? within(50.5, 51.5) : within(60.6, 61.8);  // published ranges
  if (slot == ufr_hz_) return fifty ? within(47.5, 49.5) : within(57.0, 59.4);
  return true;
}

void DerCommands::write(core::Slot slot, double value, Time now) {
  if (slot == heartbeat_ && (!last_beat_ || value != table_->number(slot))) last_beat_ = now;
  table_->set(slot, value);
  for (Group& group : groups_) {
    if (std::find(group.members.begin(), group.members.end(), slot) == group.members.end()) continue;
    const Duration after = seconds(group.revert);
    group.expires = after > Duration::zero() ? now + after : kNever;
  }
}

void DerCommands::revert(size_t group) {
  groups_[group].expires = kNever;
  if (group == connect_group) table_->set(connect_, 1);
  if (group == limit_group) {
    table_->set(limit_percent_, 100);
    table_->set(limit_enabled_, 0);
  }
  if (group == factor_group) {
    table_->set(factor_, 1);
    table_->set(factor_enabled_, 0);
  }
  if (group == reactive_group) {
    table_->set(reactive_, 0);
    table_->set(reactive_mode_, kReactiveOfWMax);
    table_->set(reactive_enabled_, 0);
  }
}

void DerCommands::update(Time now) {
  for (const size_t group : kGroups)
    if (groups_[group].expires <= now) revert(group);
  aim_limit(now);
  aim_power_factor(now);
  aim_reactive(now);
}

void DerCommands::aim_limit(Time now) {
  const double target = table_->number(limit_enabled_) != 0 ? table_->number(limit_percent_) / 100 : 1;
  if (target == limit_.target()) return;
  const double own_s = table_->number(limit_ramp_);
  const double per_second =
      own_s > 0 ? std::abs(target - limit_.at(now)) / own_s : 1 / (60 * table_->number(ramp_min_));
  limit_.go(target, per_second, now);
}

void DerCommands::aim_power_factor(Time now) {
  const double target = commanded_tangent();
  if (target == tangent_.target()) return;
  const double own_s = table_->number(factor_enabled_) != 0 ? table_->number(factor_ramp_) : 0;
  if (own_s > 0)
    tangent_.go(target, std::abs(target - tangent_.at(now)) / own_s, now);
  else
    tangent_.jump(target);
}

void DerCommands::aim_reactive(Time now) {
  const double target = table_->number(reactive_enabled_) != 0 ? table_->number(reactive_) / 100 : 0;
  if (target == var_share_.target()) return;
  const double own_s = table_->number(reactive_ramp_);
  if (own_s > 0)
    var_share_.go(target, std::abs(target - var_share_.at(now)) / own_s, now);
  else
    var_share_.jump(target);
}

std::optional<double> DerCommands::fixed_var(Time now) const {
  if (table_->number(reactive_enabled_) == 0) return std::nullopt;
  return var_share_.at(now) * max_power_w();
}

Time DerCommands::heartbeat_due() const {
  const Duration timeout = seconds(heartbeat_timeout_);
  return last_beat_ && timeout > Duration::zero() ? *last_beat_ + timeout : kNever;
}

void DerCommands::limit_from_zero(Time now) {
  limit_.jump(0);
  aim_limit(now);
}

double DerCommands::commanded_tangent() const {
  const double factor = table_->number(table_->number(factor_enabled_) != 0 ? factor_ : set_factor_);
  return std::copysign(std::sqrt(1 / (factor * factor) - 1), factor);
}

Time DerCommands::next_change(Time now) const {
  Time next = std::min(
      {limit_.next_step(now), tangent_.next_step(now), var_share_.next_step(now), if_ahead(heartbeat_due(), now)});
  for (const Group& group : groups_) next = std::min(next, if_ahead(group.expires, now));
  return next;
}

bool DerCommands::wants_grid() const {
  const auto operation = static_cast<Operation>(table_->number(operation_));
  return table_->number(connect_) != 0 && operation != Operation::stop && operation != Operation::enter_standby;
}

ProtectionSettings DerCommands::protection() const {
  return {table_->number(ovr_v_), table_->number(uvr_v_), table_->number(ofr_hz_), table_->number(ufr_hz_),
          seconds(ovr_s_),        seconds(uvr_s_),        seconds(ofr_s_),         seconds(ufr_s_)};
}

Duration DerCommands::reconnect_wait() const {
  return table_->number(reconnect_wait_) == kManualReconnectWait ? kManualReconnect : seconds(reconnect_wait_);
}

Duration DerCommands::seconds(core::Slot slot) const {
  return from_seconds(table_->number(slot));
}

}  // namespace v2x::power
