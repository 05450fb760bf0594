// Seeded randomness without shared state: the k-th number of a named stream is a pure function of its arguments.
#pragma once

#include <cstdint>
#include <string_view>

namespace v2x {

/// Identifies a stream of numbers: run seed, owner (a site's or gateway's name), purpose ("cloud", "turnaround").
struct RandomStream {
  std::uint64_t seed = 1;
  std::string_view owner;
  std::string_view purpose;
};

/// SplitMix64's finaliser (Steele, Lea, Flood 2014) over seed, owner, purpose and `k`.
std::uint64_t random_bits(const RandomStream& stream, std::uint64_t k);
/// Uniform in [0, 1).
double random_uniform(const RandomStream& stream, std::uint64_t k);
/// Sum of twelve uniforms minus six: mean 0, deviation 1, within ±6. Consumes k*12 … k*12+11.
double random_normal(const RandomStream& stream, std::uint64_t k);

}  // namespace v2x
