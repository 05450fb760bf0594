// The one way into the kernel for other threads: listeners and the control socket of a realtime run.
#pragma once

#include <deque>
#include <functional>
#include <mutex>
#include <optional>

#include "sim/core/kernel.hpp"

namespace v2x::core {

/// post() may be called by any thread; the acts run on the kernel's thread, in order, each at the instant at which it
/// was posted: the kernel may stand at an earlier one, where it last had something to do.
class Door final : public sc_core::sc_module {
 public:
  /// What the door needs of whoever runs the kernel; called on any thread.
  struct Keeper {
    std::function<Time()> present;  ///< service time now
    std::function<void()> wake;     ///< makes the kernel run soon
  };
  Door(sc_core::sc_module_name name, const Kernel& kernel, Keeper keeper);

  void post(std::function<void()> act);
  /// Posts and waits for the act to be over; does nothing once the door is closed. Never call it on the kernel's
  /// thread.
  void run(const std::function<void()>& act);
  /// The kernel runs no more: whoever waits is let in for the last time. On the kernel's thread.
  void close();

 private:
  /// SystemC's only thread-safe entrance is async_request_update of a primitive channel.
  struct Bell final : sc_core::sc_prim_channel {
    sc_core::sc_event rung;
    Bell() : sc_prim_channel("bell") {}
    void ring() { async_request_update(); }
    void update() override { rung.notify(sc_core::SC_ZERO_TIME); }
  };
  struct Act {
    Time posted;
    std::function<void()> run;
  };
  void let_in();
  std::optional<Act> next_visitor();

  const Kernel& kernel_;
  Keeper keeper_;
  Bell bell_;
  std::mutex mutex_;
  std::deque<Act> waiting_;  // guarded by mutex_
  bool closed_ = false;      // guarded by mutex_
};

}  // namespace v2x::core
