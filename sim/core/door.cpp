#include "sim/core/door.hpp"

#include <future>
#include <utility>

namespace v2x::core {

Door::Door(sc_core::sc_module_name name, std::function<void()> wake) : sc_module(name), wake_(std::move(wake)) {
  SC_HAS_PROCESS(Door);
  SC_METHOD(let_in);
  sensitive << bell_.rung;
  dont_initialize();
}

void Door::post(std::function<void()> act) {
  {
    const std::lock_guard lock(mutex_);
    waiting_.push_back(std::move(act));
  }
  bell_.ring();
  wake_();
}

void Door::run(const std::function<void()>& act) {
  std::promise<void> over;
  post([&] {
    act();
    over.set_value();
  });
  over.get_future().wait();
}

void Door::let_in() {
  std::deque<std::function<void()>> acts;
  {
    const std::lock_guard lock(mutex_);
    acts.swap(waiting_);
  }
  for (const auto& act : acts) act();
}

}  // namespace v2x::core
