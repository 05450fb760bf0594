// What people and editors read about the scenario language, made from the vocabulary and the page table.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace v2x::scenario {

/// docs/reference/scenarios.md: every verb with its arguments and an example, every page with its labels and fields.
std::string reference_page();

/// JSON Schema (draft 2020-12) of a scenario file. An editor that knows it completes verbs and arguments; what a world
/// contains (persons, sites, quantities) only `v2x validate` knows.
nlohmann::ordered_json scenario_schema();

}  // namespace v2x::scenario
