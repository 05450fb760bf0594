// A bounded number of connections that threads borrow from each other.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace v2x::store {

/// Thread-safe; outlives its leases. Who finds all of them lent waits.
template <class T>
class Pool {
 public:
  /// `make` may throw; then take() does. `is_alive`: whether an idle one is still good; asks nobody.
  Pool(
      size_t most, std::function<std::unique_ptr<T>()> make, std::function<bool(T&)> is_alive = [](T&) { return true; })
      : most_(most), make_(std::move(make)), is_alive_(std::move(is_alive)) {}

  /// Given back when it goes.
  class Lease {
   public:
    Lease(Pool& pool, std::unique_ptr<T> item) : pool_(&pool), item_(std::move(item)) {}
    ~Lease() {
      if (pool_) pool_->give_back(std::move(item_));
    }
    Lease(Lease&& other) noexcept : pool_(std::exchange(other.pool_, nullptr)), item_(std::move(other.item_)) {}
    Lease& operator=(Lease&&) = delete;

    T& operator*() const { return *item_; }
    T* operator->() const { return item_.get(); }
    /// It is broken: the next one is made anew.
    void discard() { item_.reset(); }

   private:
    Pool* pool_;
    std::unique_ptr<T> item_;
  };

  Lease take() {
    std::unique_lock lock(mutex_);
    returned_.wait(lock, [&] { return !idle_.empty() || lent_ < most_; });
    ++lent_;
    while (!idle_.empty()) {
      auto item = std::move(idle_.back());
      idle_.pop_back();
      if (is_alive_(*item)) return {*this, std::move(item)};
    }
    lock.unlock();
    try {
      return {*this, make_()};
    } catch (...) {
      give_back(nullptr);
      throw;
    }
  }

 private:
  void give_back(std::unique_ptr<T> item) {
    {
      const std::lock_guard lock(mutex_);
      --lent_;
      if (item) idle_.push_back(std::move(item));
    }
    returned_.notify_one();
  }

  const size_t most_;
  const std::function<std::unique_ptr<T>()> make_;
  const std::function<bool(T&)> is_alive_;
  std::mutex mutex_;  // guards lent_ and idle_
  std::condition_variable returned_;
  size_t lent_ = 0;
  std::vector<std::unique_ptr<T>> idle_;
};

}  // namespace v2x::store
