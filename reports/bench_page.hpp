// The page of a bench: its facts as tables, what was read once a second as plots. One file, works offline.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace v2x::reports {

/// `facts`: bench.json (docs/how-to/bench.md). What it doesn't have is left out.
std::string bench_page(const nlohmann::json& facts);

}  // namespace v2x::reports
