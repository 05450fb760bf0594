// Digests of a whole simulation: what two runs of one seed must have in common.
#pragma once

#include "common/control.hpp"
#include "sim/site/simulation.hpp"

namespace v2x::site {

/// {"registers", "counters"}: hexadecimal digests over all register images and all Wh counters, in file order. Doubles
/// themselves are not digested: the C library may choose other code on another CPU.
Json digest(Simulation& simulation);

}  // namespace v2x::site
