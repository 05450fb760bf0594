#include "harness/bench/load_plan.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "common/random.hpp"

namespace v2x::bench {
namespace {

constexpr int kMostRecords = 512;                       // telemetry.proto, Batch
constexpr auto kOutage = std::chrono::hours(300 * 24);  // well within the 400 days for which minutes are kept
constexpr std::int64_t kMinuteMs = 60'000;
constexpr std::int64_t kMostLengthMs = 3'600'000;  // telemetry.proto, the longest report period

std::int64_t to_ms(Time t) {
  return std::chrono::floor<std::chrono::milliseconds>(t).time_since_epoch().count();
}

}  // namespace

const std::map<std::string, Shape>& shapes() {
  static const std::map<std::string, Shape> all{{"steady", Shape::steady},
                                                {"storm", Shape::storm},
                                                {"restart", Shape::restart},
                                                {"backfill", Shape::backfill},
                                                {"midnight", Shape::midnight}};
  return all;
}

std::string to_string(Shape shape) {
  for (const auto& [word, one] : shapes())
    if (one == shape) return word;
  return {};
}

int LoadPlan::records_per_batch() const {
  if (batch > 0) return std::min(batch, kMostRecords);
  return shape == Shape::backfill ? kMostRecords : 1;
}

Arrivals::Arrivals(const LoadPlan& plan) {
  if (plan.saturates()) return;
  records_ = plan.shape == Shape::backfill ? plan.records_per_batch() : 1;
  const double period_s = plan.gateways * static_cast<double>(records_) / plan.rate;
  period_ = std::max(Duration(1), Duration(std::llround(period_s * 1e6)));
  const bool together = plan.shape == Shape::storm || plan.shape == Shape::midnight;
  // Of bursts one falls on the middle of the run, where midnight is.
  const Duration burst = Duration((plan.duration / 2).count() % period_.count());
  for (std::uint32_t gateway = 0; gateway < plan.gateways; ++gateway) {
    const double share = random_uniform({plan.seed, "fleet", "phase"}, gateway);
    phases_.push_back(together ? burst : Duration(std::llround(share * static_cast<double>(period_.count()))));
  }
  order_.resize(plan.gateways);
  std::iota(order_.begin(), order_.end(), 0);
  std::stable_sort(order_.begin(), order_.end(),
                   [&](std::uint32_t a, std::uint32_t b) { return phases_[a] < phases_[b]; });
}

Duration Arrivals::due(std::uint32_t gateway, std::uint64_t seq) const {
  const auto message = static_cast<Duration::rep>((seq - 1) / static_cast<std::uint64_t>(records_));
  return phases_[gateway] + period_ * message;
}

Arrivals::Arrival Arrivals::arrival(std::uint64_t index) const {
  const std::uint32_t gateway = order_[index % order_.size()];
  return {phases_[gateway] + period_ * static_cast<Duration::rep>(index / order_.size()), gateway};
}

Stamp stamp_of(const LoadPlan& plan, const Arrivals& arrivals, Time begin, std::uint32_t gateway, std::uint64_t seq) {
  const auto n = static_cast<std::int64_t>(seq - 1);
  if (plan.shape == Shape::backfill) return {to_ms(begin - kOutage) + n * kMinuteMs, kMinuteMs};
  if (plan.saturates()) return {to_ms(begin) + n, 1};
  const std::int64_t length = std::clamp<std::int64_t>(
      std::chrono::floor<std::chrono::milliseconds>(arrivals.period()).count(), 1, kMostLengthMs);
  return {to_ms(begin + arrivals.due(gateway, seq)) - length, static_cast<std::uint32_t>(length)};
}

}  // namespace v2x::bench
