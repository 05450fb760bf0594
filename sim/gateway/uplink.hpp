// The seam between the gateway's protocol and what carries its frames to the service.
#pragma once

#include <string_view>

namespace v2x::gateway {

class Uplink {
 public:
  virtual ~Uplink() = default;
  /// False when nothing was taken: not connected, or the queue is full. The caller tries again later.
  virtual bool send(std::string_view frame) = 0;
};

}  // namespace v2x::gateway
