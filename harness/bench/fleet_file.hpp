// Reads the sample file that `v2x-sim fleet` wrote (contracts/fleet.md).
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "contracts/telemetry.pb.h"

namespace v2x::bench {

/// A day or more of some houses. Immutable, so any thread may read it.
class FleetFile {
 public:
  /// Throws BadInput with the file's name and what was expected.
  explicit FleetFile(const std::filesystem::path& file);

  std::size_t houses() const { return houses_.size(); }
  /// Of the n-th sample of a house, which begins again after its last: the Sample's bytes without start_ms and
  /// length_ms, which the sender puts in front.
  const std::string& body(std::size_t house, std::size_t n) const {
    const auto& bodies = houses_[house];
    return bodies[n % bodies.size()];
  }
  telemetry::Sample sample(std::size_t house, std::size_t n) const;

 private:
  std::vector<std::vector<std::string>> houses_;
};

}  // namespace v2x::bench
