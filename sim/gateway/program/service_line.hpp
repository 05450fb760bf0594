// The gateway's connection to the service on the wall clock: which key, when to try again, and what the log says of it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "common/watched_dealer.hpp"
#include "sim/gateway/program/seldom.hpp"
#include "sim/gateway/uplink.hpp"

namespace v2x::gateway::program {

struct ServiceAddress {
  std::string endpoint;  ///< tcp://host:port
  std::string server_public_key;
  std::vector<std::filesystem::path> key_files;  ///< secret keys; the first that the service knows is used
};

/// The key pairs of all files; Error "bad_key" for the first that is none.
Result<std::vector<CurveKeyPair>> read_keys(const std::vector<std::filesystem::path>& files);

/// Belongs to the program's thread. A key that the service refuses makes way for the next one; when all were refused,
/// it waits and begins again. Each trouble is one line of the log a minute, and nothing else stops.
class ServiceLine final : public Uplink {
 public:
  enum class Change { none, up, down };

  ServiceLine(const MessagingContext& context, ServiceAddress address, std::vector<CurveKeyPair> keys);

  bool send(std::string_view frame) override { return dealer_ && dealer_->send(frame); }
  /// The next frame of the service that is there.
  std::optional<std::string> take_frame() { return dealer_ ? dealer_->take_frame() : std::nullopt; }
  /// For waiting; nullptr while there is no connection.
  WatchedDealer* dealer() { return dealer_ ? &*dealer_ : nullptr; }

  /// Tries to connect, takes in what happened to the connection. To be called after each wait.
  Change tend(SteadyTime now);
  /// When tend() is to be called at the latest.
  std::optional<SteadyTime> next_deadline() const;
  /// Whether the gateway has its Welcome; to be told after each wait.
  void note_welcome(bool has_it, SteadyTime now);
  /// Reads the key files again and connects anew, beginning with the first. Bad files change nothing.
  Change rotate(SteadyTime now);

 private:
  void connect(SteadyTime now);
  Change take_events(SteadyTime now);
  Change lost(SteadyTime now);
  void refused(SteadyTime now);
  Change judge_waiting(SteadyTime now);

  const MessagingContext& context_;
  std::optional<WatchedDealer> dealer_;
  ServiceAddress address_;
  std::vector<CurveKeyPair> keys_;
  size_t key_ = 0;
  bool up_ = false;
  bool welcomed_ = false;
  std::uint64_t losses_ = 0;         ///< of a connection that was up
  SteadyTime since_{};               ///< when `up_` or `welcomed_` changed
  std::optional<SteadyTime> retry_;  ///< while there is no dealer
  std::chrono::milliseconds pause_{};
  Seldom unreached_, unproven_, refused_, next_key_, unwelcome_;
};

}  // namespace v2x::gateway::program
