// A child process: started, watched, ended by its id.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace v2x::world {

/// How a process ended.
struct Exit {
  int code = 0;        ///< exit code; -1 when a signal ended it
  std::string signal;  ///< "SIGKILL"; empty when it exited by itself

  std::string text() const;  ///< "exit code 2", "SIGKILL"
};

/// Owns the child: it is killed when this object goes, and when the thread that started it ends. Its process group is
/// its own, so that Ctrl-C reaches the harness alone. Belongs to one thread.
class Process {
 public:
  /// Runs `command` (program and arguments) with stdout and stderr appended to files. Throws BadInput when the program
  /// cannot be started.
  Process(const std::vector<std::string>& command, const std::filesystem::path& out, const std::filesystem::path& err);
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  /// The end, once it is there.
  const std::optional<Exit>& exited();
  /// Waits for the end; nullopt when it didn't come within the wall-clock `timeout`.
  std::optional<Exit> wait(std::chrono::milliseconds timeout);
  void signal(int number);
  pid_t id() const { return pid_; }

 private:
  pid_t pid_ = -1;
  int watch_ = -1;  ///< pidfd: readable when the process has ended
  std::optional<Exit> exit_;
};

}  // namespace v2x::world
