// What the server's thread polls: a TCP port with its connections, or a serial line.
#pragma once

#include <poll.h>

#include <span>
#include <vector>

#include "sim/core/bus_line.hpp"

namespace v2x::core {

/// Belongs to the server's thread.
class ModbusEndpoint {
 public:
  virtual ~ModbusEndpoint() = default;
  /// Appends the descriptors to wait for.
  virtual void add_waits(std::vector<pollfd>& waits) = 0;
  /// `ready` are the descriptors of the last add_waits(), in the same order.
  virtual void serve(std::span<const pollfd> ready) = 0;
  /// The next instant at which it has something to do without input; Time::max() for none.
  virtual Time next_deadline() const = 0;
};

}  // namespace v2x::core
