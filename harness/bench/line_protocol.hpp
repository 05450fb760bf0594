// Writes a fleet's samples to a server that takes InfluxDB's line protocol: InfluxDB itself, or VictoriaMetrics.
#pragma once

#include <string>

#include "harness/bench/turn.hpp"

namespace v2x::bench {

/// One line of a sample, without its time: "site,gw=FLEET0000001 pv_w=…i,…". Per-unit values are left out, which
/// favours the server.
std::string line_of(const std::string& gateway_id, const telemetry::Sample& sample);

struct Written {
  std::uint64_t records = 0;
  double per_s = 0;
};

/// As many rows as the server at 127.0.0.1:`port` answers for within the load's duration: batches of the plan's size,
/// one gateway each, four connections. `prepare`: a query that is made before.
Result<Written> write_lines(int port, const std::string& prepare, const Load& load);

}  // namespace v2x::bench
