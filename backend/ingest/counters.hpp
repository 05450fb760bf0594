// What the ingest has counted since it started: the control verb `counters`, later the metrics.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <string>

namespace v2x::ingest {

/// Thread-safe.
struct Counters {
  using Count = std::atomic<std::uint64_t>;
  Count frames{0}, records{0}, samples{0}, events{0}, duplicates{0}, put_aside{0}, commits{0};
  Count acks{0}, gaps{0}, refusals{0}, busy{0}, unknown_keys{0}, revoked{0}, unanswered{0};

  std::map<std::string, std::uint64_t> read() const;
};

}  // namespace v2x::ingest
