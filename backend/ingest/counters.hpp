// What the ingest has counted since it started: the control verb `counters` and the metrics.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>

namespace v2x::ingest {

/// How often a value was at most each of some bounds. Thread-safe; a reader may see an observation half.
template <size_t N>
class Distribution {
 public:
  explicit Distribution(const std::array<double, N>& bounds) : bounds_(bounds) {}

  void observe(double value) {
    for (size_t i = 0; i < N; ++i)
      if (value <= bounds_[i]) ++at_most_[i];
    ++count_;
    sum_.fetch_add(value, std::memory_order_relaxed);
  }
  const std::array<double, N>& bounds() const { return bounds_; }
  std::uint64_t at_most(size_t bound) const { return at_most_[bound]; }
  std::uint64_t count() const { return count_; }
  double sum() const { return sum_; }

 private:
  const std::array<double, N> bounds_;
  std::array<std::atomic<std::uint64_t>, N> at_most_{};
  std::atomic<std::uint64_t> count_{0};
  std::atomic<double> sum_{0};
};

/// Thread-safe.
struct Counters {
  using Count = std::atomic<std::uint64_t>;
  Count frames{0}, records{0}, samples{0}, events{0}, duplicates{0}, put_aside{0}, commits{0};
  Count acks{0}, gaps{0}, refusals{0}, busy{0}, unknown_keys{0}, revoked{0}, unanswered{0};

  // Now, not since the start.
  Count queued_frames{0}, queued_bytes{0};
  Count gateways{0};  ///< heard in the last five minutes

  Distribution<12> commit_s{{0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5}};
  Distribution<9> commit_records{{1, 4, 16, 64, 256, 1024, 4096, 16384, 65536}};

  /// A frame or a record was refused; `reason` is a word of ours, never the peer's.
  void refused(const std::string& reason);
  std::map<std::string, std::uint64_t> refusals_by_reason() const;

  std::map<std::string, std::uint64_t> read() const;

 private:
  mutable std::mutex mutex_;  // guards reasons_
  std::map<std::string, std::uint64_t> reasons_;
};

}  // namespace v2x::ingest
