#include "harness/world/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

extern "C" {  // glibc 2.36's header forgets it
#include <sys/pidfd.h>
}

#include "common/bad_input.hpp"

namespace v2x::world {
namespace {

constexpr int kCannotStart = 127;  // as shells say it

int open_log(const std::filesystem::path& file) {
  const int fd = open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (fd < 0) throw BadInput(file.string() + ": cannot be written, expected a place for a log");
  return fd;
}

/// Between fork and exec: only what is safe there (signal-safety(7)).
[[noreturn]] void become(char* const* arguments, int out, int err, pid_t parent) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(kCannotStart);  // the parent died before the line above
  setpgid(0, 0);
  dup2(out, STDOUT_FILENO);
  dup2(err, STDERR_FILENO);
  execv(arguments[0], arguments);
  _exit(kCannotStart);
}

Exit to_exit(int status) {
  if (WIFSIGNALED(status)) return {-1, std::string("SIG") + sigabbrev_np(WTERMSIG(status))};
  return {WEXITSTATUS(status), {}};
}

}  // namespace

std::string Exit::text() const {
  return signal.empty() ? "exit code " + std::to_string(code) : signal;
}

Process::Process(const std::vector<std::string>& command, const std::filesystem::path& out,
                 const std::filesystem::path& err) {
  if (access(command.front().c_str(), X_OK) != 0)
    throw BadInput(command.front() + ": is not there, expected a program");
  std::vector<char*> arguments;
  for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  const int out_fd = open_log(out);
  const int err_fd = open_log(err);
  const pid_t parent = getpid();
  pid_ = fork();
  if (pid_ == 0) become(arguments.data(), out_fd, err_fd, parent);
  close(out_fd);
  close(err_fd);
  if (pid_ < 0) throw BadInput(command.front() + ": cannot be started, expected free processes");
  watch_ = pidfd_open(pid_, 0);
}

Process::~Process() {
  if (!exited()) {
    signal(SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  close(watch_);
}

const std::optional<Exit>& Process::exited() {
  int status = 0;
  if (!exit_ && waitpid(pid_, &status, WNOHANG) == pid_) exit_ = to_exit(status);
  return exit_;
}

std::optional<Exit> Process::wait(std::chrono::milliseconds timeout) {
  if (exited()) return exit_;
  pollfd end{watch_, POLLIN, 0};
  poll(&end, 1, static_cast<int>(timeout.count()));
  return exited();
}

void Process::signal(int number) {
  if (!exited()) kill(pid_, number);
}

}  // namespace v2x::world
