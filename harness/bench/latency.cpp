#include "harness/bench/latency.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace v2x::bench {

std::size_t LatencyHistogram::index_of(std::uint64_t us) {
  const int bits = std::bit_width(us);
  if (bits <= kSubBits + 1) return us;
  const int shift = std::min(bits, kMostBits) - kSubBits - 1;
  const std::uint64_t sub = std::min<std::uint64_t>(us >> shift, 2 * kSub - 1);
  return static_cast<std::size_t>(shift) * kSub + sub;
}

std::uint64_t LatencyHistogram::upper_us(std::size_t index) {
  if (index < 2 * kSub) return index;
  const std::size_t shift = index / kSub - 1;
  return ((index % kSub + kSub + 1) << shift) - 1;
}

void LatencyHistogram::record(Duration latency, std::uint64_t times) {
  const auto us = static_cast<std::uint64_t>(std::max<Duration::rep>(latency.count(), 0));
  counts_[index_of(us)] += times;
  count_ += times;
  max_us_ = std::max(max_us_, us);
}

void LatencyHistogram::add(const LatencyHistogram& other) {
  for (std::size_t i = 0; i < counts_.size(); ++i) counts_[i] += other.counts_[i];
  count_ += other.count_;
  max_us_ = std::max(max_us_, other.max_us_);
}

double LatencyHistogram::quantile_ms(double share) const {
  const auto wanted = static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(count_)));
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    seen += counts_[i];
    if (seen >= wanted && seen > 0) return static_cast<double>(std::min(upper_us(i), max_us_)) / 1000;
  }
  return 0;
}

nlohmann::json LatencyHistogram::summary() const {
  return {{"p50", quantile_ms(0.5)},     {"p90", quantile_ms(0.9)}, {"p99", quantile_ms(0.99)},
          {"p99_9", quantile_ms(0.999)}, {"max", max_ms()},         {"count", count_}};
}

}  // namespace v2x::bench
