#include "sim/core/turnaround.hpp"

#include <fmt/format.h>

#include "common/random.hpp"

namespace v2x::core {

Turnaround::Turnaround(std::uint64_t seed, std::string owner, Duration least, Duration most)
    : seed_(seed), owner_(std::move(owner)), least_(least), most_(most) {}

Duration Turnaround::next(std::uint8_t unit_id) {
  const std::string purpose = fmt::format("turnaround {}", unit_id);
  const double share = random_uniform({seed_, owner_, purpose}, drawn_[unit_id]++);
  return least_ + Duration(static_cast<Duration::rep>(share * static_cast<double>((most_ - least_).count() + 1)));
}

}  // namespace v2x::core
