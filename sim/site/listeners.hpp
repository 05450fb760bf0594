// Modbus listeners for masters outside of this process: TCP ports, a pseudo-terminal or a serial device per site.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "sim/core/modbus_server.hpp"
#include "sim/core/published_unit.hpp"
#include "sim/site/simulation.hpp"

namespace v2x::site {

/// Made and published by the kernel's thread.
class Listeners {
 public:
  /// Lets the listeners' thread act in the kernel, and waits for it: nothing else acts there meanwhile.
  using OnKernel = std::function<void(const std::function<void()>& act)>;
  struct Address {
    int tcp_port = 0;
    std::string pty;  ///< or serial device
  };

  /// When the listeners' thread gets what the registers are: after each instant and every second, or only when
  /// publish() is called, which costs a simulation in lockstep nothing.
  enum class Refresh { always, on_demand };

  /// Ports from `first_port` on (0: any free ones): one per site, or one per unit where the world says so.
  Listeners(Simulation& simulation, OnKernel on_kernel, std::uint16_t first_port, Refresh refresh);

  /// Gives the listeners' thread what the registers are now, if anything changed.
  void publish();
  /// By index of site and of unit on its bus.
  const Address& address(size_t site, size_t unit) const { return addresses_[site][unit]; }

 private:
  struct Unit {
    Site* site;
    size_t index;
    std::uint64_t published_revision;
    std::unique_ptr<core::PublishedUnit> unit;
  };
  void open(Site& site, std::uint16_t& next_port);
  core::ModbusException write(Site& site, size_t index, size_t published, std::uint16_t first,
                              std::span<const std::uint16_t> values);
  static void publish(Unit& unit);

  OnKernel on_kernel_;
  std::vector<Unit> units_;
  std::vector<std::vector<Address>> addresses_;
  core::ModbusServer server_;  // last: its thread ends first
};

}  // namespace v2x::site
