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
enum GroupIndex : size_t { connect_group, limit_group, factor_group };

}  // namespace

DerCommands::DerCommands(core::QuantityTable& table, const Rating& rating)
    : table_(&table), limit_(1, kRampStep), tangent_(0, kRampStep) {
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
  groups_[connect_group] = {{connect_, at("cmd.connect_window"), at("cmd.connect_revert")}, at("cmd.connect_revert")};
  groups_[limit_group] = {
      {limit_percent_, limit_enabled_, limit_ramp_, at("cmd.power_limit_window"), at("cmd.power_limit_revert")},
      at("cmd.power_limit_revert")};
  groups_[factor_group] = {
      {factor_, factor_enabled_, factor_ramp_, at("cmd.power_factor_window"), at("cmd.power_factor_revert")},
      at("cmd.power_factor_revert")};
  settings_ = {operation_, max_power_, set_factor_, ramp_min_, reconnect_wait_, ovr_v_, ovr_s_,
               uvr_v_,     uvr_s_,     ofr_hz_,     ofr_s_,    ufr_hz_,         ufr_s_};
  set_defaults(rating);
  tangent_.jump(commanded_tangent());
}

void DerCommands::set_defaults(const Rating& rating) {
  for (const Group& group : groups_)
    for (const core::Slot slot : group.members) table_->set(slot, 0);
  for (const size_t group : {connect_group, limit_group, factor_group}) revert(group);
  table_->set_word(operation_, "start");
  table_->set(max_power_, rating.power_w);
  table_->set(set_factor_, rating.power_factor);
  table_->set(ramp_min_, kDefaultRampMin);
  table_->set(reconnect_wait_, kDefaultReconnectWaitS);
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

void DerCommands::write(core::Slot slot, double value, Time now) {
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
}

void DerCommands::update(Time now) {
  for (const size_t group : {connect_group, limit_group, factor_group})
    if (groups_[group].expires <= now) revert(group);
  aim_limit(now);
  aim_power_factor(now);
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

double DerCommands::commanded_tangent() const {
  const double factor = table_->number(table_->number(factor_enabled_) != 0 ? factor_ : set_factor_);
  return std::copysign(std::sqrt(1 / (factor * factor) - 1), factor);
}

Time DerCommands::next_change(Time now) const {
  Time next = std::min(limit_.next_step(now), tangent_.next_step(now));
  for (const Group& group : groups_) next = std::min(next, if_ahead(group.expires, now));
  return next;
}

bool DerCommands::wants_grid() const {
  const std::string operation = table_->text(operation_);
  return table_->number(connect_) != 0 && operation != "stop" && operation != "enter_standby";
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
