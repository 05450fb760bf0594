// summary.json: the run in one small file for other programs.
#pragma once

#include <string>

#include "reports/history.hpp"
#include "reports/record.hpp"

namespace v2x::reports {

/// Its shape is part of contracts/record.md.
std::string summary_json(const Run& run, const Changes& changes);

}  // namespace v2x::reports
