// What the service asks of the gateway: settings read and written through to the EV unit, live samples for a while.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/clock.hpp"
#include "contracts/telemetry.pb.h"
#include "sim/gateway/settings_table.hpp"
#include "sim/gateway/unit_reader.hpp"

namespace v2x::gateway {

/// The settings in force, and how often they have changed.
struct KeptSettings {
  EnergySettings values;
  std::uint64_t revision = 1;
};

/// Results by correlation id, so that a command that is delivered again is answered and not executed again.
class CommandLog {
 public:
  const telemetry::CommandResult* find(std::uint64_t id) const;
  void add(const telemetry::CommandResult& result);
  void take_back() { results_.pop_back(); }

  /// The newest that carry values, for the spool: whoever was refused may try again after a restart.
  std::string text() const;
  void restore(std::string_view text);

 private:
  std::deque<telemetry::CommandResult> results_;
};

/// One exchange with the unit at a time, in the order of arrival. Belongs to the gateway's thread; told what the unit
/// answered, it never waits itself.
class CommandDesk {
 public:
  /// What the gateway does for it.
  struct Acts {
    std::function<void(Time now)> read_unit;  ///< poll the EV unit
    /// Its registers, as these settings want them. Returns the write's number; nullopt: its map has none of them.
    std::function<std::optional<std::uint64_t>(Time now, const EnergySettings&)> write_unit;
    /// Durable when true, in one transaction with the log; the revision grows when something changes.
    std::function<bool(Time now, const EnergySettings&, std::uint64_t id)> keep;
    std::function<void(Time now, Duration period, Duration lasts)> go_live;
    std::function<void(Time now, const telemetry::CommandResult&)> report;
    /// What the unit lets choose now; goes beside the values of a result.
    std::function<std::vector<NamedSetting>()> candidates;
  };

  /// `unit` names the EV unit in reasons; empty when there is none, then the settings are the gateway's alone.
  CommandDesk(const KeptSettings& settings, std::string unit, Acts acts);

  /// `service_now` is what the service's clock shows: a command says by it when it must no longer be started.
  void take(Time now, Time service_now, const telemetry::Command& command);
  void on_polled(Time now, const UnitAnswer& answer);
  void on_written(Time now, std::uint64_t number, const UnitAnswer& answer);

  std::optional<Time> next_wake() const;
  void wake(Time now);

  CommandLog& log() { return log_; }

  static constexpr Duration kPatience = std::chrono::seconds(20);  // with a silent unit; default
  static constexpr size_t kLongestQueue = 8;                       // default
  static constexpr Duration kShortestLive = std::chrono::seconds(1);
  static constexpr Duration kLongestLivePeriod = std::chrono::minutes(1);
  static constexpr Duration kLongestLive = std::chrono::hours(1);

 private:
  struct Exchange {
    std::uint64_t id = 0;
    Time expires;  ///< on our clock
    bool is_write = false;
    std::vector<NamedSetting> values;
    std::optional<std::uint64_t> if_revision;
    Time give_up{};
    std::uint64_t write = 0;  ///< its newest: an earlier exchange's may still end
    UnitAnswer last;          ///< of the unit
  };

  static Exchange exchange_of(const telemetry::Command& command, Time expires);
  bool known(std::uint64_t id) const;
  void order_live(Time now, const telemetry::Command& command);
  void start_next(Time now);
  bool may_start(Time now, const Exchange& exchange);
  void perform(Time now);
  void retry_write(Time now);
  void on_failure(Time now, const UnitAnswer& answer);
  void give_up(Time now);
  void finish_read(Time now);
  void finish_write(Time now);
  telemetry::CommandResult done_with(std::uint64_t id, const EnergySettings& values, std::uint64_t revision) const;
  void refuse(Time now, std::uint64_t id, std::string_view reason);
  void finish(Time now, std::uint64_t id, telemetry::CommandResult::Status status, std::string_view reason);

  const KeptSettings& settings_;
  std::string unit_;
  Acts acts_;
  CommandLog log_;
  std::deque<Exchange> waiting_;
  std::optional<Exchange> current_;
};

}  // namespace v2x::gateway
