// Lockstep: the kernel is the time master, the backend follows. One discrete-event simulation with real sockets in it.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/control.hpp"
#include "sim/core/kernel.hpp"
#include "sim/site/condition.hpp"
#include "sim/site/uplinks.hpp"

namespace v2x::site {

/// Why a run stopped.
struct Stop {
  Time at;
  std::string cause;            ///< time, until, never, invariant, backend_gone
  Json condition;               ///< the one that stopped it; the sentence of a breach; null otherwise
  Json events = Json::array();  ///< what happened on the way, each with "t" and "what"
};

/// Passes the barrier of contracts/control.md whenever a frame was sent or the backend has something due. Belongs to
/// the kernel's thread.
class Conductor {
 public:
  struct Limits {
    std::chrono::milliseconds reply{60'000};   ///< wall time for one advance_to of the backend: default, configurable
    std::chrono::milliseconds frames{10'000};  ///< wall time for announced frames to come in: default, configurable
    int rounds = 1'000;                        ///< barriers at one instant before two boxes are said to loop
  };
  /// Runs after every instant and may append to the events; returns the sentence of a broken invariant. `exactly`:
  /// conditions are looked at next, so what grows between two changes must be up to date.
  using Observe = std::function<std::optional<std::string>(Json& events, bool exactly)>;

  Conductor(core::Kernel& kernel, Uplinks& uplinks, Observe observe, Limits limits);
  ~Conductor();

  /// Follows the backend behind `endpoint` from now on.
  Result<Json> follow(const MessagingContext& context, const std::string& endpoint);
  void unfollow();
  /// Passes the barrier at this instant until every connected gateway has its Welcome.
  Status uplink_ready();
  /// Runs up to and including `t`, or to the first instant at which a condition stops it, or at which the backend's
  /// connection ends: it is followed no more then. An error is one of the bench: a box that doesn't answer, frames
  /// that never came.
  Result<Stop> advance_to(Time t, std::vector<Condition> until, std::vector<Condition> never);

 private:
  struct Run;
  Status pass_barrier(Json& events);
  Status call_backend(Json& events);
  std::optional<Stop> stopped(Run& run);
  Time next_instant(const Run& run) const;
  bool backend_due() const;

  core::Kernel& kernel_;
  Uplinks& uplinks_;
  Observe observe_;
  Limits limits_;
  std::unique_ptr<ControlClient> backend_;  // null while nobody is followed
  std::uint64_t frames_announced_ = 0;
  std::optional<Time> next_due_;
};

}  // namespace v2x::site
