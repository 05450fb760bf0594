// The file of v2x-gateway: what the gateway is, where its service and its units are.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "common/yaml.hpp"
#include "sim/core/bus_line.hpp"
#include "sim/gateway/gateway_config.hpp"
#include "sim/gateway/program/service_line.hpp"
#include "sim/gateway/program/tcp_port.hpp"

namespace v2x::gateway::program {

/// Where a unit is found: on TCP, or on the serial line of that device.
struct UnitAddress {
  std::string text;           ///< for the log: "127.0.0.1:1502", "/dev/ttyUSB0"
  TcpAddress tcp;             ///< of size 0 when it is on a serial line
  std::string serial_device;  ///< empty when it is on TCP
};

struct ProgramConfig {
  GatewayConfig gateway;
  std::vector<UnitAddress> addresses;  ///< one for each of gateway.units
  std::map<std::string, core::SerialFormat> serial;
  ServiceAddress service;
  std::vector<CurveKeyPair> keys;
  std::filesystem::path spool;
  std::filesystem::path contact_input;                             ///< empty: there is none
  std::map<std::string, std::unique_ptr<core::RegisterMap>> maps;  ///< the units point into it
};

/// Relative paths count from the file's folder. Throws BadInput with file:line:column.
ProgramConfig read_program_config(const std::filesystem::path& file, const contracts::QuantityCatalogue& catalogue);

}  // namespace v2x::gateway::program
