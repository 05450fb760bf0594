// The file of v2x-gateway for the units and the service that run here.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "common/control.hpp"

namespace v2x::world {

/// Where the gateway finds what is not the simulator's.
struct GatewayService {
  std::string endpoint;
  std::string server_public_key;
  std::vector<std::filesystem::path> key_files;
  std::filesystem::path spool;
  bool brisk = false;  ///< polls each second, reports every 2 s, waits 5 s for an answer: for tests
};

/// Its text, for one site of a simulator's `hello` in realtime: every unit over TCP.
std::string gateway_file(const Json& site, const GatewayService& service);

}  // namespace v2x::world
