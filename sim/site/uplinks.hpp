// What the conductor sees of the gateways' connections to the backend.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "common/result.hpp"

namespace v2x::site {

/// Belongs to the kernel's thread.
class Uplinks {
 public:
  virtual ~Uplinks() = default;
  /// New connections with counts from zero; gateways say Hello.
  virtual void open() = 0;
  /// Connections are closed, gateways see the line as lost.
  virtual void close() = 0;
  /// Frames that all gateways together have sent since open().
  virtual std::uint64_t frames_sent() const = 0;
  /// Takes in exactly `frames` frames and hands them to their gateways, gateway by gateway, so that the order of
  /// arrival on the wire changes nothing. Error "deadline" when they don't come in this much wall time.
  virtual Status take_in(std::uint64_t frames, std::chrono::milliseconds deadline) = 0;
  /// Names of the sites whose gateway is powered and connected but has no Welcome yet.
  virtual std::vector<std::string> waiting_for_welcome() const = 0;
};

}  // namespace v2x::site
