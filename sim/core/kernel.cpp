#include "sim/core/kernel.hpp"

#include <cstdio>
#include <cstdlib>

namespace v2x::core {
namespace {

using sc_core::sc_time;

// sc_time counts nanoseconds here; service time counts microseconds.
constexpr std::int64_t kTicksPerUs = 1000;

sc_time to_sc(Duration d) {
  return sc_time::from_value(static_cast<sc_dt::uint64>(d.count() * kTicksPerUs));
}

}  // namespace

Kernel::Kernel(Time start) : start_(start) {
  sc_core::sc_set_time_resolution(1, sc_core::SC_NS);
  // SystemC's own chatter about deprecated features and stops is no log line of ours.
  sc_core::sc_report_handler::set_actions(sc_core::SC_INFO, sc_core::SC_DO_NOTHING);
  // run_to(now()) is how others are let in while time stands still.
  sc_core::sc_report_handler::set_actions(sc_core::SC_ID_NO_SC_START_ACTIVITY_, sc_core::SC_DO_NOTHING);
}

Time Kernel::now() const {
  return start_ + Duration(static_cast<std::int64_t>(sc_core::sc_time_stamp().value()) / kTicksPerUs);
}

std::optional<Time> Kernel::next_activity() const {
  if (sc_core::sc_pending_activity_at_current_time()) return now();
  if (!sc_core::sc_pending_activity()) return std::nullopt;
  const sc_time wait = sc_core::sc_time_to_pending_activity();
  return now() + Duration(static_cast<std::int64_t>(wait.value()) / kTicksPerUs);
}

void Kernel::run_to(Time t) {
  if (t < now()) {
    std::fputs("the kernel was asked to run back in time\n", stderr);
    std::abort();
  }
  if (t > now()) sc_core::sc_start(to_sc(t - now()), sc_core::SC_RUN_TO_TIME);
  // sc_start(SC_ZERO_TIME) is one delta cycle; acts may ask for another at the same instant.
  do sc_core::sc_start(sc_core::SC_ZERO_TIME);
  while (sc_core::sc_pending_activity_at_current_time());
}

sc_time Kernel::until(Time t) const {
  return t <= now() ? sc_core::SC_ZERO_TIME : to_sc(t - now());
}

}  // namespace v2x::core

// Debian's libsystemc brings a main() that calls this. Our programs have a main() of their own and never come here,
// but the library doesn't link without it.
int sc_main(int, char*[]) {
  return 0;
}
