// How the bus of a site is wired: `bus:` of a world file.
#pragma once

#include <string>

#include "common/yaml.hpp"
#include "sim/core/bus_line.hpp"
#include "sim/core/tcp_endpoint.hpp"

namespace v2x::site {

struct BusConfig {
  core::BusOptions tcp;  ///< seed and owner are filled in by who opens the bus
  core::BusOptions rtu;
  core::TcpEndpoint::Options port;  ///< its number is filled in by who listens
  bool port_per_unit = false;       ///< one TCP port for every unit instead of one for the site
  std::string serial_device;        ///< RTU goes out there too; empty: over a pseudo-terminal
  core::UnitHabits habits;

  BusConfig();
};

/// Throws BadInput with its place.
BusConfig read_bus(const yaml::Node& node);

}  // namespace v2x::site
