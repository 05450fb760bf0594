// The reference manual of a register map, as Markdown.
#pragma once

#include <string>
#include <vector>

#include "sim/core/register_map.hpp"

namespace v2x::core {

std::string register_manual(const RegisterMap& map);
/// One document with all of `maps`.
std::string register_manual(const std::vector<RegisterMap>& maps);

}  // namespace v2x::core
