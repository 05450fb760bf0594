// The part of the vocabulary that is about people: what customers and dealers do on the pages.
#pragma once

#include <vector>

#include "harness/scenario/vocabulary.hpp"

namespace v2x::scenario {

std::vector<Verb> people_verbs();

}  // namespace v2x::scenario
