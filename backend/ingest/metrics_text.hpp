// The ingest's counters as Prometheus reads them.
#pragma once

#include <string>

#include "backend/ingest/counters.hpp"

namespace v2x::ingest {

/// Text format 0.0.4; each metric with its HELP and TYPE.
std::string metrics_text(const Counters& counters);

}  // namespace v2x::ingest
