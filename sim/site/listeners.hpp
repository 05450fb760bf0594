// Realtime: Modbus TCP listeners for masters outside of this process.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "sim/core/door.hpp"
#include "sim/core/modbus_tcp_server.hpp"
#include "sim/core/published_unit.hpp"
#include "sim/site/simulation.hpp"

namespace v2x::site {

/// One port per site from `first_port` on, all units of the site behind it. Made and published by the kernel's thread.
class Listeners {
 public:
  Listeners(Simulation& simulation, core::Door& door, std::uint16_t first_port);

  /// Gives the listeners' threads what the registers are now, if anything changed. After each instant.
  void publish();

 private:
  struct Unit {
    Site* site;
    size_t index;
    std::uint64_t published_revision;
    std::unique_ptr<core::PublishedUnit> unit;
  };

  std::vector<Unit> units_;
  std::vector<std::unique_ptr<core::ModbusTcpServer>> servers_;
};

}  // namespace v2x::site
