// The process behind `--via browser`: Debian's chromedriver, which starts a Chromium per person.
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
  /// `profiles` gets a directory for each Chromium.
  Chromedriver(int port, std::filesystem::path logs, std::filesystem::path profiles)
      : port_(port), logs_(std::move(logs)), profiles_(std::move(profiles)) {}

  /// Waits until it takes sessions. Throws BadInput when it is not installed.
  Status start(std::chrono::milliseconds patience);
  /// SIGTERM; an Error when it is still there after the patience. Nothing when it doesn't run.
  Status stop(std::chrono::milliseconds patience);
  void kill() { process_.reset(); }
  /// How it ended although nobody wanted it to; nullopt when it didn't.
  std::optional<std::string> died_unasked();

  int port() const { return port_; }
  const std::filesystem::path& profiles() const { return profiles_; }

 private:
  int port_;
  std::filesystem::path logs_;
  std::filesystem::path profiles_;
  std::unique_ptr<Process> process_;  ///< null while it is not wanted
};

}  // namespace v2x::world
