#include "sim/core/pacer.hpp"

#include <algorithm>
#include <boost/histogram.hpp>

namespace v2x::core {
namespace {

namespace bh = boost::histogram;
// 1 µs to 1 s in steps of about 5 %: enough to tell p99 of a lag.
constexpr unsigned kBins = 280;
constexpr double kShortest_us = 1;
constexpr double kLongest_us = 1e6;

using LogAxis = bh::axis::regular<double, bh::axis::transform::log>;
auto make_histogram() {
  return bh::make_histogram(LogAxis(kBins, kShortest_us, kLongest_us));
}

}  // namespace

struct Pacer::Histogram {
  decltype(make_histogram()) counts = make_histogram();
  Lag lag;

  void add(double us) {
    counts(std::max(us, kShortest_us));
    ++lag.samples;
    lag.max_us = std::max(lag.max_us, us);
  }

  double quantile(double q) const {
    double below = 0;
    for (const auto& bin : bh::indexed(counts, bh::coverage::all)) {
      below += *bin;
      if (below >= q * static_cast<double>(lag.samples)) return std::min(bin.bin().upper(), lag.max_us);
    }
    return lag.max_us;
  }
};

Pacer::Pacer(Kernel& kernel, RealtimeClock clock)
    : kernel_(kernel), clock_(clock), histogram_(std::make_unique<Histogram>()) {}

Pacer::~Pacer() = default;

void Pacer::run(const std::stop_token& stop, const std::function<void()>& after) {
  const std::stop_callback on_stop(stop, [this] { alarm_.wake(); });
  while (!stop.stop_requested()) {
    const auto next = paused_at_ ? std::nullopt : kernel_.next_activity();
    const auto deadline = next ? std::optional(clock_.deadline(*next)) : std::nullopt;
    if (!alarm_.wait(deadline)) {
      const std::chrono::duration<double, std::micro> late = steady_now() - *deadline;
      histogram_->add(late.count());
      kernel_.run_to(*next);
    } else {
      // Somebody came: time goes on to the present, but not past an instant that has its own deadline.
      kernel_.run_to(std::max(kernel_.now(), std::min(present(), next.value_or(Time::max()))));
    }
    after();
  }
}

Time Pacer::present() const {
  const std::lock_guard lock(mutex_);
  return paused_at_ ? *paused_at_ : clock_.now();
}

void Pacer::pause() {
  const std::lock_guard lock(mutex_);
  paused_at_ = kernel_.now();
  kernel_.halt();
}

void Pacer::resume(double speed) {
  const std::lock_guard lock(mutex_);
  clock_ = RealtimeClock(kernel_.now(), steady_now(), speed);
  paused_at_.reset();
}

Lag Pacer::lag_since_last_call() {
  Lag result = histogram_->lag;
  result.p50_us = histogram_->quantile(0.5);
  result.p99_us = histogram_->quantile(0.99);
  *histogram_ = Histogram();
  return result;
}

}  // namespace v2x::core
