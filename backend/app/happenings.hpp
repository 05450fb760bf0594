// What happened since the last call of advance_to, for its reply.
#pragma once

#include <mutex>
#include <vector>

#include "backend/service/happening.hpp"
#include "common/clock.hpp"
#include "common/control.hpp"

namespace v2x::app {

/// Thread-safe: people's acts come from the web's threads. Used with a stepped clock only, where take() is called
/// often.
class Happenings {
 public:
  void add(Time t, const std::vector<service::Happening>& happenings);
  Json take();  ///< [{what, t, …}] in the order in which they were committed

 private:
  std::mutex mutex_;  // guards waiting_
  Json waiting_ = Json::array();
};

}  // namespace v2x::app
