// Somebody who looks while a fleet loads the service: when is a sample to be seen, and how fast is the home page?
#pragma once

#include <mutex>
#include <string>
#include <thread>

#include "harness/actors/people.hpp"
#include "harness/bench/bench_backend.hpp"
#include "harness/bench/latency.hpp"

namespace v2x::bench {

/// The world's first customer: her gateway sends a sample each second, her app asks until it shows it; her browser
/// opens the home page in between. Has a thread of its own ("onlooker"), which the destructor joins.
class Onlooker {
 public:
  /// `backend` outlives it, and must not be restarted meanwhile.
  explicit Onlooker(const BenchBackend& backend);
  ~Onlooker();

  struct Seen {
    LatencyHistogram visible;  ///< from sent to shown by the API
    LatencyHistogram home;     ///< GET of the home page
    std::uint64_t unseen = 0;  ///< samples that were not shown within 10 s
    std::string error;         ///< the first that a request ended in; empty when none did
  };
  Seen seen() const;

 private:
  void watch(const std::stop_token& stop);
  void send_and_look(actors::People& people, CurveDealer& dealer, std::uint64_t seq, const std::stop_token& stop);
  void open_home(actors::People& people);
  void note_error(const Error& error);
  std::string home_page() const { return "/ctrl/home?gw=" + gateway_id_; }

  const BenchBackend& backend_;
  const std::string person_;
  const std::string gateway_id_;
  mutable std::mutex mutex_;
  Seen seen_;  // guarded by mutex_
  std::jthread thread_;
};

}  // namespace v2x::bench
