// What a service is compared with: other stores that take in the same rows, and bare loops into the same tables.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "harness/bench/turn.hpp"

namespace v2x::bench {

/// Names that --against takes.
const std::vector<std::string>& reference_names();

struct ReferenceOptions {
  std::filesystem::path fleet;     ///< the sample file, for programs of tests/bench
  std::filesystem::path programs;  ///< directory of the programs of tests/bench
};

/// What took in records: how many in a second, and in a CPU second of its own processes. The second figure means
/// something on a machine that others use, too.
struct Throughput {
  double per_s = 0;
  double per_cpu_s = 0;
};

/// Of a turn's facts: of the service, and of its database server.
Throughput throughput_of(const Facts& facts);

/// One turn of reference `name` with fresh data, as long as the load's duration: the records that it took in and
/// answered for. Error "bench" when it can't run here.
Result<Throughput> run_reference(const std::string& name, const Load& load, const ReferenceOptions& options);

}  // namespace v2x::bench
