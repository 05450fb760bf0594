// The facts of a bench as a table for a terminal.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace v2x::bench {

std::string table_of(const nlohmann::json& facts);

}  // namespace v2x::bench
