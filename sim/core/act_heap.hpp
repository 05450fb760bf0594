// Acts that wait for their instants, the earliest first; acts of one instant in the order in which they came.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <vector>

#include "common/clock.hpp"

namespace v2x::core {

/// Moves acts in and out: a bus reply that waits carries its request with it.
class ActHeap {
 public:
  bool empty() const { return acts_.empty(); }
  /// Of the earliest; there must be one.
  Time next() const { return acts_.front().t; }

  void push(Time t, std::function<void()> act) {
    acts_.push_back({t, made_++, std::move(act)});
    std::push_heap(acts_.begin(), acts_.end(), std::greater<>());
  }
  std::function<void()> take() {
    std::pop_heap(acts_.begin(), acts_.end(), std::greater<>());
    std::function<void()> act = std::move(acts_.back().run);
    acts_.pop_back();
    return act;
  }

 private:
  struct Act {
    Time t;
    std::uint64_t order;
    std::function<void()> run;
    bool operator>(const Act& other) const { return t != other.t ? t > other.t : order > other.order; }
  };
  std::vector<Act> acts_;
  std::uint64_t made_ = 0;
};

}  // namespace v2x::core
