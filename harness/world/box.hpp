// A program under the harness's control: its process and its control socket.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/control.hpp"
#include "harness/world/process.hpp"

namespace v2x::world {

/// Wall-clock limits of the bench: a box that needs longer is an error, never a verdict on the product.
struct Patience {
  std::chrono::milliseconds start{30'000};     // default: from exec to the first answer
  std::chrono::milliseconds call{60'000};      // default: a control verb that moves no time
  std::chrono::milliseconds advance{600'000};  // default: a control verb that simulates
  std::chrono::milliseconds stop{10'000};      // default: from SIGTERM to the end
};

/// Belongs to one thread. Errors have the code "bench" when the box is broken or gone, else the box's own code.
class Box {
 public:
  struct Options {
    std::string name;                  ///< "backend": names its logs, too
    std::vector<std::string> command;  ///< program and arguments, with --control
    std::string control;               ///< the endpoint
    std::filesystem::path logs;
    Patience patience;
  };
  Box(const MessagingContext& context, Options options) : context_(context), options_(std::move(options)) {}

  void launch();
  /// Launches it and waits until it answers `hello`, whose answer it returns.
  Result<Json> start();
  Result<Json> call(const std::string& verb, Json arguments, std::optional<std::chrono::milliseconds> deadline = {});
  /// SIGTERM; an Error when it is still there after the patience, or ends with another code than 0.
  Status stop();
  void kill();

  bool running() { return process_ && !process_->exited(); }
  /// Of a box that was launched and not stopped since, whether it lives or not.
  pid_t id() const { return process_->id(); }
  /// From now on its death by itself is asked for (a crash at a named point).
  void ask_crash() { crash_asked_ = true; }
  /// Whether it died as it was asked to; then it can be started again. Waits for its end: its connection is gone.
  bool crashed_as_asked();
  /// How it ended although nobody wanted it to; nullopt when it didn't.
  std::optional<std::string> died_unasked();
  const std::string& name() const { return options_.name; }
  const std::string& control() const { return options_.control; }
  std::filesystem::path log() const { return options_.logs / (options_.name + ".log"); }
  /// Lines of the log whose level is error.
  std::vector<std::string> error_lines() const;
  /// The log's last line, for an Error.
  std::string last_words() const;

 private:
  const MessagingContext& context_;
  Options options_;
  std::unique_ptr<Process> process_;  ///< null while it is not wanted
  std::unique_ptr<ControlClient> client_;
  bool crash_asked_ = false;
};

}  // namespace v2x::world
