// `v2x conform gateway`: runs the cases against one gateway and leaves a run with its report, like any other.
#pragma once

#include <atomic>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "harness/conform/owner.hpp"
#include "harness/run/run.hpp"

namespace v2x::conform {

struct SuiteOptions {
  std::vector<std::string> cases;  ///< names; none: all
  std::filesystem::path world = "scenarios/worlds/firmware_desk.yaml";
  bool run_own = false;                          ///< v2x-gateway is the gateway, its owner is the suite
  std::vector<std::string> hooks;                ///< "reboot=COMMAND"
  std::vector<std::string> accepted_keys;        ///< public keys of the gateway beside the one that is made for it
  std::filesystem::path keys = "./var/conform";  ///< server.key and gateway.key, kept for the next run
  int telemetry_port = 5570;                     ///< wire.md §2.3
  int modbus_port = 1502;                        ///< wire.md §2.3
  int patience_s = 90;
  std::filesystem::path results;
  std::filesystem::path programs;
  std::vector<std::string> command;
  bool json = false;
  const std::atomic<bool>* interrupted = nullptr;
};

/// Throws BadInput for an unknown case or hook, or a port that is taken.
run::ExitCode run_suite(const SuiteOptions& options);

}  // namespace v2x::conform
