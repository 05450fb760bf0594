// What a process and its children cost: CPU time, memory, the busiest thread; and what the rest of the machine did.
#pragma once

#include <sys/types.h>

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "common/clock.hpp"

namespace v2x::bench {

/// From the beginning of a measurement to each reading of it. Reads /proc. Belongs to one thread. CPU time of threads
/// that have ended meanwhile is not seen; servers under load keep theirs.
class ProcessMeter {
 public:
  enum class Whom { process, family };
  /// `pid`, or it and its descendants.
  ProcessMeter(pid_t pid, Whom whom);

  double cpu_s() const;
  std::uint64_t rss_bytes() const;
  /// Name of the busiest thread and the share of one core that it had.
  std::pair<std::string, double> busiest_thread() const;
  /// {"cpu_s", "rss_bytes", "busiest_thread", "busiest_share"}
  nlohmann::json summary() const;

 private:
  struct Thread {
    std::string name;
    double cpu_s = 0;
  };
  std::vector<pid_t> pids() const;
  std::map<std::string, Thread> threads() const;  ///< by "pid/tid"

  pid_t pid_;
  Whom whom_;
  SteadyTime began_;
  std::map<std::string, Thread> before_;
};

/// Cores that were busy on average since the meter was made, on the whole machine.
class MachineMeter {
 public:
  MachineMeter();
  double busy_cores() const;
  static int cores();

 private:
  SteadyTime began_;
  double before_s_;
};

}  // namespace v2x::bench
