// When gateways were heard, and which of that the registry must still be told.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>

#include "common/clock.hpp"

namespace v2x::ingest {

/// How exactly the registry knows when a gateway was heard. Both zero: every frame, at once.
struct PresenceSettings {
  Duration every{};                     ///< service time between two tellings of one gateway
  std::chrono::milliseconds collect{};  ///< steady time in which tellings are collected into one transaction
};
/// A minute's sample needs no transaction of its own; silence is judged by half hours (ALARM-10).
inline constexpr PresenceSettings kWallClockPresence{std::chrono::seconds(10), std::chrono::milliseconds(1000)};

/// Belongs to the ingest's thread.
class Presence {
 public:
  explicit Presence(PresenceSettings settings) : settings_(settings) {}

  void heard(const std::string& gateway_id, Time t);
  /// Whether untold() should be told now.
  bool is_due() const;
  /// Gateways that the registry must be told of, by id, with when they were heard last.
  const std::map<std::string, Time>& untold() const { return untold_; }
  /// The registry has committed all of untold().
  void told();
  /// It could not: collects anew.
  void postpone() { untold_since_ = steady_now(); }
  /// How many gateways were heard at or after `from`. Forgets the others: who comes back is told at once.
  size_t heard_since(Time from);

 private:
  struct Contact {
    Time heard{};
    Time told = Time::min();
  };
  const PresenceSettings settings_;
  std::unordered_map<std::string, Contact> contacts_;
  std::map<std::string, Time> untold_;
  std::optional<SteadyTime> untold_since_;
};

}  // namespace v2x::ingest
