#include "sim/core/door.hpp"

#include <algorithm>
#include <future>
#include <utility>

namespace v2x::core {

Door::Door(sc_core::sc_module_name name, const Kernel& kernel, Keeper keeper)
    : sc_module(name), kernel_(kernel), keeper_(std::move(keeper)) {
  SC_HAS_PROCESS(Door);
  SC_METHOD(let_in);
  sensitive << bell_.rung;
  dont_initialize();
}

void Door::post(std::function<void()> act) {
  {
    const std::lock_guard lock(mutex_);
    if (closed_) return;
    waiting_.push_back({keeper_.present(), std::move(act)});
  }
  bell_.ring();
  keeper_.wake();
}

void Door::run(const std::function<void()>& act) {
  auto over = std::make_shared<std::promise<void>>();  // an act that is not let in breaks it, which is an end, too
  auto ended = over->get_future();
  post([&act, over = std::move(over)] {
    act();
    over->set_value();
  });
  ended.wait();
}

void Door::close() {
  std::deque<Act> last;
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    last.swap(waiting_);
  }
  for (const Act& act : last) act.run();
}

void Door::let_in() {
  while (auto visitor = next_visitor()) visitor->run();
}

std::optional<Door::Act> Door::next_visitor() {
  const std::lock_guard lock(mutex_);
  if (waiting_.empty()) return std::nullopt;
  // Service time may have been halted since the act was posted: then it doesn't wait for an instant that won't come.
  const Time due = std::min(waiting_.front().posted, keeper_.present());
  if (due > kernel_.now()) {
    bell_.rung.notify(kernel_.until(due));
    return std::nullopt;
  }
  Act act = std::move(waiting_.front());
  waiting_.pop_front();
  return act;
}

}  // namespace v2x::core
