#include "backend/service/live_samples.hpp"

#include <utility>

namespace v2x::service {

void LiveSamples::watch(const std::string& gateway_id) {
  {
    const std::lock_guard lock(mutex_);
    Watched& watched = watched_[gateway_id];
    const bool enough = watched.asked_until && *watched.asked_until - clock_.now() >= settings_.renew_before;
    if (enough || watched.wanted) return;
    watched.wanted = true;
  }
  if (wake_) wake_();
}

std::optional<TelemetrySample> LiveSamples::newest(const std::string& gateway_id, Time from) const {
  const std::lock_guard lock(mutex_);
  const auto found = watched_.find(gateway_id);
  if (found == watched_.end() || !found->second.sample) return std::nullopt;
  const Watched& watched = found->second;
  if (clock_.now() - watched.heard > settings_.fresh || watched.sample->start < from) return std::nullopt;
  return watched.sample;
}

void LiveSamples::put(const std::string& gateway_id, TelemetrySample sample) {
  const std::lock_guard lock(mutex_);
  const auto found = watched_.find(gateway_id);
  if (found == watched_.end()) return;  // nobody asked for it
  found->second.sample = std::move(sample);
  found->second.heard = clock_.now();
}

std::vector<GatewayCommand> LiveSamples::take_commands(const std::function<bool(const std::string&)>& connected) {
  std::vector<GatewayCommand> commands;
  const std::lock_guard lock(mutex_);
  const Time now = clock_.now();
  for (auto it = watched_.begin(); it != watched_.end();) {
    auto& [gateway_id, watched] = *it;
    if (watched.wanted && connected(gateway_id)) {
      watched.asked_until = now + settings_.lasts;
      // By the clock, so that ids grow over restarts, too: a gateway executes an id once.
      const auto id = kFirstId + static_cast<std::uint64_t>(now.time_since_epoch() / std::chrono::microseconds(1));
      commands.push_back({.kind = GatewayCommand::Kind::live,
                          .gateway_id = gateway_id,
                          .correlation_id = id,
                          .expires = *watched.asked_until,
                          .period = settings_.period,
                          .lasts = settings_.lasts});
    }
    watched.wanted = false;  // whoever still looks asks again
    const bool over = !watched.asked_until || *watched.asked_until + settings_.fresh < now;
    it = over ? watched_.erase(it) : std::next(it);
  }
  return commands;
}

}  // namespace v2x::service
