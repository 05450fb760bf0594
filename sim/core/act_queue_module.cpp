#include "sim/core/act_queue_module.hpp"

#include <utility>

namespace v2x::core {

ActQueueModule::ActQueueModule(sc_core::sc_module_name name, const Kernel& kernel) : sc_module(name), kernel_(kernel) {
  SC_HAS_PROCESS(ActQueueModule);
  SC_METHOD(run_due);
  sensitive << due_;
  dont_initialize();
}

void ActQueueModule::at(Time t, std::function<void()> act) {
  acts_.push(std::max(t, now()), std::move(act));
  due_.notify(kernel_.until(acts_.next()));  // keeps the earlier of two notifications
}

void ActQueueModule::run_due() {
  while (!acts_.empty() && acts_.next() <= now()) acts_.take()();
  if (!acts_.empty()) due_.notify(kernel_.until(acts_.next()));
}

}  // namespace v2x::core
