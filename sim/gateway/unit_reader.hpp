// One unit on the bus: identification, polls and writes, one request after the other.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "common/clock.hpp"
#include "sim/gateway/gateway_config.hpp"
#include "sim/gateway/modbus_master.hpp"
#include "sim/gateway/poll_plan.hpp"

namespace v2x::gateway {

/// How a poll ended. A refusal or silence leaves its values absent, never 0 and never the last ones.
enum class PollQuality { good, exception, no_answer };

/// What the common block of a unit says about it.
struct UnitIdentity {
  std::string manufacturer;
  std::string model;
  std::string serial;
  std::string version;
  bool operator==(const UnitIdentity&) const = default;
};

/// What a unit said to a request, or that it said nothing.
struct UnitAnswer {
  bool answered = false;
  std::uint8_t exception = 0;  ///< Modbus exception; 0: served
  bool accepted() const { return answered && exception == 0; }
};

/// What a write is for: a later one of the same purpose replaces one that waits.
enum class WritePurpose { command, settings, charge_bound, output_control };

/// Registers that a command writes together.
struct RegisterWrite {
  std::uint16_t address = 0;
  std::vector<std::uint16_t> values;
};

/// Belongs to the gateway's thread, never blocks: time and replies come in by wake() and on_reply(). When what a
/// SunSpec unit answers does not fit its map, the unit's own chain is walked once, and read from then on.
class UnitReader {
 public:
  enum class Progress { nothing, identified, polled, written };

  /// A unit that has not answered this often in a row is asked ever less often.
  static constexpr int kPatientPolls = 3;
  static constexpr Duration kLongestBackOff = std::chrono::seconds(30);  // between polls; default

  /// Polls on the grid of `period` in service time, `offset` later.
  struct Timing {
    Duration period{};
    Duration offset{};
    Duration request_timeout{};
    int retries = 0;
  };

  UnitReader(const GatewayUnit& unit, core::ModbusPort& port, const Timing& timing);

  /// Identification is due now, then a poll.
  void start(Time now);
  /// At the next chance, the identification is read again.
  void identify_again() { identify_due_ = true; }
  /// After the poll in progress. Returns the number by which written() tells that it was this one.
  std::uint64_t write(WritePurpose purpose, std::vector<RegisterWrite> writes);
  /// The next poll is due now.
  void poll_now(Time now) { next_poll_ = now; }
  void set_period(Duration period, Time now);

  /// In the past when something can be done at once.
  std::optional<Time> next_wake() const;
  Progress wake(Time now);
  Progress on_reply(Time now);

  const GatewayUnit& unit() const { return unit_; }
  const PollPlan& plan() const { return plan_; }
  /// A poll is under way, or begins until `t`.
  bool answers_by(Time t) const { return job_ == Job::poll || (next_poll_ && *next_poll_ <= t); }

  /// Of the last poll; absent values stay absent.
  const Readings& readings() const { return readings_; }
  PollQuality quality() const { return quality_; }
  /// When the last finished poll was due; the epoch before the first.
  Time polled_for() const { return polled_for_; }
  /// nullopt until the unit has answered.
  const std::optional<UnitIdentity>& identity() const { return identity_; }
  /// To the last poll, and to the last write with all of its parts.
  const UnitAnswer& poll_answer() const { return poll_answer_; }
  const UnitAnswer& write_answer() const { return write_answer_; }
  WritePurpose written_for() const { return writing_.purpose; }
  std::uint64_t written() const { return writing_.number; }

 private:
  enum class Job { none, identify, walk, poll, write };

  Progress start_due_job(Time now);
  Progress start_job(Job job, Time now);
  Progress send(Time now);
  Progress request_answered(const ModbusMaster::Reply& reply, Time now);
  bool may_walk() const;
  Progress walk_chain(Time now);
  Progress walked(Time now);
  Progress poll_again(Time now);
  Progress read_less(Time now);
  Progress request_failed();
  Progress finish_job();
  size_t requests_of_job() const;
  RegisterRead read_of_step() const;
  void take_registers(std::span<const std::uint16_t> registers);
  void schedule_next_poll(Time now);
  Duration period_now() const;

  GatewayUnit unit_;
  Timing timing_;
  PollPlan plan_;
  int longest_read_ = ModbusMaster::kMaxRead;
  ChainLayout layout_;
  std::optional<ChainWalk> walk_;  ///< the last one; nullopt since the unit was identified
  std::vector<RegisterRead> identity_reads_;
  ModbusMaster master_;

  Job job_ = Job::none;
  size_t step_ = 0;
  int attempts_ = 0;
  std::optional<Time> deadline_;
  std::optional<Time> next_poll_;
  Time poll_due_{};
  bool identify_due_ = false;
  struct Write {
    WritePurpose purpose = WritePurpose::command;
    std::uint64_t number = 0;
    std::vector<RegisterWrite> parts;
  };
  std::uint64_t writes_made_ = 0;
  std::deque<Write> writes_;
  Write writing_;

  Readings readings_;
  PollQuality quality_ = PollQuality::no_answer;
  Time polled_for_{};
  int silent_polls_ = 0;  ///< in a row
  std::optional<UnitIdentity> identity_;
  UnitAnswer poll_answer_;
  UnitAnswer write_answer_;
  UnitAnswer answer_;  ///< of the job in progress
};

}  // namespace v2x::gateway
