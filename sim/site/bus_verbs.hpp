// The simulator's verbs for people who look at a bus: faults that are injected into one unit, traces of quantities.
#pragma once

#include "sim/site/verbs.hpp"

namespace v2x::site {

/// Adds one verb that runs on the kernel's thread.
using AddVerb = std::function<void(const std::string& verb, std::function<Result<Json>(const Json&)> act)>;

void add_bus_verbs(const AddVerb& on, const Boxes& boxes);

}  // namespace v2x::site
