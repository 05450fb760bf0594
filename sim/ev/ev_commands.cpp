#include "sim/ev/ev_commands.hpp"

#include <algorithm>
#include <cmath>

#include "common/units.hpp"

namespace v2x::ev {
namespace {

// Defaults of the commands.
constexpr double kChargeLimitW = 3000, kDischargeLimitW = 6000, kFloorPercent = 30, kCeilingPercent = 100,
                 kRevertS = 60, kOutageFloorPercent = 10;
constexpr double kSlopePercent = 125;  // of the charge bound per second: 20 A/s at 375 V
constexpr Duration kRampStep = std::chrono::seconds(1);
enum ControlBit { control_charge = 1, control_discharge = 2 };  // of 124.StorCtl_Mod
constexpr double kSourcePv = 0, kSourceGrid = 1;                // words of cmd.storage_source

bool in(const std::vector<core::Slot>& slots, core::Slot slot) {
  return std::find(slots.begin(), slots.end(), slot) != slots.end();
}

}  // namespace

EvCommands::EvCommands(core::QuantityTable& table, double rated_w)
    : table_(&table), rated_w_(rated_w), in_rate_(1, kRampStep), out_rate_(1, kRampStep) {
  find_slots();
  set_defaults(rated_w);
}

void EvCommands::find_slots() {
  const auto at = [this](std::string_view name) { return table_->slot(name); };
  charge_method_ = at("cmd.charge_method"), discharge_method_ = at("cmd.discharge_method");
  charge_limit_ = at("cmd.charge_limit"), discharge_limit_ = at("cmd.discharge_limit");
  soc_floor_ = at("cmd.soc_floor"), soc_ceiling_ = at("cmd.soc_ceiling"), revert_ = at("cmd.ev_revert");
  vehicle_ = at("cmd.vehicle"), outage_mode_ = at("set.outage_mode"), outage_floor_ = at("set.outage_floor");
  charge_max_ = at("cmd.storage_charge_max"), charge_slope_ = at("cmd.storage_charge_gradient");
  discharge_slope_ = at("cmd.storage_discharge_gradient"), control_ = at("cmd.storage_control");
  charge_rate_ = at("cmd.storage_charge_rate"), discharge_rate_ = at("cmd.storage_discharge_rate");
  storage_revert_ = at("cmd.storage_revert"), storage_ramp_ = at("cmd.storage_ramp");
  source_ = at("cmd.storage_source");
  v2x_ = {charge_method_, discharge_method_, charge_limit_, discharge_limit_, soc_floor_, soc_ceiling_, revert_};
  storage_ = {charge_max_,     charge_slope_, discharge_slope_,         control_, charge_rate_, discharge_rate_,
              storage_revert_, storage_ramp_, at("cmd.storage_window"), source_};
  settings_ = {vehicle_, outage_mode_, outage_floor_};
}

void EvCommands::set_defaults(double rated_w) {
  for (const std::vector<core::Slot>* group : {&v2x_, &storage_, &settings_})
    for (const core::Slot slot : *group) table_->set(slot, 0);
  table_->set(charge_limit_, kChargeLimitW);
  table_->set(discharge_limit_, kDischargeLimitW);
  table_->set(soc_floor_, kFloorPercent);
  table_->set(soc_ceiling_, kCeilingPercent);
  table_->set(revert_, kRevertS);
  table_->set_word(outage_mode_, "self_sustain");
  table_->set(outage_floor_, kOutageFloorPercent);
  table_->set(charge_max_, rated_w);
  table_->set(charge_slope_, kSlopePercent);
  table_->set(discharge_slope_, kSlopePercent);
  table_->set(charge_rate_, 100);
  table_->set(discharge_rate_, 100);
  table_->set(source_, kSourceGrid);
}

bool EvCommands::knows(core::Slot slot) const {
  return in(v2x_, slot) || in(storage_, slot) || in(settings_, slot);
}

void EvCommands::write(core::Slot slot, double value, Time now) {
  table_->set(slot, value);
  if (in(v2x_, slot)) methods_expire_ = now + from_seconds(table_->number(revert_));
  if (in(storage_, slot)) {
    const Duration after = from_seconds(table_->number(storage_revert_));
    storage_expires_ = after > Duration::zero() ? now + after : power::kNever;
  }
  if (slot == charge_method_ || slot == discharge_method_) end_storage();
  if (slot == control_) end_methods();
  if (slot == charge_method_ || slot == discharge_method_ || slot == control_) held_ = false;
  if (slot == vehicle_ && vehicle() != VehicleCommand::none)
    held_ = vehicle() == VehicleCommand::stop || vehicle() == VehicleCommand::unlock;
  aim_rates(now);
}

void EvCommands::end_methods() {
  table_->set(charge_method_, 0);
  table_->set(discharge_method_, 0);
  methods_expire_ = power::kNever;
}

void EvCommands::end_storage() {
  table_->set(control_, 0);
  storage_expires_ = power::kNever;
}

bool EvCommands::update(Time now) {
  const bool methods_end = methods_expire_ <= now, storage_ends = storage_expires_ <= now;
  if (methods_end) end_methods();
  if (storage_ends) end_storage();
  return methods_end || storage_ends || in_rate_.moving(now) || out_rate_.moving(now);
}

void EvCommands::aim_rates(Time now) {
  const double own_s = table_->number(storage_ramp_);
  const auto aim = [&](power::Ramp& rate, core::Slot percent) {
    const double target = table_->number(percent) / 100;
    if (target == rate.target()) return;
    if (own_s > 0)
      rate.go(target, std::abs(target - rate.at(now)) / own_s, now);
    else
      rate.jump(target);
  };
  aim(in_rate_, charge_rate_);
  aim(out_rate_, discharge_rate_);
}

Time EvCommands::next_change(Time now) const {
  return std::min({power::if_ahead(methods_expire_, now), power::if_ahead(storage_expires_, now),
                   in_rate_.next_step(now), out_rate_.next_step(now)});
}

EvRequest EvCommands::request(Time now) const {
  EvRequest request{static_cast<ChargeMethod>(table_->number(charge_method_)),
                    static_cast<DischargeMethod>(table_->number(discharge_method_)), table_->number(charge_limit_),
                    table_->number(discharge_limit_)};
  if (const int control = static_cast<int>(table_->number(control_)); control != 0) {
    const bool both = control == (control_charge | control_discharge);
    const bool charges = control & control_charge, discharges = control & control_discharge;
    request = {!charges ? ChargeMethod::none
               : both   ? ChargeMethod::surplus
                        : ChargeMethod::fixed,
               !discharges ? DischargeMethod::none
               : both      ? DischargeMethod::load
                           : DischargeMethod::fixed,
               in_rate_.at(now) * charge_bound_w(), out_rate_.at(now) * rated_w_};
  }
  request.charge_limit_w = std::min(request.charge_limit_w, charge_bound_w());
  if (request.charge == ChargeMethod::fixed && table_->number(source_) == kSourcePv)
    request.charge = ChargeMethod::surplus;
  return request;
}

double EvCommands::charge_slope_w() const {
  return table_->number(charge_slope_) / 100 * charge_bound_w();
}
double EvCommands::discharge_slope_w() const {
  return table_->number(discharge_slope_) / 100 * charge_bound_w();
}

}  // namespace v2x::ev
