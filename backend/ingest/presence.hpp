// When gateways were heard, and which of that the registry must still be told.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "common/clock.hpp"

namespace v2x::ingest {

/// How exactly the registry knows when a gateway was heard. Both zero: every frame, at once.
struct PresenceSettings {
  Duration every{};                     ///< service time between two tellings of one gateway
  std::chrono::milliseconds collect{};  ///< steady time in which tellings are collected into one transaction
  size_t most = SIZE_MAX;               ///< gateways in one transaction; the next one follows after 1/20 of `collect`
};
/// Each minute's sample is told, live ones are not; silence is judged by half hours (ALARM-10). Few at once:
/// acknowledgements wait meanwhile. Enough for 25,000 gateways.
inline constexpr PresenceSettings kWallClockPresence{std::chrono::seconds(50), std::chrono::milliseconds(1000), 25};

/// Belongs to the ingest's thread.
class Presence {
 public:
  explicit Presence(PresenceSettings settings) : settings_(settings) {}

  void heard(const std::string& gateway_id, Time t);
  using Heard = std::map<std::string, Time>;  ///< by gateway: when it was heard last

  /// Whether to_tell() should be told now.
  bool is_due() const;
  /// Those that the registry must be told of now: `most`, and of `urgent` whoever is untold.
  Heard to_tell(const std::vector<std::string>& urgent = {}) const;
  /// The registry has committed this.
  void told(const Heard& heard);
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
  Heard untold_;
  std::optional<SteadyTime> untold_since_;
};

}  // namespace v2x::ingest
