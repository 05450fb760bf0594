// People who try wrong passwords without end: they keep the password pool full.
#pragma once

#include <atomic>
#include <thread>
#include <vector>

#include "common/clock.hpp"

namespace v2x::bench {

/// `clients` threads, each with one log-in on its way, each try from another address and for another account, so that
/// no limit of attempts spares the pool. The destructor joins them.
class WrongLogins {
 public:
  WrongLogins(int http_port, int clients);
  ~WrongLogins();

  std::uint64_t refused() const { return refused_; }          ///< judged and wrong
  std::uint64_t turned_away() const { return turned_away_; }  ///< 503: the pool was full

 private:
  void try_on(int http_port, int client, const std::stop_token& stop);

  std::atomic<std::uint64_t> refused_{0};
  std::atomic<std::uint64_t> turned_away_{0};
  std::vector<std::jthread> threads_;
};

}  // namespace v2x::bench
