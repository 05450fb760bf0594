#include "sim/gateway/ev_registers.hpp"

#include <chrono>
#include <string_view>

#include "sim/gateway/register_values.hpp"

namespace v2x::gateway {
namespace {

constexpr std::string_view kChargeMethod = "cmd.charge_method";
constexpr std::string_view kChargeWords[] = {"none", "surplus", "fixed"};
constexpr std::string_view kDischargeWords[] = {"none", "load", "fixed"};
constexpr double kRevert_s = std::chrono::duration<double>(CommandSchedule::kRevert).count();
constexpr std::string_view kChargeBound = "cmd.storage_charge_max";
constexpr std::string_view kOutageWords[] = {"standby", "self_sustain"};

std::vector<WantedValue> values_of(const EvCommand& command) {
  return {{kChargeMethod, 0, kChargeWords[static_cast<int>(command.charge)]},
          {"cmd.discharge_method", 0, kDischargeWords[static_cast<int>(command.discharge)]},
          {"cmd.charge_limit", command.charge_limit_w},
          {"cmd.discharge_limit", command.discharge_limit_w},
          {"cmd.soc_floor", command.soc_floor_pct},
          {"cmd.soc_ceiling", command.soc_ceiling_pct},
          {"cmd.ev_revert", kRevert_s, {}, false}};
}

/// The storage control of model 124: shares of the largest charge power that is written beside them.
std::vector<WantedValue> storage_values_of(const EvCommand& command) {
  const bool charges = command.charge == ChargeMethod::fixed;
  const bool discharges = command.discharge == DischargeMethod::fixed && !charges;
  const auto percent = [](double watts) { return watts / kRatedCharge_w * 100; };
  // The control comes last: what it switches on is there already.
  return {{kChargeBound, kRatedCharge_w},
          {"cmd.soc_floor", command.soc_floor_pct, {}, false},
          {"cmd.storage_discharge_rate", percent(discharges ? command.discharge_limit_w : 0)},
          {"cmd.storage_charge_rate", percent(charges ? command.charge_limit_w : 0)},
          {"cmd.storage_revert", kRevert_s},
          {"cmd.storage_control", (charges ? 1.0 : 0.0) + (discharges ? 2.0 : 0.0)}};
}

std::vector<WantedValue> values_of(const EnergySettings& settings) {
  return {{"set.outage_mode", 0, kOutageWords[static_cast<int>(settings.outage_mode)]},
          {"set.outage_floor", settings.outage_floor_pct}};
}

std::vector<WantedValue> command_values(const core::RegisterMap& map, const EvCommand& command) {
  return has_methods(map) ? values_of(command) : storage_values_of(command);
}

}  // namespace

bool has_methods(const core::RegisterMap& map) {
  return map.find_quantity(kChargeMethod) != nullptr;
}

std::vector<RegisterWrite> encode_command(const core::RegisterMap& map, const EvCommand& command) {
  return encode(map, command_values(map, command));
}

std::vector<RegisterWrite> encode_outage(const core::RegisterMap& map, const EnergySettings& settings) {
  return encode(map, values_of(settings));
}

std::vector<RegisterWrite> encode_charge_bound(const core::RegisterMap& map, double watts) {
  const core::Point* point = map.find_quantity(kChargeBound);
  if (point == nullptr || !has_methods(map)) return {};
  RegisterWrite write{point->address, std::vector<std::uint16_t>(point->size)};
  core::RegisterMap::encode(*point, watts, write.values);
  return {write};
}

std::vector<RegisterWrite> encode_both(const core::RegisterMap& map, const EvCommand& command,
                                       const EnergySettings& settings) {
  std::vector<WantedValue> values = command_values(map, command);
  for (const WantedValue& value : values_of(settings)) values.push_back(value);
  auto writes = encode(map, values);
  if (!writes.empty()) return writes;
  // A map may have one of the two only.
  writes = encode_command(map, command);
  for (RegisterWrite& write : encode_outage(map, settings)) writes.push_back(std::move(write));
  return writes;
}

}  // namespace v2x::gateway
