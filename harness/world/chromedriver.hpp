// The process behind `--via browser`: Debian's chromedriver, which starts Chromiums.
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "common/result.hpp"
#include "harness/world/process.hpp"

namespace v2x::world {

/// Belongs to one thread. Every Chromium ends with its chromedriver, however that ends.
class Chromedriver {
 public:
  Chromedriver(int port, std::filesystem::path logs) : port_(port), logs_(std::move(logs)) {}

  /// Waits until it takes sessions. Throws BadInput when it is not installed.
  Status start(std::chrono::milliseconds patience);
  /// SIGTERM; an Error when it is still there after the patience. Nothing when it doesn't run.
  Status stop(std::chrono::milliseconds patience);
  void kill() { process_.reset(); }
  /// How it ended although nobody wanted it to; nullopt when it didn't.
  std::optional<std::string> died_unasked();

  int port() const { return port_; }
  bool runs() const { return process_ != nullptr; }

 private:
  int port_;
  std::filesystem::path logs_;
  std::unique_ptr<Process> process_;  ///< null while it is not wanted
};

}  // namespace v2x::world
