// The scenario's clock: moves the simulator, which takes the backend along (contracts/control.md, the barrier).
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "common/clock.hpp"
#include "harness/world/stage.hpp"

namespace v2x::world {

/// Where and why time stopped.
struct Stop {
  Time at{};
  std::string cause;      ///< time, until, never, invariant
  std::string condition;  ///< what stopped it, as JSON text
};

/// Belongs to the scenario's thread. Before the simulator runs (set-up of a world) time stands at the start and the
/// harness itself is the backend's time master.
class Conductor {
 public:
  using OnEvent = std::function<void(Time at, const Json& event)>;

  Conductor(Stage& stage, Time start, OnEvent on_event) : stage_(stage), now_(start), on_event_(std::move(on_event)) {}

  Time now() const { return now_; }
  /// From now on these stop every advance.
  void forbid(std::vector<Json> never) { never_ = std::move(never); }
  /// Up to and including `t`, or to the first instant at which one of `until` holds. A backend that crashes on the way
  /// as it was asked to is an event; time goes on without it.
  Result<Stop> advance_to(Time t, const std::vector<Json>& until = {});
  /// Passes the barrier at this instant: what people's acts made due happens now, mails too.
  Status settle();

 private:
  Result<Stop> advance_once(Time t, const std::vector<Json>& until);

  Stage& stage_;
  Time now_;
  OnEvent on_event_;
  std::vector<Json> never_;
};

}  // namespace v2x::world
