#include "common/random.hpp"

namespace v2x {
namespace {

std::uint64_t mix(std::uint64_t z) {
  z += 0x9E3779B97F4A7C15ULL;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
  return z ^ (z >> 31);
}

/// FNV-1a: the standard library's hash may differ between builds.
std::uint64_t hash(std::string_view text) {
  std::uint64_t h = 0xCBF29CE484222325ULL;
  for (const char c : text) h = (h ^ static_cast<unsigned char>(c)) * 0x100000001B3ULL;
  return h;
}

std::uint64_t key(const RandomStream& stream) {
  return mix(mix(mix(stream.seed) ^ hash(stream.owner)) ^ hash(stream.purpose));
}

double to_uniform(std::uint64_t bits) {
  return static_cast<double>(bits >> 11) * 0x1.0p-53;
}

}  // namespace

std::uint64_t random_bits(const RandomStream& stream, std::uint64_t k) {
  return mix(key(stream) ^ k);
}

double random_uniform(const RandomStream& stream, std::uint64_t k) {
  return to_uniform(random_bits(stream, k));
}

double random_normal(const RandomStream& stream, std::uint64_t k) {
  const std::uint64_t stream_key = key(stream);
  double sum = -6.0;
  for (std::uint64_t i = 0; i < 12; ++i) sum += to_uniform(mix(stream_key ^ (k * 12 + i)));
  return sum;
}

}  // namespace v2x
