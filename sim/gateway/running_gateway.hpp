// A gateway from one boot to the next: all that it holds in memory, and how its parts work together.
#pragma once

#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "contracts/fault_catalogue.hpp"
#include "sim/core/modbus_port.hpp"
#include "sim/gateway/aggregator.hpp"
#include "sim/gateway/command_desk.hpp"
#include "sim/gateway/energy_manager.hpp"
#include "sim/gateway/fault_watch.hpp"
#include "sim/gateway/inventory.hpp"
#include "sim/gateway/link_watch.hpp"
#include "sim/gateway/live_view.hpp"
#include "sim/gateway/uplink_session.hpp"
#include "sim/gateway/vehicle_watch.hpp"

namespace v2x::gateway {

/// What the gateway is connected to; all of it outlives the gateway.
struct GatewayPorts {
  std::vector<core::ModbusPort*> buses;  ///< one for each unit, in the order of GatewayConfig::units
  Spool& spool;
  Uplink& uplink;
};

/// Belongs to one thread; does at once whatever an instant asks for, and never waits.
class RunningGateway {
 public:
  /// `clock_ahead`: how far the gateway's own clock is ahead of service time.
  RunningGateway(const GatewayConfig& config, const GatewayPorts& ports, const contracts::FaultCatalogue& catalogue,
                 std::uint64_t seed, Duration clock_ahead = {});
  RunningGateway(const RunningGateway&) = delete;
  RunningGateway& operator=(const RunningGateway&) = delete;

  void boot(Time now, telemetry::BootReason reason);
  Time next_wake() const;
  void wake(Time now);
  void on_reply(size_t unit, Time now);
  void on_downlink(Time now, std::string_view frame) { session_.on_frame(now, frame); }
  void on_connected(Time now);
  void on_disconnected() { session_.disconnected(); }

  /// The clock jumps; the period in progress ends.
  void set_clock(Time now, Duration ahead);
  /// Whoever sits on the bus now belongs there (E6-4).
  void confirm_units(Time now);
  /// The contact input is closed or opened; open at a start.
  void set_contact_input(Time now, bool closed);

  bool welcomed() const { return session_.welcomed(); }
  const FaultWatch& faults() const { return faults_; }
  const std::optional<EvCommand>& command() const { return command_; }
  std::string_view energy_reason() const { return reason_; }
  const EnergySettings& settings() const { return settings_.values; }
  int units_answering() const;

  /// A period whose last polls do not come is closed without them.
  static constexpr Duration kSettle = std::chrono::seconds(3);  // two time-outs and a bit; default
  /// Units of one gateway are not asked in the same instant.
  static constexpr Duration kStagger = std::chrono::milliseconds(250);  // default
  /// Answers of two units that are no further apart describe the same situation.
  static constexpr Duration kSameMoment = std::chrono::seconds(1);

 private:
  struct Unit {
    Unit(const GatewayUnit& unit, core::ModbusPort& port, const UnitReader::Timing& timing)
        : reader(unit, port, timing) {}
    UnitReader reader;
    LinkWatch link;
    std::optional<Time> last_good;
    Readings known;  ///< of the last good poll; the reader's own are in progress
    EnergyMemory memory;
    CommandSchedule schedule;
    LimitSchedule limit;
    std::optional<double> charge_bound_w;  ///< as written last; nullopt: nobody knows what the unit has
  };

  Duration poll_period_of(UnitKind kind) const;
  bool is_fresh(const Unit& unit, Time now) const;
  UnitReader::Timing timing_of(const GatewayUnit& unit, size_t index, std::uint64_t seed) const;
  void restore();
  void on_progress(size_t index, UnitReader::Progress progress, Time now);
  void on_identified(size_t index, Time now);
  void on_polled(size_t index, Time now);
  void on_written(size_t index, Time now);
  void tell_of_units(Time now, std::vector<telemetry::Event>& events);
  void watch_link(Unit& unit, Time now, std::vector<telemetry::Event>& events);
  void watch_grid(bool was_lost, Time now, std::vector<telemetry::Event>& events);
  void manage_energy_after(const Unit& polled, Time now);
  void manage_energy(Unit& ev, Time now);
  void bound_charge(Unit& ev);
  EnergyInputs energy_inputs(const Unit& ev, Time now) const;
  void control_output(Unit& pv, Time now);
  std::optional<double> load_w(Time now) const;
  void adopt_settings(Unit& ev, Time now, std::vector<telemetry::Event>& events);
  void change_settings(Time now, const EnergySettings& wanted, std::string_view by,
                       std::vector<telemetry::Event>& events);

  void end_mode(Time now);

  UplinkSession::Handlers uplink_handlers();
  CommandDesk::Acts command_acts();
  std::optional<std::uint64_t> write_settings(Time now, const EnergySettings& wanted);
  bool keep_settings(Time now, const EnergySettings& wanted, std::uint64_t command_id);
  void set_poll_periods(Time now);
  void show_live(Time now);

  bool grid_lost() const { return faults_.active_anywhere(kOutage); }

  Time clock(Time now) const { return now + clock_ahead_; }
  std::int64_t stamp(Time now) const;
  bool may_sleep(const GatewayUnit& unit, Time now) const;

  bool period_is_over(Time now) const;
  void begin_period(Time start);
  void close_period(Time now);
  telemetry::Event& add_event(std::vector<telemetry::Event>& events, Time now, telemetry::EventKind kind,
                              std::uint32_t unit_no) const;
  bool record(Time now, std::vector<telemetry::Event>& events);
  void tell_of_drops(Time now);

  const GatewayConfig& config_;
  Spool& spool_;
  std::deque<Unit> units_;
  Aggregator aggregator_;
  FaultWatch faults_;
  VehicleWatch vehicles_;
  Inventory inventory_;
  UplinkSession session_;
  KeptSettings settings_;
  Unit* ev_ = nullptr;  ///< the first of its kind; nullptr: there is none
  CommandDesk desk_;
  LiveView live_;

  Duration clock_ahead_;
  bool contact_closed_ = false;
  telemetry::BootReason boot_reason_ = telemetry::BOOT_REASON_UNKNOWN;
  Time period_start_{};
  Time period_end_{};
  std::uint64_t dropped_known_ = 0;
  std::optional<std::uint64_t> mark_when_told_;

  std::optional<EvCommand> command_;
  std::string_view reason_;
  telemetry::Record record_;  ///< reused: its strings and repeats keep their memory
};

}  // namespace v2x::gateway
