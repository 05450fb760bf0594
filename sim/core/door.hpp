// The one way into the kernel for other threads: listeners and the control socket of a realtime run.
#pragma once

#include <deque>
#include <functional>
#include <mutex>

#include "sim/core/kernel.hpp"

namespace v2x::core {

/// post() may be called by any thread; the acts run on the kernel's thread, in order, at the instant at which the
/// kernel next runs. `wake` is called after each post, on the posting thread: it must make the pacer run the kernel.
class Door final : public sc_core::sc_module {
 public:
  Door(sc_core::sc_module_name name, std::function<void()> wake);

  void post(std::function<void()> act);
  /// Posts and waits for the act to be over. Never call it on the kernel's thread.
  void run(const std::function<void()>& act);

 private:
  /// SystemC's only thread-safe entrance is async_request_update of a primitive channel.
  struct Bell final : sc_core::sc_prim_channel {
    sc_core::sc_event rung;
    Bell() : sc_prim_channel("bell") {}
    void ring() { async_request_update(); }
    void update() override { rung.notify(sc_core::SC_ZERO_TIME); }
  };
  void let_in();

  std::function<void()> wake_;
  Bell bell_;
  std::mutex mutex_;
  std::deque<std::function<void()>> waiting_;  // guarded by mutex_
};

}  // namespace v2x::core
