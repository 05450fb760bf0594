// The descriptors that one thread waits for, each with what is to be done when something has come.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "common/clock.hpp"
#include "sim/core/socket.hpp"

namespace v2x::core {

/// epoll: what a wait costs does not grow with the descriptors that are quiet. Before its thread runs it belongs to who
/// fills it, then to its thread.
class WaitSet {
 public:
  WaitSet();

  /// `on_ready` runs within wait() whenever `fd` can be read or its other end is gone. A descriptor is removed before
  /// it is closed; `on_ready` itself may do so.
  void add(int fd, std::function<void()> on_ready);
  void remove(int fd);
  /// Returns when something was ready and has been dealt with, or after `longest`.
  void wait(Duration longest);

 private:
  using Act = std::unique_ptr<std::function<void()>>;

  Socket epoll_;
  std::vector<Act> acts_;     ///< by descriptor
  std::vector<Act> removed_;  ///< one of them may be running
};

}  // namespace v2x::core
