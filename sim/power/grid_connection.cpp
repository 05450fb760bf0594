#include "sim/power/grid_connection.hpp"

#include <algorithm>

namespace v2x::power {
namespace {

constexpr Duration kBlockedAfterIslanding = std::chrono::seconds(10);  // default

}  // namespace

GridConnection::GridConnection(const ProtectionSettings& settings, Duration reconnect_wait)
    : protection_(settings), wait_(reconnect_wait) {}

void GridConnection::configure(const ProtectionSettings& settings, Duration reconnect_wait) {
  protection_.configure(settings);
  wait_ = reconnect_wait;
}

void GridConnection::observe(const GridView& grid, bool on_grid, Time now) {
  const bool was_good = protection_.grid_good();
  protection_.observe(grid, now);
  islanding_.observe(grid, protection_.under_voltage(), on_grid, now);
  if (protection_.grid_good() && !was_good) good_since_ = std::max(now, blocked_until_);
}

std::string_view GridConnection::take_trip(Time now) {
  std::string_view code = protection_.take_trip(now);
  if (code.empty()) {
    code = islanding_.take_trip(now);
    if (!code.empty()) good_since_ = blocked_until_ = now + kBlockedAfterIslanding;
  }
  armed_ = (armed_ && remaining_wait(now) > Duration::zero()) || !code.empty();
  return code;
}

Duration GridConnection::remaining_wait(Time now) const {
  if (!armed_) return Duration::zero();
  if (!grid_good() || wait_ == kManualReconnect) return wait_;
  return std::max(Duration::zero(), good_since_ + wait_ - now);
}

Time GridConnection::next_change(Time now) const {
  const bool runs = armed_ && grid_good() && wait_ != kManualReconnect;
  return std::min(
      {protection_.next_trip(), islanding_.next_change(now), runs ? if_ahead(good_since_ + wait_, now) : kNever});
}

}  // namespace v2x::power
