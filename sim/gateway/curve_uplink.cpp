#include "sim/gateway/curve_uplink.hpp"

#include <fmt/format.h>

namespace v2x::gateway {

void CurveUplink::connect(const CurveDealer::Options& options) {
  dealer_.reset();
  dealer_.emplace(context_, options);
}

bool CurveUplink::send(std::string_view frame) {
  if (!dealer_ || !dealer_->send(frame)) return false;
  ++frames_sent_;
  return true;
}

std::optional<std::string> CurveUplink::receive(std::chrono::milliseconds timeout) {
  if (!dealer_) return std::nullopt;
  return dealer_->receive(timeout);
}

Result<std::vector<std::string>> CurveUplink::receive_n(std::uint64_t count, std::chrono::milliseconds timeout) {
  std::vector<std::string> frames;
  while (frames.size() < count) {
    auto frame = receive(timeout);
    if (!frame)
      return fail("uplink_timeout", fmt::format("{} of {} frames came from the service within {} ms", frames.size(),
                                                count, timeout.count()));
    frames.push_back(std::move(*frame));
  }
  return frames;
}

}  // namespace v2x::gateway
