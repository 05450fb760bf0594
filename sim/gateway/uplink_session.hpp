// The gateway's side of the telemetry protocol: Hello, one batch in flight, resend from the service's mark.
#pragma once

#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "common/clock.hpp"
#include "contracts/telemetry.pb.h"
#include "sim/gateway/spool.hpp"
#include "sim/gateway/uplink.hpp"

namespace v2x::gateway {

/// A state machine without clock or thread: time and frames come in, frames go out by the Uplink. What is lost on the
/// way costs time only: the spool keeps every record until the service's mark has passed it.
class UplinkSession {
 public:
  struct Settings {
    Duration report_period{};
    Duration reply_timeout{};
  };
  /// What the session leaves to the gateway.
  struct Handlers {
    /// Fills in what the session does not know: identity, units, clock.
    std::function<void(Time now, telemetry::Hello& hello)> fill_hello;
    std::function<void(Time now, const telemetry::Command& command)> on_command;
  };

  UplinkSession(const Settings& settings, Spool& spool, Uplink& uplink, Handlers handlers);

  void connected(Time now, telemetry::BootReason reason);
  void disconnected();
  void on_frame(Time now, std::string_view frame);

  /// The newest record is an event: it leaves at once, and all before it (strict order).
  void event_spooled(Time now);
  /// The newest record is the sample of the period that ended at `period_end`: it leaves at this gateway's offset.
  void sample_spooled(Time now, Time period_end);

  /// Outside of the stream. A result waits until the service is there; a live sample that cannot leave is worth
  /// nothing.
  void report(Time now, const telemetry::CommandResult& result);
  void show(const telemetry::Sample& sample);

  std::optional<Time> next_wake() const;
  void wake(Time now);

  /// What the service's clock shows, as far as its last Welcome tells.
  Time service_time(Time now) const { return now + service_ahead_; }
  bool welcomed() const { return state_ == State::ready; }
  Duration report_period() const { return report_period_; }
  std::uint64_t refused() const { return refused_; }  ///< records that the service put aside

  static constexpr int kMaxRecords = 512;            // wire contract, Batch
  static constexpr size_t kMaxBatchBytes = 200'000;  // below the contract's 256 KiB frame
  static constexpr std::uint32_t kProtocol = 1;      // telemetry.proto, Hello
  static constexpr size_t kMaxResults = 32;          // that wait; default

 private:
  enum class State { offline, greeting, ready };
  struct InFlight {
    std::uint64_t last_seq = 0;
    Time deadline;
  };
  struct Held {
    Time until;
    std::uint64_t seq = 0;
  };

  void greet(Time now);
  void welcome(Time now, const telemetry::Welcome& welcome);
  void acknowledge(Time now, const telemetry::Ack& ack);
  void gap(Time now, const telemetry::Gap& gap);
  void refuse(const telemetry::Refused& refused);
  void busy(Time now, const telemetry::Busy& busy);
  void send_results(Time now);

  void send_next(Time now);
  std::uint64_t fill_batch(telemetry::Batch& batch);
  void go_back_to(std::uint64_t seq);
  void release(std::uint64_t seq);
  bool send(const telemetry::Up& up);

  Spool& spool_;
  Uplink& uplink_;
  Handlers handlers_;
  Duration reply_timeout_;
  Duration report_period_;
  Duration send_offset_{};

  State state_ = State::offline;
  telemetry::BootReason reason_ = telemetry::BOOT_REASON_UNKNOWN;
  std::optional<Time> greet_again_;
  std::uint64_t cursor_ = 1;    ///< next number to send
  std::uint64_t released_ = 0;  ///< newest number that may leave
  std::optional<Held> held_;
  std::optional<InFlight> in_flight_;
  std::optional<Time> not_before_;
  std::optional<std::uint64_t> last_gap_;  ///< asked for and not yet acknowledged
  Duration service_ahead_{};
  std::deque<telemetry::CommandResult> results_;  ///< that could not leave yet
  std::optional<Time> results_again_;
  std::uint64_t refused_ = 0;
  telemetry::Up up_;
  telemetry::Down down_;
  std::string frame_;
};

}  // namespace v2x::gateway
