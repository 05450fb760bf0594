// Scheduler on SystemC: a queue of acts and one event that is notified for the earliest.
#pragma once

#include "sim/core/act_heap.hpp"
#include "sim/core/kernel.hpp"
#include "sim/core/scheduler.hpp"

namespace v2x::core {

class ActQueueModule final : public sc_core::sc_module, public Scheduler {
 public:
  ActQueueModule(sc_core::sc_module_name name, const Kernel& kernel);

  Time now() const override { return kernel_.now(); }
  void at(Time t, std::function<void()> act) override;

 private:
  void run_due();

  const Kernel& kernel_;
  ActHeap acts_;
  sc_core::sc_event due_;
};

}  // namespace v2x::core
