// Writes a fleet's samples to a server that takes InfluxDB's line protocol: InfluxDB itself, or VictoriaMetrics.
#pragma once

#include <cstdint>
#include <string>

#include "harness/bench/turn.hpp"

namespace v2x::bench {

/// What a server answered for.
struct Written {
  std::uint64_t records = 0;
  std::uint64_t values = 0;   ///< of these records
  std::uint64_t minutes = 0;  ///< that a gateway sent at most
  double per_s = 0;           ///< records
};

/// As many records as the server at 127.0.0.1:`port` answers for within the load's duration: batches of the plan's
/// size, one gateway each, four connections. `prepare`: a query that is made before.
Result<Written> write_lines(int port, const std::string& prepare, const Load& load);

/// How many values the server has, by its own count; a server that throws rows away must not count as a fast one.
Result<std::uint64_t> count_in_influxdb(int port);
Result<std::uint64_t> count_in_victoriametrics(int port, const Load& load, const Written& written);

/// What a record is on average for these servers.
struct LinesPerRecord {
  double lines = 0, values = 0;
};
LinesPerRecord lines_per_record(const FleetFile& file);

}  // namespace v2x::bench
