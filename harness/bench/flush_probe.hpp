// What this machine's disk needs to make a small write durable: the floor under every acknowledgement.
#pragma once

#include <filesystem>

#include "harness/bench/latency.hpp"

namespace v2x::bench {

/// `count` appends of 4 KiB to a new file in `directory`, each with fdatasync(2). Throws BadInput when that can't be
/// written.
LatencyHistogram measure_flush(const std::filesystem::path& directory, int count);

}  // namespace v2x::bench
