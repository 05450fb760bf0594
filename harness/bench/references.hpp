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

/// One turn of reference `name` with fresh data, as long as the load's duration. The records per second that it took in
/// and answered for. Error "bench" when it can't run here.
Result<double> run_reference(const std::string& name, const Load& load, const ReferenceOptions& options);

}  // namespace v2x::bench
