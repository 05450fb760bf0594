#include "sim/gateway/energy_manager.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>
#include <string>

#include "common/jst.hpp"

namespace v2x::gateway {
namespace {

constexpr Duration kEvSilence = std::chrono::seconds(30);  // G1, default
constexpr Duration kMeterAge = std::chrono::seconds(15);   // G5, default
constexpr double kProtectBelow_pct = 5;                    // G4: below the vehicle's minimum
constexpr double kProtectCharge_w = 1000;                  // G4, default
constexpr double kHysteresis_pct = 3;                      // default
constexpr double kContractShare = 0.95;                    // of the contract: guard "then"
constexpr double kContractVolts = 100;                     // a contract's amperes count at 100 V
constexpr double kLimitStep_w = 100;                       // rounded down, so that load noise is not written

/// What the rows of the tables ask for.
struct Facts {
  bool in_charge_window = false;
  bool below_night_ceiling = false;
  bool at_floor = false;
  bool at_ceiling = false;
};

struct Row {
  bool (*applies)(const Facts&);
  ChargeMethod charge;
  DischargeMethod discharge;
  std::string_view reason;
};

// MODE-STANDBY
constexpr Row kStandby[] = {
    {[](const Facts&) { return true; }, ChargeMethod::none, DischargeMethod::none, "standby"},
};

// MODE-GREEN
constexpr Row kGreen[] = {
    {[](const Facts& f) { return f.in_charge_window && f.below_night_ceiling; }, ChargeMethod::fixed,
     DischargeMethod::none, "green.night"},
    {[](const Facts& f) { return f.in_charge_window; }, ChargeMethod::surplus, DischargeMethod::none, "green.window"},
    {[](const Facts& f) { return f.at_ceiling; }, ChargeMethod::none, DischargeMethod::load, "green.full"},
    {[](const Facts& f) { return f.at_floor; }, ChargeMethod::surplus, DischargeMethod::none, "green.floor"},
    {[](const Facts&) { return true; }, ChargeMethod::surplus, DischargeMethod::load, "green"},
};

std::span<const Row> rows_of(OperatingMode mode) {
  switch (mode) {
    case OperatingMode::standby:
      return kStandby;
    case OperatingMode::green:
      return kGreen;
  }
  return kStandby;
}

double floor_of(const EnergyInputs& inputs, const EnergySettings& settings) {
  return std::max(settings.economy_floor_pct, inputs.v2h_min_pct);
}

double ceiling_of(const EnergyInputs& inputs, const EnergySettings& settings) {
  return std::min(settings.ceiling_pct, inputs.v2h_max_pct);
}

Facts facts_of(const EnergyInputs& inputs, const EnergySettings& settings, EnergyMemory& memory) {
  const double soc = *inputs.soc_pct;
  const double floor = floor_of(inputs, settings);
  const double ceiling = ceiling_of(inputs, settings);
  memory.floor_reached = soc <= floor || (memory.floor_reached && soc < floor + kHysteresis_pct);
  memory.ceiling_reached = soc >= ceiling || (memory.ceiling_reached && soc > ceiling - kHysteresis_pct);
  const JstTime jst = to_jst(inputs.now);
  Facts facts;
  facts.in_charge_window = settings.charge_window.contains(std::chrono::minutes(jst.hour * 60 + jst.minute));
  facts.below_night_ceiling = soc < settings.night_ceiling_pct;
  facts.at_floor = memory.floor_reached;
  facts.at_ceiling = memory.ceiling_reached;
  return facts;
}

EvCommand idle(const EnergyInputs& inputs, const EnergySettings& settings, std::string_view reason) {
  EvCommand command;
  command.soc_floor_pct = floor_of(inputs, settings);
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
  for (const Row& row : rows_of(settings.mode)) {
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

namespace {

struct CommandPoint {
  std::string_view quantity;
  double value;
  std::string_view word;  ///< of an enumeration; empty for numbers
};

constexpr std::string_view kChargeWords[] = {"none", "surplus", "fixed"};
constexpr std::string_view kDischargeWords[] = {"none", "load", "fixed"};

std::optional<double> raw_of(const core::Point& point, const CommandPoint& wanted) {
  if (wanted.word.empty()) return wanted.value;
  for (const auto& [raw, word] : point.words)
    if (word == wanted.word) return static_cast<double>(raw);
  return std::nullopt;
}

}  // namespace

std::vector<RegisterWrite> encode_command(const core::RegisterMap& map, const EvCommand& command) {
  const std::array points = {
      CommandPoint{"cmd.charge_method", 0, kChargeWords[static_cast<int>(command.charge)]},
      CommandPoint{"cmd.discharge_method", 0, kDischargeWords[static_cast<int>(command.discharge)]},
      CommandPoint{"cmd.charge_limit", command.charge_limit_w, {}},
      CommandPoint{"cmd.discharge_limit", command.discharge_limit_w, {}},
      CommandPoint{"cmd.soc_floor", command.soc_floor_pct, {}},
      CommandPoint{"cmd.soc_ceiling", command.soc_ceiling_pct, {}},
  };
  // Two models carry some of these; the methods exist in one only, and their neighbours belong to them.
  const core::Point* method = map.find_quantity(points.front().quantity);
  if (method == nullptr) return {};
  std::vector<RegisterWrite> writes;
  int next_address = method->address;
  for (const CommandPoint& wanted : points) {
    const core::Point* point = nullptr;
    for (const core::Point& candidate : map.points())
      if (candidate.quantity == wanted.quantity && candidate.address >= method->address) point = &candidate;
    if (point == nullptr) return {};
    const auto raw = raw_of(*point, wanted);
    if (!raw) return {};
    if (writes.empty() || point->address != next_address) writes.push_back({point->address, {}});
    std::vector<std::uint16_t>& values = writes.back().values;
    values.resize(values.size() + point->size);
    core::RegisterMap::encode(*point, *raw, std::span(values).last(point->size));
    next_address = point->address + point->size;
  }
  return writes;
}

bool CommandSchedule::due(Time now, const EvCommand& command) const {
  return !last_ || now - last_->at >= kRevert / 2 || !last_->command.same_writes(command);
}

}  // namespace v2x::gateway
