// Scheduler on SystemC: a queue of acts and one event that is notified for the earliest.
#pragma once

#include <cstdint>
#include <queue>
#include <vector>

#include "sim/core/kernel.hpp"
#include "sim/core/scheduler.hpp"

namespace v2x::core {

class ActQueueModule final : public sc_core::sc_module, public Scheduler {
 public:
  ActQueueModule(sc_core::sc_module_name name, const Kernel& kernel);

  Time now() const override { return kernel_.now(); }
  void at(Time t, std::function<void()> act) override;

 private:
  struct Act {
    Time t;
    std::uint64_t order;
    std::function<void()> run;
    bool operator>(const Act& other) const { return t != other.t ? t > other.t : order > other.order; }
  };
  void run_due();

  const Kernel& kernel_;
  std::priority_queue<Act, std::vector<Act>, std::greater<>> acts_;
  std::uint64_t made_ = 0;
  sc_core::sc_event due_;
};

}  // namespace v2x::core
