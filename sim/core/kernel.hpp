// The SystemC kernel as the rest of the simulator sees it: service time in, service time out.
#pragma once

#include <optional>
#include <systemc>

#include "common/clock.hpp"

namespace v2x::core {

/// SystemC elaborates once per process, so there is one Kernel per process. Make it first, then all modules, then run.
/// Resolution 1 ns: SystemC's default of 1 ps would end, silently, after 213 days. All members belong to one thread.
class Kernel {
 public:
  /// sc_time 0 is `start`.
  explicit Kernel(Time start);

  Time start() const { return start_; }
  Time now() const;
  /// The next instant with something to do (now, when something is pending at once); nullopt when nothing ever will.
  std::optional<Time> next_activity() const;
  /// Runs everything up to and including `t`, all delta cycles of `t` too. `t` ≥ now.
  void run_to(Time t);
  /// For acts: the run_to() under way ends at this instant.
  void halt() { sc_core::sc_pause(); }

  /// For modules: how long from now until `t` (zero when it is past).
  sc_core::sc_time until(Time t) const;

 private:
  Time start_;
};

}  // namespace v2x::core
