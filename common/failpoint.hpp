// Named points where a process can be made to fail on purpose.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/result.hpp"

namespace v2x::failpoint {

/// What happens when the named point is passed the `count`-th time from now on.
enum class Action {
  crash,  ///< the process kills itself with SIGKILL: nothing is flushed
  stall,  ///< the passing thread blocks until clear()
  error,  ///< pass() returns true once, the caller takes its error path
};

/// Declares a point's name for `fail_at` (a namespace-scope constant beside the code that passes it).
class Point {
 public:
  explicit Point(std::string_view name);
  /// True when the caller shall act as if this operation had failed. Costs one relaxed load while nothing is armed.
  bool pass() const;
  const std::string& name() const { return name_; }

 private:
  std::string name_;
};

/// Arms a point; unknown names are refused with the nearest word. Thread-safe.
Status arm(const std::string& point, Action action, std::uint64_t count);
void clear();
std::vector<std::string> names();

}  // namespace v2x::failpoint
