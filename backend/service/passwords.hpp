// Passwords as argon2id hashes, computed in a small pool so that log-ins cannot starve the rest of the machine.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "common/result.hpp"

namespace v2x::service {

/// Thread-safe; callers wait for their turn. A full queue is the error "busy". Its threads ("password") are joined
/// when it is destroyed.
class Passwords {
 public:
  struct Options {
    unsigned threads = 0;                 ///< 0: half of the cores, 1 … 4
    size_t queue = 64;                    ///< SEC-01
    size_t memory_bytes = 19'456 * 1024;  ///< SEC-01
    unsigned long long passes = 2;        ///< SEC-01
  };
  explicit Passwords(const Options& options);
  ~Passwords();
  Passwords(const Passwords&) = delete;
  Passwords& operator=(const Passwords&) = delete;

  /// Whether the next password would be refused as busy.
  bool is_full();
  Result<std::string> hash(const std::string& password);
  Result<bool> matches(const std::string& hash, const std::string& password);
  /// Whether `hash` was made with other parameters than those of now: to be made anew at the next chance (SEC-01).
  bool is_outdated(const std::string& hash) const;
  /// Takes as long as a real check: for IDs that nobody has (SEC-06). Never true.
  Result<bool> matches_nobody(const std::string& password);

 private:
  Status run(std::function<void()> work);
  void serve();
  std::string make_hash(const std::string& password) const;

  const Options options_;
  std::mutex mutex_;  // guards queue_, stopping_
  std::condition_variable changed_;
  std::deque<std::function<void()>> queue_;
  bool stopping_ = false;
  std::string nobody_;
  std::vector<std::thread> threads_;
};

}  // namespace v2x::service
