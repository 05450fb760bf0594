// `v2x-sim fleet`: the samples that the gateways of many houses make over some days, as a file (contracts/fleet.md).
#pragma once

#include <cstdint>
#include <filesystem>

#include "common/clock.hpp"
#include "sim/site/world.hpp"

namespace v2x::site {

struct FleetOptions {
  std::filesystem::path world;  ///< its first house is the pattern
  std::filesystem::path out;
  int houses = 24;  ///< at most 64: libmodbus' select() ends at descriptor 1024, and a house needs eight
  int days = 1;
  std::uint64_t seed = 1;
  Time start{};
};

/// The pattern with other people, panels, weather and car: the `number`-th house (from 1) of this seed.
SiteConfig vary(const SiteConfig& pattern, int number, std::uint64_t seed);

/// Simulates the houses in one kernel, whole chain from the sun to the gateway's spool, nobody at the other end. Once
/// per process. Throws BadInput when the world or the place of the file is bad.
void write_fleet(const FleetOptions& options);

}  // namespace v2x::site
