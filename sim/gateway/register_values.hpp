// Values by quantity as registers to be written, whatever the unit's map.
#pragma once

#include <string_view>
#include <vector>

#include "sim/core/register_map.hpp"
#include "sim/gateway/unit_reader.hpp"

namespace v2x::gateway {

struct WantedValue {
  std::string_view quantity;
  double value = 0;
  std::string_view word = {};  ///< of an enumeration; empty for numbers
  bool needed = true;          ///< without it the others say nothing
};

/// In the order of `values`, in as few writes as the addresses allow. Empty when the map lacks one that is needed: half
/// of a command is none.
std::vector<RegisterWrite> encode(const core::RegisterMap& map, const std::vector<WantedValue>& values);

}  // namespace v2x::gateway
