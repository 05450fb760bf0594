// Latencies as a histogram: constant memory, quantiles exact to 1.6 %.
#pragma once

#include <array>
#include <cstdint>
#include <nlohmann/json.hpp>

#include "common/clock.hpp"

namespace v2x::bench {

/// Buckets grow with the value: 64 to each power of two, from 1 µs to 19 hours. Belongs to one thread.
class LatencyHistogram {
 public:
  /// `times`: as if it had been recorded so often. Negative ones count as 0.
  void record(Duration latency, std::uint64_t times = 1);
  void add(const LatencyHistogram& other);

  std::uint64_t count() const { return count_; }
  /// The value that `share` of all (0 … 1) don't exceed, ms; 0 when there is none.
  double quantile_ms(double share) const;
  double max_ms() const { return static_cast<double>(max_us_) / 1000; }
  /// {"p50", "p90", "p99", "p99_9", "max", "count"}, ms.
  nlohmann::json summary() const;

 private:
  static constexpr int kSubBits = 6;
  static constexpr std::size_t kSub = std::size_t{1} << kSubBits;
  static constexpr int kMostBits = 36;
  static std::size_t index_of(std::uint64_t us);
  static std::uint64_t upper_us(std::size_t index);

  std::array<std::uint64_t, kSub*(kMostBits - kSubBits + 2)> counts_{};
  std::uint64_t count_ = 0;
  std::uint64_t max_us_ = 0;
};

}  // namespace v2x::bench
