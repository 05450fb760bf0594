// Programs that a bench starts and measures: their end and their CPU time.
#pragma once

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace v2x::bench {

/// Ended with SIGTERM when it goes.
class BenchProcess {
 public:
  explicit BenchProcess(const std::vector<std::string>& command) {
    std::vector<char*> words;
    for (const std::string& word : command) words.push_back(const_cast<char*>(word.c_str()));
    words.push_back(nullptr);
    if (::posix_spawnp(&pid_, words[0], nullptr, nullptr, words.data(), environ) != 0) {
      std::fprintf(stderr, "%s cannot be started\n", words[0]);
      std::exit(3);
    }
  }
  ~BenchProcess() {
    ::kill(pid_, SIGTERM);
    ::waitpid(pid_, nullptr, 0);
  }
  BenchProcess(const BenchProcess&) = delete;
  BenchProcess& operator=(const BenchProcess&) = delete;

  /// Time that all its threads have spent on a CPU so far; /proc/PID/stat would count in steps of 10 ms.
  double cpu_s() const {
    double all_ns = 0;
    for (const auto& task : std::filesystem::directory_iterator("/proc/" + std::to_string(pid_) + "/task")) {
      double ns = 0;
      if (std::ifstream(task.path() / "schedstat") >> ns) all_ns += ns;
    }
    return all_ns / 1e9;
  }

 private:
  pid_t pid_ = -1;
};

}  // namespace v2x::bench
