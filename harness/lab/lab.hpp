// `v2x lab`: devices of a world on the wall clock, for work on firmware, with a backend to talk to.
#pragma once

#include <atomic>
#include <filesystem>
#include <string>

#include "common/control.hpp"
#include "harness/scenario/world_file.hpp"

namespace v2x::lab {

struct LabOptions {
  std::filesystem::path world;
  std::filesystem::path programs;
  double speed = 1;
  int modbus_port = 1502;  // wire.md §2.3
  bool json = false;
  std::filesystem::path gateway_file;  ///< written for v2x-gateway, of the first site; empty: not wanted
  const std::atomic<bool>* interrupted = nullptr;
};

/// What a person (or, as JSON, a script) needs to connect: units with ports, the telemetry endpoint, pages, control.
Json describe(const Json& simulator_hello, const Json& backend_hello, const scenario::World& world,
              const std::filesystem::path& keys, const std::string& control);
std::string describe_for_people(const Json& description);

/// Runs until it is interrupted. Throws BadInput when a box can't be started; returns an Error when one dies.
Status run_lab(const LabOptions& options);

}  // namespace v2x::lab
