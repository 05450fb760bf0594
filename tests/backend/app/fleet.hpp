// Gateways with keys of their own that send numbered records to whichever ingest answers, until each is acknowledged:
// what is acknowledged must be in the store, once.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "backend/service/registry.hpp"
#include "backend/service/telemetry.hpp"
#include "common/clock.hpp"
#include "common/messaging.hpp"

namespace v2x::test {

/// Belongs to one thread. Sizes of batches come from the seed.
class Fleet {
 public:
  Fleet(int gateways, std::uint64_t seed);
  ~Fleet();

  /// Makes them known to the service.
  void import(service::Registry& registry) const;
  /// Where they send to, each beginning with another one; a silent endpoint is left for the next.
  void send_to(std::vector<std::string> endpoints, std::string server_public_key);
  /// Sends and receives until `holds`; false when it didn't come within `patience`.
  bool run_until(const std::function<bool()>& holds, std::chrono::milliseconds patience);
  void run_for(std::chrono::milliseconds span);

  std::uint64_t acknowledged() const;
  /// Whether each gateway got an acknowledgement of something that it sent at or after `t`.
  bool all_served_since(SteadyTime t) const;

  /// What is wrong with the store, a sentence each: lost, doubled. Nobody may write meanwhile.
  std::vector<std::string> audit(service::TelemetryStore& store) const;
  /// What gateways were told that cannot be: a mark below what was acknowledged.
  const std::vector<std::string>& findings() const { return findings_; }

 private:
  struct Gateway;

  void turn(std::chrono::milliseconds timeout);
  void connect(Gateway& gateway);
  void send_next(Gateway& gateway);
  void take(Gateway& gateway, const std::string& answer);

  const std::uint64_t seed_;
  const Time base_;  ///< before the first sample
  MessagingContext context_;
  std::vector<std::string> endpoints_;
  std::string server_public_key_;
  std::vector<std::unique_ptr<Gateway>> gateways_;
  std::vector<std::string> findings_;
};

}  // namespace v2x::test
