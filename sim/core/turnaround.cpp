#include "sim/core/turnaround.hpp"

#include <fmt/format.h>

#include "common/random.hpp"

namespace v2x::core {

Turnaround::Turnaround(std::uint64_t seed, std::string owner, Duration least, Duration most)
    : seed_(seed), owner_(std::move(owner)), least_(least), most_(most) {}

Duration Turnaround::next(std::uint8_t unit_id) {
  if (least_ == most_) return least_;
  Draws& draws = draws_[unit_id];
  if (draws.purpose.empty()) draws.purpose = fmt::format("turnaround {}", unit_id);
  const double share = random_uniform({seed_, owner_, draws.purpose}, draws.count++);
  return least_ + Duration(static_cast<Duration::rep>(share * static_cast<double>((most_ - least_).count() + 1)));
}

}  // namespace v2x::core
