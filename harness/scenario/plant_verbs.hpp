// The verbs of plant and devices, a part of the vocabulary table.
#pragma once

#include <vector>

#include "harness/scenario/vocabulary.hpp"

namespace v2x::scenario {

std::vector<Verb> plant_verbs();

}  // namespace v2x::scenario
