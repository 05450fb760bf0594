// Set-up of a world: what it says exists already is made once, through the same pages, before the record begins.
#pragma once

#include <filesystem>

#include "harness/scenario/steps.hpp"
#include "harness/world/stage.hpp"
#include "harness/world/state_cache.hpp"

namespace v2x::run {

/// The file with what people know (販売店ID) beside the backend's data.
std::filesystem::path people_file(const world::Stage& stage);

/// Leaves gateways imported, people registered and linked in the stage's state, and no process running. From the cache
/// when it has this world. An Error "bench" or "page" tells what went wrong in the set-up.
Status set_up_world(const scenario::Scenario& scenario, world::Stage& stage, const world::StateCache& cache,
                    const std::string& key);

}  // namespace v2x::run
