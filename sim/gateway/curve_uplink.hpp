// Uplink over ZeroMQ with CURVE, as a site or the gateway program holds it.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/messaging.hpp"
#include "common/result.hpp"
#include "sim/gateway/uplink.hpp"

namespace v2x::gateway {

/// Belongs to one thread. It only carries frames: whoever owns it tells the gateway on_connected/on_disconnected, and
/// in lockstep counts what was sent and takes in as many frames as the service says that it sent.
class CurveUplink final : public Uplink {
 public:
  explicit CurveUplink(const MessagingContext& context) : context_(context) {}

  /// Frames sent before the service is reached wait in ZeroMQ's queue.
  void connect(const CurveDealer::Options& options);
  /// What waits in the queue is lost; the spool has it.
  void close() { dealer_.reset(); }
  bool is_open() const { return dealer_.has_value(); }
  /// For waiting on several lines at once; nullptr while closed.
  CurveDealer* dealer() { return dealer_ ? &*dealer_ : nullptr; }

  bool send(std::string_view frame) override;
  std::uint64_t frames_sent() const { return frames_sent_; }  ///< since this object was made

  /// The next frame from the service; nullopt when none came within `timeout` of steady time.
  std::optional<std::string> receive(std::chrono::milliseconds timeout);
  /// Exactly `count` frames, or the error "uplink_timeout" when one of them did not come within `timeout`.
  Result<std::vector<std::string>> receive_n(std::uint64_t count, std::chrono::milliseconds timeout);

 private:
  const MessagingContext& context_;
  std::optional<CurveDealer> dealer_;
  std::uint64_t frames_sent_ = 0;
};

}  // namespace v2x::gateway
