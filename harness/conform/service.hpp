// The service's side of the wire as a gateway meets it: answers by the delivery law, or as a case wants it.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "common/clock.hpp"
#include "common/messaging.hpp"
#include "contracts/telemetry.pb.h"

namespace v2x::conform {

/// One frame of the gateway.
struct Arrival {
  SteadyTime at;
  Time time;        ///< service time
  std::string key;  ///< the gateway's public key
  telemetry::Up up;
};

/// What was committed of one stream.
struct StreamBook {
  std::uint64_t mark = 0;
  std::map<std::uint64_t, std::string> records;  ///< by number, as they came
};

/// Belongs to one thread; frames are only taken in inside of serve().
class Service {
 public:
  struct Manner {
    bool welcomes = true;
    bool answers_batches = true;  ///< commits and acknowledges; else batches only arrive
    std::uint32_t period_ms = 2000;
    std::uint32_t offset_ms = 0;
  };

  Service(int port, CurveKeyPair keys, const Clock& clock);
  ~Service();

  /// The public keys whose handshake succeeds from now on.
  void accept(std::set<std::string> keys);
  /// How many handshakes of other keys were refused.
  int handshakes_refused() const;
  /// The line to the gateway: closed, nobody listens at the port.
  void open();
  void close();
  std::string endpoint() const;
  const std::string& public_key() const { return keys_.public_key; }

  /// Takes in what is there, and what comes within `timeout`, and answers it.
  void serve(std::chrono::milliseconds timeout);
  Manner manner;

  /// To the connection that said Hello last; false when it is gone.
  bool say(const telemetry::Down& down);
  bool say_bytes(const std::string& bytes);
  bool acknowledge(const std::string& stream, std::uint64_t seq);
  /// Commits what follows the mark, as the law has it, and answers with Ack or Gap.
  void take(const telemetry::Batch& batch);
  /// Only commits.
  void commit(const telemetry::Batch& batch);

  /// The gateway was welcomed with another period or offset than it would be now.
  bool manner_is_news() const { return manner.period_ms != told_.period_ms || manner.offset_ms != told_.offset_ms; }

  const std::vector<Arrival>& arrivals() const { return arrivals_; }
  /// Of the Hello that came last.
  const std::string& stream() const { return stream_; }
  const StreamBook& book() { return books_[stream_]; }
  const std::map<std::string, StreamBook>& books() const { return books_; }
  /// Batches that did not begin where the mark stood: each was answered with Gap.
  int holes() const { return holes_; }
  /// Numbers that came again with another content.
  const std::vector<std::string>& changed() const { return changed_; }
  /// What no gateway may send: not protobuf, too long, numbers out of order.
  const std::vector<std::string>& malformed() const { return malformed_; }

 private:
  struct Keys {
    std::mutex mutex;
    std::set<std::string> accepted;  // guarded by mutex, and what follows
    int refused = 0;
  };

  void on_frame(const PeerFrame& frame);
  void on_hello(const telemetry::Hello& hello, const std::string& routing_id);
  void check(const telemetry::Batch& batch);

  int port_;
  CurveKeyPair keys_;
  const Clock& clock_;
  std::shared_ptr<Keys> accepted_ = std::make_shared<Keys>();
  std::unique_ptr<MessagingContext> context_;  ///< one per opening: ZAP's address is free only when it ends
  std::unique_ptr<CurveRouter> router_;
  std::string peer_;
  Manner told_;  ///< with the last Welcome
  std::string stream_;
  std::vector<Arrival> arrivals_;
  std::map<std::string, StreamBook> books_;
  int holes_ = 0;
  std::vector<std::string> changed_;
  std::vector<std::string> malformed_;
};

}  // namespace v2x::conform
