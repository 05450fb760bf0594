// Backends with some roles behind shared stores, as processes that can be killed.
#pragma once

#include <fmt/format.h>

#include <memory>
#include <string>
#include <vector>

#include "common/scratch_directory.hpp"
#include "harness/world/box.hpp"
#include "harness/world/port_block.hpp"
#include "tests/paths.hpp"

namespace v2x::test {

/// One v2x-backend on the wall clock; its ports stay its own over restarts.
class Node {
 public:
  Node(const MessagingContext& context, const ScratchDirectory& scratch, const std::string& name,
       const std::vector<std::string>& stores, const std::string& roles = "")
      : box_(context, {name, command(scratch, name, stores, roles), control(scratch, name), scratch.path(), {}}) {}

  /// Starts it, also after it was killed. Its `hello`.
  Result<Json> start() {
    auto hello = box_.start();
    if (hello) server_key_ = hello->value("server_public_key", "");
    return hello;
  }
  world::Box& box() { return box_; }
  std::string telemetry() const { return fmt::format("tcp://127.0.0.1:{}", ports_.port(0)); }
  int metrics_port() const { return ports_.port(1); }
  const std::string& server_key() const { return server_key_; }

 private:
  static std::string control(const ScratchDirectory& scratch, const std::string& name) {
    return "ipc://" + (scratch.path() / (name + ".ctl")).string();
  }
  std::vector<std::string> command(const ScratchDirectory& scratch, const std::string& name,
                                   const std::vector<std::string>& stores, const std::string& roles) const {
    std::vector<std::string> words{in_programs("v2x-backend"),
                                   "--data",
                                   (scratch.path() / "data").string(),
                                   "--http-port",
                                   std::to_string(ports_.port(2)),
                                   "--telemetry-port",
                                   std::to_string(ports_.port(0)),
                                   "--metrics-port",
                                   std::to_string(ports_.port(1)),
                                   "--smtp",
                                   "127.0.0.1:1",
                                   "--control",
                                   control(scratch, name)};
    words.insert(words.end(), stores.begin(), stores.end());
    if (!roles.empty()) words.insert(words.end(), {"--roles", roles});
    return words;
  }

  world::PortBlock ports_{world::PortBlock::default_locks()};
  world::Box box_;
  std::string server_key_;
};

}  // namespace v2x::test
