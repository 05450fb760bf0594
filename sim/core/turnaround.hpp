// How long a unit takes before it begins to reply.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "common/clock.hpp"

namespace v2x::core {

/// Uniform and seeded, with a stream of its own for every unit: what happens to one unit never moves another one's
/// replies. Belongs to one thread.
class Turnaround {
 public:
  static constexpr Duration kTcpLeast = std::chrono::milliseconds(5);  // default, configurable
  static constexpr Duration kTcpMost = std::chrono::milliseconds(30);  // default, configurable

  /// `owner` names the port in the run: "home.gateway".
  Turnaround(std::uint64_t seed, std::string owner, Duration least = kTcpLeast, Duration most = kTcpMost);
  Duration next(std::uint8_t unit_id);

 private:
  std::uint64_t seed_;
  std::string owner_;
  Duration least_;
  Duration most_;
  struct Draws {
    std::string purpose;  ///< of the unit's random stream
    std::uint64_t count = 0;
  };
  std::map<std::uint8_t, Draws> draws_;
};

}  // namespace v2x::core
