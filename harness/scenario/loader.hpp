// From files to scenarios: finds them, reads them, refuses what is wrong with file:line:column.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "contracts/quantity_catalogue.hpp"
#include "harness/scenario/steps.hpp"

namespace v2x::scenario {

/// The scenario files below `paths` (files or directories), sorted; `worlds/` holds none. Throws BadInput for a path
/// that is not there.
std::vector<std::filesystem::path> find_scenarios(const std::vector<std::string>& paths);

/// Reads one file: one scenario, or one per row of `cases:`. Throws BadInput.
std::vector<Scenario> load_scenario(const std::filesystem::path& file, const contracts::QuantityCatalogue& catalogue);

/// Whether customers or dealers do something in its steps; in its world's set-up doesn't count.
bool people_act(const Scenario& scenario);

}  // namespace v2x::scenario
