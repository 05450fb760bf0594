// The gateway as its surroundings see it: switched on and off, asked when it wants to be woken, told what arrives.
#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "contracts/fault_catalogue.hpp"
#include "contracts/quantity_catalogue.hpp"
#include "sim/core/quantity_table.hpp"
#include "sim/gateway/running_gateway.hpp"

namespace v2x::gateway {

/// Event-driven, without thread, kernel or clock: the same code runs in virtual time and on the wall clock. After each
/// call next_wake() is to be asked again. While it is off, everything is ignored; the spool keeps what a power loss
/// leaves. Belongs to one thread.
class Gateway {
 public:
  /// `seed` only staggers polls. The catalogues and all ports outlive the gateway.
  Gateway(GatewayConfig config, GatewayPorts ports, const contracts::QuantityCatalogue& quantities,
          const contracts::FaultCatalogue& faults, std::uint64_t seed);
  ~Gateway();

  /// Also while it is on: memory is lost, the spool stays. The surroundings then connect it again.
  void boot(Time now, telemetry::BootReason reason);
  void power_off(Time now);
  bool powered() const { return running_ != nullptr; }
  bool welcomed() const { return running_ && running_->welcomed(); }

  /// Its own clock is that far ahead of service time from now on; also while it is off.
  void set_clock(Time now, Duration ahead);
  /// Somebody confirms that the units on the bus belong there.
  void confirm_units(Time now);
  /// Its contact input is closed (socContactInput) or open; also while it is off.
  void set_contact_input(Time now, bool closed);

  std::optional<Time> next_wake() const;
  void wake(Time now);
  /// Reply bytes are pending on the port of this unit (index into GatewayConfig::units).
  void on_reply(size_t unit, Time now);
  void on_downlink(Time now, std::string_view frame);
  void on_connected(Time now);
  void on_disconnected(Time now);

  const GatewayConfig& config() const { return config_; }
  const core::QuantityTable& quantities() const { return table_; }
  StreamLedger ledger() const { return ports_.spool.ledger(); }

 private:
  struct Slots;
  void publish();

  GatewayConfig config_;
  GatewayPorts ports_;
  const contracts::FaultCatalogue& faults_;
  std::uint64_t seed_;
  std::uint64_t boots_ = 0;
  Duration clock_ahead_{};
  bool contact_closed_ = false;
  bool line_up_ = false;  ///< to the service, as far as the surroundings told
  core::QuantityTable table_;
  std::unique_ptr<const Slots> slots_;
  std::unique_ptr<RunningGateway> running_;
};

}  // namespace v2x::gateway
