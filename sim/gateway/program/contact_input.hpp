// The gateway's contact input (socContactInput): a file that says 1 while it is closed, such as a GPIO line's value in
// sysfs.
#pragma once

#include <filesystem>

#include "common/clock.hpp"

namespace v2x::gateway::program {

/// Belongs to the program's thread. Without a file it is open for ever; so is one that can't be read.
class ContactInput {
 public:
  explicit ContactInput(std::filesystem::path file) : file_(std::move(file)) {}

  /// Looks at it when that is due; true when it has been closed or opened since.
  bool changed(SteadyTime now);
  bool closed() const { return closed_; }

  static constexpr std::chrono::milliseconds kPeriod{1000};  ///< between looks; default

 private:
  std::filesystem::path file_;
  bool closed_ = false;
  SteadyTime next_{};
};

}  // namespace v2x::gateway::program
