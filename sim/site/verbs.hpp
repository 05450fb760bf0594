// The simulator's verbs of contracts/control.md.
#pragma once

#include <functional>
#include <string>

#include "common/control.hpp"
#include "sim/core/pacer.hpp"
#include "sim/site/conductor.hpp"
#include "sim/site/listeners.hpp"
#include "sim/site/simulation.hpp"

namespace v2x::site {

/// Runs an act while nothing else acts on the kernel, and waits for it: directly in lockstep, through the door in
/// realtime.
using OnKernel = std::function<void(const std::function<void()>& act)>;

/// One of the two clocks is there: `conductor` in lockstep, `pacer` in realtime. All outlive the server.
struct Boxes {
  const MessagingContext& messaging;
  core::Kernel& kernel;
  Simulation& simulation;
  Conductor* conductor = nullptr;
  core::Pacer* pacer = nullptr;
  const Listeners* listeners = nullptr;  ///< whose addresses `hello` tells; null: none
  std::function<Listeners&()> listen;    ///< in lockstep opened by the first call
};

void add_verbs(ControlServer& server, const Boxes& boxes, const OnKernel& on_kernel);

/// What `hello` answers; the lab prints it.
Json hello(const Boxes& boxes);

}  // namespace v2x::site
