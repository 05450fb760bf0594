// Commands and settings as registers of an EV unit, whatever its map.
#pragma once

#include <vector>

#include "sim/core/register_map.hpp"
#include "sim/gateway/energy_manager.hpp"
#include "sim/gateway/unit_reader.hpp"

namespace v2x::gateway {

/// Whether the unit follows surplus and load by itself; else it takes fixed powers only (SunSpec model 124).
bool has_methods(const core::RegisterMap& map);

/// In as few writes as the addresses allow; empty when the map has no points for it. Without has_methods() the command
/// is one of as_fixed_power().
std::vector<RegisterWrite> encode_command(const core::RegisterMap& map, const EvCommand& command);
/// What the unit keeps for an outage.
std::vector<RegisterWrite> encode_outage(const core::RegisterMap& map, const EnergySettings& settings);
/// The largest power that the car may be charged with (SunSpec model 124); empty when the map has no such point, or
/// only that model: then it belongs to each command.
std::vector<RegisterWrite> encode_charge_bound(const core::RegisterMap& map, double watts);
/// Both in one, so that the unit takes all of it or nothing where its addresses allow.
std::vector<RegisterWrite> encode_both(const core::RegisterMap& map, const EvCommand& command,
                                       const EnergySettings& settings);

}  // namespace v2x::gateway
