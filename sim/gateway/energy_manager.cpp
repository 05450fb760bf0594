#include "sim/gateway/energy_manager.hpp"

#include <algorithm>
#include <cmath>
#include <span>

#include "common/jst.hpp"

namespace v2x::gateway {
namespace {

constexpr Duration kEvSilence = std::chrono::seconds(30);       // G1, default
constexpr Duration kMeterAge = std::chrono::seconds(15);        // G5, default
constexpr double kProtectBelow_pct = 5;                         // G4: below the vehicle's minimum
constexpr double kProtectCharge_w = 1000;                       // G4, default
constexpr double kHysteresis_pct = 3;                           // default
constexpr Duration kLongestTemporary = std::chrono::hours(24);  // MODE-CHARGE, MODE-DISCHARGE
constexpr double kContractShare = 0.95;                         // of the contract: guard "then"
constexpr double kContractVolts = 100;                          // a contract's amperes count at 100 V
constexpr double kKeptPurchase_w = 30;                          // while discharging by load
constexpr double kLimitStep_w = 100;                            // rounded down, so that load noise is not written

/// What the rows of the tables ask for.
struct Facts {
  bool in_charge_window = false;
  bool in_discharge_window = false;  ///< that began on an enabled weekday
  bool below_night_ceiling = false;
  bool below_safety_floor = false;
  bool near_safety_floor = false;  ///< below it + 3 %
  bool at_floor = false;
  bool at_ceiling = false;
};

struct Row {
  bool (*applies)(const Facts&);
  ChargeMethod charge;
  DischargeMethod discharge;
  std::string_view reason;
};

bool always(const Facts&) {
  return true;
}

using C = ChargeMethod;
using D = DischargeMethod;

// MODE-STANDBY
constexpr Row kStandby[] = {
    {always, C::none, D::none, "standby"},
};

// MODE-GREEN
constexpr Row kGreen[] = {
    {[](const Facts& f) { return f.in_charge_window && f.below_night_ceiling; }, C::fixed, D::none, "green.night"},
    {[](const Facts& f) { return f.in_charge_window; }, C::surplus, D::none, "green.window"},
    {[](const Facts& f) { return f.at_ceiling; }, C::none, D::load, "green.full"},
    {[](const Facts& f) { return f.at_floor; }, C::surplus, D::none, "green.floor"},
    {always, C::surplus, D::load, "green"},
};

// MODE-ECONOMY
constexpr Row kEconomy[] = {
    {[](const Facts& f) { return f.in_charge_window && !f.at_ceiling; }, C::fixed, D::none, "economy.night"},
    {[](const Facts& f) { return f.in_charge_window; }, C::none, D::none, "economy.window"},
    {[](const Facts& f) { return f.in_discharge_window && !f.at_floor; }, C::none, D::load, "economy.discharge"},
    {always, C::none, D::none, "economy"},  // surplus of PV is sold
};

// MODE-SAFETY
constexpr Row kSafety[] = {
    {[](const Facts& f) { return f.below_safety_floor; }, C::fixed, D::none, "safety.low"},
    {[](const Facts& f) { return f.near_safety_floor; }, C::surplus, D::none, "safety.floor"},
    {[](const Facts& f) { return f.at_ceiling; }, C::none, D::load, "safety.full"},
    {always, C::surplus, D::load, "safety"},
};

// MODE-CHARGE, while it lasts
constexpr Row kCharge[] = {
    {[](const Facts& f) { return !f.at_ceiling; }, C::fixed, D::none, "charge"},
    {always, C::none, D::none, "charge.hold"},
};

// MODE-DISCHARGE, while it lasts
constexpr Row kDischarge[] = {
    {always, C::none, D::fixed, "discharge"},
};

// socContactInput, in the place of the mode's rows while the contact input is closed
constexpr Row kContact[] = {
    {[](const Facts& f) { return !f.at_ceiling; }, C::fixed, D::none, "contact.charge"},
    {always, C::none, D::none, "contact.hold"},
};

std::span<const Row> rows_of(OperatingMode mode) {
  switch (mode) {
    case OperatingMode::standby:
      return kStandby;
    case OperatingMode::green:
      return kGreen;
    case OperatingMode::economy:
      return kEconomy;
    case OperatingMode::charge:
      return kCharge;
    case OperatingMode::safety:
      return kSafety;
    case OperatingMode::discharge:
      return kDischarge;
  }
  return kStandby;
}

double economy_floor_of(const EnergyInputs& inputs, const EnergySettings& settings) {
  return std::max(settings.economy_floor_pct, inputs.v2h_min_pct);
}

double safety_floor_of(const EnergyInputs& inputs, const EnergySettings& settings) {
  return std::max(settings.safety_floor_pct, inputs.v2h_min_pct);
}

/// The floor of the mode: below it the unit itself stops discharging.
double floor_of(const EnergyInputs& inputs, const EnergySettings& settings, OperatingMode mode) {
  return mode == OperatingMode::safety ? safety_floor_of(inputs, settings) : economy_floor_of(inputs, settings);
}

double ceiling_of(const EnergyInputs& inputs, const EnergySettings& settings) {
  return std::min(inputs.contact_closed ? settings.contact_soc_pct : settings.ceiling_pct, inputs.v2h_max_pct);
}

/// True from the level on, until it is left by 3 %.
bool reached_from_below(double soc, double level, bool was) {
  return soc >= level || (was && soc > level - kHysteresis_pct);
}
bool reached_from_above(double soc, double level, bool was) {
  return soc <= level || (was && soc < level + kHysteresis_pct);
}

bool in_discharge_window(const EnergySettings& settings, const JstTime& jst, std::chrono::minutes of_day) {
  if (!settings.discharge_window.contains(of_day)) return false;
  const auto started =
      std::chrono::sys_days(jst.date) - std::chrono::days(settings.discharge_window.days_since_start(of_day));
  return settings.discharge_days[std::chrono::weekday(started).c_encoding()];
}

Facts facts_of(const EnergyInputs& inputs, const EnergySettings& settings, EnergyMemory& memory) {
  const double soc = *inputs.soc_pct;
  const double safety_floor = safety_floor_of(inputs, settings);
  const double night_ceiling = std::min(settings.night_ceiling_pct, inputs.v2h_max_pct);
  memory.floor_reached = reached_from_above(soc, economy_floor_of(inputs, settings), memory.floor_reached);
  memory.ceiling_reached = reached_from_below(soc, ceiling_of(inputs, settings), memory.ceiling_reached);
  memory.night_ceiling_reached = reached_from_below(soc, night_ceiling, memory.night_ceiling_reached);
  const JstTime jst = to_jst(inputs.clock);
  const std::chrono::minutes of_day(jst.hour * 60 + jst.minute);
  Facts facts;
  facts.in_charge_window = settings.charge_window.contains(of_day);
  facts.in_discharge_window = in_discharge_window(settings, jst, of_day);
  facts.below_night_ceiling = !memory.night_ceiling_reached;
  facts.below_safety_floor = soc < safety_floor;
  facts.near_safety_floor = soc < safety_floor + kHysteresis_pct;
  facts.at_floor = memory.floor_reached;
  facts.at_ceiling = memory.ceiling_reached;
  return facts;
}

OperatingMode mode_in_force(const EnergyInputs& inputs, const EnergySettings& settings) {
  return mode_is_over(inputs, settings) ? settings.mode_before : settings.mode;
}

EvCommand idle(const EnergyInputs& inputs, const EnergySettings& settings, std::string_view reason) {
  EvCommand command;
  command.soc_floor_pct = floor_of(inputs, settings, mode_in_force(inputs, settings));
  command.soc_ceiling_pct = ceiling_of(inputs, settings);
  command.reason = reason;
  return command;
}

bool protecting(const EnergyInputs& inputs, EnergyMemory& memory) {
  const double soc = *inputs.soc_pct;
  memory.protecting = soc < inputs.v2h_min_pct - kProtectBelow_pct || (memory.protecting && soc < inputs.v2h_min_pct);
  return memory.protecting;
}

/// The rest of the house keeps its share of the contract; every limit stays within the rating.
void bound(const EnergyInputs& inputs, const EnergySettings& settings, bool meter_known, EvCommand& command) {
  command.charge_limit_w = std::min(command.charge_limit_w, inputs.rated_charge_w);
  command.discharge_limit_w = std::min(command.discharge_limit_w, inputs.rated_discharge_w);
  if (!meter_known) return;  // a surplus is found by the unit's own transformer, fixed charging is off (G5)
  const double rest_w = inputs.grid_w - inputs.ev_w;
  const double room_w = std::max(0.0, kContractShare * kContractVolts * settings.contract_a - rest_w);
  command.charge_limit_w = std::min(command.charge_limit_w, std::floor(room_w / kLimitStep_w) * kLimitStep_w);
}

EvCommand by_mode(const EnergyInputs& inputs, const EnergySettings& settings, EnergyMemory& memory) {
  const Facts facts = facts_of(inputs, settings, memory);
  EvCommand command = idle(inputs, settings, "");
  for (const Row& row : inputs.contact_closed ? kContact : rows_of(mode_in_force(inputs, settings))) {
    if (!row.applies(facts)) continue;
    command.charge = row.charge;
    command.discharge = row.discharge;
    command.reason = row.reason;
    break;
  }
  command.charge_limit_w = command.charge == ChargeMethod::fixed ? settings.charge_w : inputs.rated_charge_w;
  command.discharge_limit_w = settings.discharge_w;
  return command;
}

}  // namespace

bool EvCommand::same_writes(const EvCommand& other) const {
  return charge == other.charge && discharge == other.discharge && charge_limit_w == other.charge_limit_w &&
         discharge_limit_w == other.discharge_limit_w && soc_floor_pct == other.soc_floor_pct &&
         soc_ceiling_pct == other.soc_ceiling_pct;
}

bool mode_is_over(const EnergyInputs& inputs, const EnergySettings& settings) {
  if (!is_temporary(settings.mode)) return false;
  if (inputs.now - settings.mode_since >= kLongestTemporary) return true;
  // While the unit is silent nobody knows what happens to the car.
  if (!inputs.ev_age || *inputs.ev_age >= kEvSilence) return false;
  if (!inputs.plugged) return true;
  const bool discharging = settings.mode == OperatingMode::discharge;
  return discharging && inputs.soc_pct && *inputs.soc_pct <= economy_floor_of(inputs, settings);
}

std::optional<EvCommand> decide(const EnergyInputs& inputs, const EnergySettings& settings, EnergyMemory& memory) {
  if (!inputs.ev_age || *inputs.ev_age >= kEvSilence) return std::nullopt;              // G1
  if (inputs.fault) return idle(inputs, settings, "fault");                             // G2
  if (!inputs.plugged || !inputs.soc_pct) return idle(inputs, settings, "no_vehicle");  // G2
  if (inputs.grid_lost) return idle(inputs, settings, "grid_lost");                     // G3
  EvCommand command;
  if (protecting(inputs, memory)) {  // G4
    command = idle(inputs, settings, "protect");
    command.charge = ChargeMethod::fixed;
    command.charge_limit_w = kProtectCharge_w;
  } else {
    command = by_mode(inputs, settings, memory);
  }
  const bool meter_known = inputs.meter_age && *inputs.meter_age <= kMeterAge;
  if (!meter_known && command.charge == ChargeMethod::fixed) {  // G5
    command.charge = ChargeMethod::none;
    command.reason = "meter_unknown";
  }
  bound(inputs, settings, meter_known, command);
  return command;
}

double charge_bound_w(const EnergySettings& settings, bool grid_lost) {
  return grid_lost ? std::min(settings.outage_charge_w, kRatedCharge_w) : kRatedCharge_w;
}

EvCommand as_fixed_power(const EvCommand& command, const EnergyInputs& inputs) {
  EvCommand fixed = command;
  if (command.charge == ChargeMethod::fixed) return fixed;
  const bool meter_known = inputs.meter_age && *inputs.meter_age <= kMeterAge;
  const double lacking_w = meter_known ? inputs.grid_w - inputs.ev_w : 0;
  const double charge_w = command.charge == ChargeMethod::none ? 0 : std::min(-lacking_w, command.charge_limit_w);
  const double discharge_w =
      command.discharge == DischargeMethod::none ? 0 : std::min(lacking_w - kKeptPurchase_w, command.discharge_limit_w);
  fixed.charge = charge_w > 0 ? ChargeMethod::fixed : ChargeMethod::none;
  fixed.discharge = discharge_w > 0 ? DischargeMethod::fixed : DischargeMethod::none;
  fixed.charge_limit_w = std::floor(std::max(0.0, charge_w) / kLimitStep_w) * kLimitStep_w;
  fixed.discharge_limit_w = std::floor(std::max(0.0, discharge_w) / kLimitStep_w) * kLimitStep_w;
  return fixed;
}

bool CommandSchedule::due(Time now, const EvCommand& command) const {
  return !last_ || now - last_->at >= kRevert / 2 || !last_->command.same_writes(command);
}

}  // namespace v2x::gateway
